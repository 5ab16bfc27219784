// How each line of a plan stands to its outcomes, needs and budget, and whether its money may buy it at all.
#pragma once

#include "absl/status/status.h"
#include "common/explain/trace.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// Adds PLAN-LINE-... and PLAN-BUDGET-... where lines do not stand. NO_RATE where a care-home line needs a
// limit that has no row; OUT_OF_RANGE (MONEY_OVERFLOW).
absl::Status CheckLines(const v1::Plan& plan, const BudgetFacts& budget, const PlanPolicy& policy,
                        absl::CivilDay today, explain::Refusal& gaps);

}  // namespace ipb::careplanning
