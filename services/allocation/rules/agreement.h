// Agreeing a budget with the plan that all funders approved: from an estimate to the amount that is paid.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/allocation/rules/budget.h"

namespace ipb::allocation {

// Makes the agreed budget from facts.budget, which must be INDICATIVE and is superseded, and from the plan's
// amounts. The agreed budget that it revises is superseded from the day before its first day, and what is
// owed otherwise for live days that have passed is told in adjustments, of the person refunds only. With an
// urgent need, council money needs neither determination nor financial assessment yet; what lacks either ends
// with the interim plan (Care Act 2014 s19(3)). Errors: WRONG_STATE; INVALID_ARGUMENT for amounts that do not
// match the components one to one, or are of the wrong kind; FAILED_PRECONDITION listing every rule not met:
// a departure without reasons, a basis not determined, an incomplete explanation, means not assessed, a
// reduction without evidence, funders that may not share, a determination that does not stand, or a budget to
// revise that does not; NO_RATE without a convention of weeks in the local policy; OUT_OF_RANGE where a sum
// does not fit.
absl::StatusOr<BudgetDecision> DecideAgreeBudget(const BudgetFacts& facts,
                                                 const v1::AgreeBudgetRequest& request,
                                                 const Policies& policies, absl::CivilDay today);

// The budget that this very request made before: agreed from facts.budget with the same plan, amounts and
// first day. Null if none. Asking again for what was done is no error, whatever has happened to the agreed
// budget since.
const v1::Budget* AgreedBefore(const BudgetFacts& facts, const v1::AgreeBudgetRequest& request);

// The organisation by whose local policy the year of an agreed budget is counted: the council whose money is
// in it, so that it is the same whoever agrees last; the decider's where there is none.
std::string WeeksDecidedBy(const v1::Budget& budget, absl::string_view decider);

}  // namespace ipb::allocation
