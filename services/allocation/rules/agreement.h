// Agreeing a budget with the plan that all funders approved: from an estimate to the amount that is paid.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/allocation/rules/budget.h"

namespace ipb::allocation {

// Makes the agreed budget from facts.budget, which must be INDICATIVE and is superseded, and from the plan's
// amounts. The agreed budget that it revises is superseded from the day before its first day. Errors:
// WRONG_STATE; INVALID_ARGUMENT for amounts that do not match the components one to one, or are of the wrong
// kind; FAILED_PRECONDITION listing every rule not met: a departure without reasons, no determination, an
// incomplete explanation, means not assessed, a reduction without evidence, funders that may not share;
// NO_RATE without a convention of weeks in `local`.
absl::StatusOr<BudgetDecision> DecideAgreeBudget(const BudgetFacts& facts,
                                                 const v1::AgreeBudgetRequest& request,
                                                 const v1::AllocationPolicy& local, absl::CivilDay today);

}  // namespace ipb::allocation
