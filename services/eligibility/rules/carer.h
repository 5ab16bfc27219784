// The test of a carer's needs (SI 2015/313 reg 3).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/carer.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"

namespace ipb::eligibility {

// Whether the three conditions are met, by the policy of `day`, the day of the assessment.
// What the evidence lacks or contradicts is added to `refusal`; the finding is then without meaning.
// FAILED_PRECONDITION "no rate for" where policy has no row for the day.
absl::StatusOr<v1::CarerFinding> EvaluateCarer(const v1::CarerEvidence& evidence,
                                               const v1::EligibilityPolicy& policy, absl::CivilDay day,
                                               explain::Refusal& refusal, explain::Trace& trace);

}  // namespace ipb::eligibility
