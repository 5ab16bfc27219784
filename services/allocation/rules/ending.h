// Ending funding: nobody is left without money by a decision of one body (National Framework 2022; Care Act
// 2014 s37).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/allocation/rules/budget.h"

namespace ipb::allocation {

// The name of the budget that ends with facts.budget on a day: of those that follow from the same agreed one,
// the one that holds on it. Empty where none does.
std::string EndsOn(const BudgetFacts& facts, absl::CivilDay last_day);

// Ends facts.budget, which must be AGREED, on the request's last day; where a change of it is to begin later,
// the one that holds on that day ends, and what would have followed never holds. Death needs the death on
// record and no successor. Any other end of live money needs a successor: another agreed live budget that is
// in effect from the next day at the latest and goes on. A shadow budget pays nothing and may simply end.
// What was owed by a live one for days after the last that have passed is told in its adjustments. Errors:
// WRONG_STATE; INVALID_ARGUMENT for a last day before the first, a decision dated after today, or a successor
// with another reason; FAILED_PRECONDITION listing every rule not met; OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<BudgetDecision> DecideEndFunding(const BudgetFacts& facts,
                                                const v1::EndFundingRequest& request, absl::CivilDay today);

}  // namespace ipb::allocation
