// Requests to eligibility that nothing but the state of things can refuse.
#pragma once

#include <string>

#include "ipb/v1/eligibility_service.pb.h"

namespace ipb::eligibility {

// A joint assessment that meets the Care Act test and may indicate a primary health need.
v1::AssessmentEvidence WholeEvidence();

v1::ReceiveRequestRequest Asking(const std::string& person, v1::SupportRequest::Kind kind);
v1::RecordAssessmentRequest Assessing(const std::string& person, const v1::AssessmentEvidence& evidence);
// With reasons.
v1::RecordRecommendationRequest Recommending(const std::string& person, v1::EligibilityRegime regime,
                                             const std::string& assessment, v1::EligibilityOutcome outcome);

}  // namespace ipb::eligibility
