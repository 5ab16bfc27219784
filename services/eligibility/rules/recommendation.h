// Recommending: those who assessed say what they would decide, and nobody is eligible by it (Care Act 2014
// s13; SI 2012/2996 reg 21; National Framework, July 2022).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/eligibility_service.pb.h"
#include "services/eligibility/rules/determination.h"

namespace ipb::eligibility {

// A determination in state RECOMMENDED. Facts need person, caller_kind, by, new_name, others, the named
// assessment. FAILED_PRECONDITION with every rule that refuses: see EligibilityService.RecordRecommendation.
absl::StatusOr<DeterminationDecision> DecideRecommendation(const DeterminationFacts& facts,
                                                           const v1::RecordRecommendationRequest& request,
                                                           const v1::EligibilityPolicy& policy,
                                                           absl::CivilDay today);

}  // namespace ipb::eligibility
