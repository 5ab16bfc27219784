// Ending funding: nobody is left without money by a decision of one body (National Framework 2022; Care Act
// 2014 s37).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/allocation/rules/budget.h"

namespace ipb::allocation {

// Ends facts.budget, which must be AGREED, on the request's last day. Death needs the death on record and no
// successor. Any other end of live money needs a successor: another agreed live budget that is in effect from
// the next day at the latest and goes on. A shadow budget pays nothing and may simply end. Errors:
// WRONG_STATE; INVALID_ARGUMENT for a last day before the first, a decision dated after today, or a successor
// with another reason; FAILED_PRECONDITION listing every rule not met.
absl::StatusOr<BudgetDecision> DecideEndFunding(const BudgetFacts& facts,
                                                const v1::EndFundingRequest& request, absl::CivilDay today);

}  // namespace ipb::allocation
