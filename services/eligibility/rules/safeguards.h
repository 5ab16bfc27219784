// What must be on record before eligibility is withdrawn: no unilateral withdrawal (National Framework for
// NHS Continuing Healthcare), and involvement before a council ends what it does (Care Act 2014 s27).
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "services/eligibility/rules/decider.h"

namespace ipb::eligibility {

// A determination under which the person is eligible and that stops.
struct Withdrawal {
  const v1::Determination& withdrawn;
  const v1::WithdrawalSafeguards& safeguards;
  // The last day on which it holds, the day on which that was decided, and the day of the call.
  absl::CivilDay last_day;
  absl::CivilDay decided;
  absl::CivilDay today;
};

// Adds to `refusal` whatever is missing before the determination stops after the last day: a reassessment
// since, the person consulted; where the NHS and a council both have a part in it, a joint reassessment and
// the other body consulted; and, where funding would lapse, a successor in effect on the day after; and no
// dispute of the other body is open. It stops no earlier than the day of the decision. After-care stops by a
// decision of both bodies, after written notice where the law of its last day wants that. Says in `trace`
// what is on record. "No rate for" where policy has no law of after-care for the last day.
absl::Status CheckWithdrawal(const DeterminationFacts& facts, const Withdrawal& withdrawal,
                             const v1::EligibilityPolicy& policy, explain::Refusal& refusal,
                             explain::Trace& trace);

// Whether an accepted responsibility of another body than decided, of the same sector as the regime's
// deciders, is in effect on the day. Who succeeded the one that decided is not another.
bool AnotherIsResponsible(const DeterminationFacts& facts, const v1::Determination& determination,
                          absl::CivilDay day);

}  // namespace ipb::eligibility
