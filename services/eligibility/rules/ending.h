// What follows a decision: telling the person, and ending it.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/eligibility_service.pb.h"
#include "services/eligibility/rules/determination.h"

namespace ipb::eligibility {

// The determination in state NOTIFIED, or, where it ended or was superseded before the person was told, as it
// is. Facts need caller_kind and determination. FAILED_PRECONDITION where it is not decided or the person was
// told, the letter is dated before the decision or in the future, or information and advice are missing (Care
// Act 2014 s13(5)).
absl::StatusOr<DeterminationDecision> DecideNotification(const DeterminationFacts& facts,
                                                         const v1::NotifyDeterminationRequest& request,
                                                         absl::CivilDay today);

// The determination in state ENDED. Facts need person, caller_kind, by, determination, others and the
// assessment that the safeguards name. FAILED_PRECONDITION with every rule that refuses: see
// EligibilityService.EndDetermination; "no rate for" where policy has no law of after-care for the last day.
absl::StatusOr<DeterminationDecision> DecideEnding(const DeterminationFacts& facts,
                                                   const v1::EndDeterminationRequest& request,
                                                   const v1::EligibilityPolicy& policy, absl::CivilDay today);

}  // namespace ipb::eligibility
