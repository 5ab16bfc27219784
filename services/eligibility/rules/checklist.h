// The checklist for NHS continuing healthcare (SI 2012/2996 reg 21(2); NHS Continuing Healthcare Checklist,
// July 2022).
#pragma once

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/continuing_healthcare.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"

namespace ipb::eligibility {

// Whether a full assessment is required, by the policy of the checklist's own date.
// What the evidence lacks or contradicts is added to `refusal`; the finding is then without meaning.
// FAILED_PRECONDITION "no rate for" where policy has no rows for the day.
absl::StatusOr<v1::ChecklistFinding> EvaluateChecklist(const v1::ChecklistEvidence& evidence,
                                                       const v1::EligibilityPolicy& policy,
                                                       explain::Refusal& refusal, explain::Trace& trace);

// Whether a checklist may be left out for the reason that the evidence gives, by the policy of the
// assessment's day. What does not fit is added to `refusal`. Evidence without such a reason is left alone.
void CheckWaiver(const v1::AssessmentEvidence& evidence, const v1::EligibilityPolicy& policy,
                 explain::Refusal& refusal, explain::Trace& trace);

}  // namespace ipb::eligibility
