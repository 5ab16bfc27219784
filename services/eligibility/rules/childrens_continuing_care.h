// Continuing care of children and young people (National Framework, January 2016).
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"

namespace ipb::eligibility {

// What the levels say, by the policy of the tool's own date. The evidence must have the children's part. What
// it lacks or contradicts is added to `refusal`; the finding is then without meaning. FAILED_PRECONDITION "no
// rate for" where policy has no rows for the day.
absl::StatusOr<v1::ChildrensContinuingCareFinding> EvaluateChildrensContinuingCare(
    const v1::AssessmentEvidence& evidence, const v1::EligibilityPolicy& policy, explain::Refusal& refusal,
    explain::Trace& trace);

// Adds to `refusal` where consent was not given by whoever can give it at the child's age of that day.
// FAILED_PRECONDITION "no rate for" where policy has no row for the day.
absl::Status CheckConsent(const v1::ChildConsent& consent, absl::CivilDay birth,
                          const v1::EligibilityPolicy& policy, explain::Refusal& refusal);

}  // namespace ipb::eligibility
