// What the rules tell the regimes apart by: whose they are, for whom, and which part of an assessment is
// theirs.
#pragma once

#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/determination.pb.h"

namespace ipb::eligibility {

// Whether the council decides under the regime: the Care Act, for adults and for carers.
bool IsOfCouncil(v1::EligibilityRegime regime);

// Whether the regime is for people of 18 or more.
bool IsForAdults(v1::EligibilityRegime regime);

// Whether the regime is for people below 18.
bool IsForChildren(v1::EligibilityRegime regime);

// Whether the evidence reassesses the needs of a determination under the regime.
bool HasPartFor(v1::EligibilityRegime regime, const v1::AssessmentEvidence& evidence);

}  // namespace ipb::eligibility
