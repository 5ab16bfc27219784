// What the findings of an assessment say about a regime. They inform those who recommend, and decide nothing.
#pragma once

#include "absl/status/statusor.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/determination.pb.h"

namespace ipb::eligibility {

// FAILED_PRECONDITION where the assessment has no part that says something: a positive checklist, for one,
// says only that a full assessment is required.
absl::StatusOr<v1::EligibilityIndication> Indication(v1::EligibilityRegime regime,
                                                     const v1::Assessment& assessment);

}  // namespace ipb::eligibility
