// What the rules tell the regimes apart by: whose they are, for whom, and which part of an assessment is
// theirs.
#pragma once

#include <vector>

#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/support_request.pb.h"

namespace ipb::eligibility {

// Whether the council decides under the regime: the Care Act, for adults and for carers.
bool IsOfCouncil(v1::EligibilityRegime regime);

// Whether the regime is for people of 18 or more.
bool IsForAdults(v1::EligibilityRegime regime);

// Whether the regime is for people below 18.
bool IsForChildren(v1::EligibilityRegime regime);

// The regime under which a request of the kind is answered; unspecified where it can be any, or none.
v1::EligibilityRegime RegimeOf(v1::SupportRequest::Kind kind);

// The regimes that evidence has a part for, in their order.
std::vector<v1::EligibilityRegime> RegimesOf(const v1::AssessmentEvidence& evidence);

// Whether the evidence reassesses the needs of a determination under the regime. A fast track does not: it is
// decided on at once, by adults' or children's rules.
bool HasPartFor(v1::EligibilityRegime regime, const v1::AssessmentEvidence& evidence);

}  // namespace ipb::eligibility
