// Whether a plan is complete: one merged list, of which the council's part applies where council money pays
// and the health budget's part where NHS money does; an interim plan has a short list of its own.
#pragma once

#include "absl/status/statusor.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// What is missing, and which lists were applied.
struct PlanCheck {
  explain::Refusal gaps;
  explain::Trace trace;
};

// Everything that keeps the plan from being proposed, in the order of the plan. Lines are read with the
// shares that the budget gives them. NO_RATE where a limit that the plan needs has no row; OUT_OF_RANGE
// (MONEY_OVERFLOW).
absl::StatusOr<PlanCheck> CheckPlan(const v1::Plan& plan, const BudgetFacts& budget, const PlanPolicy& policy,
                                    absl::CivilDay today);

// Whether a text says nothing.
bool IsBlank(absl::string_view text);

}  // namespace ipb::careplanning
