// The money of a plan: whose it is, how much, and how its lines stand against the budget.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// A cost by the week and a cost once.
struct Cost {
  int64_t weekly_pence = 0;
  int64_t one_off_pence = 0;
  friend bool operator==(const Cost&, const Cost&) = default;
};

// The component of that id; null where the budget has none.
const ComponentFacts* FindComponent(const BudgetFacts& budget, absl::string_view component_id);

// The line of that id; null where the plan has none.
const v1::PlanLine* FindLine(const v1::Plan& plan, absl::string_view line_id);

// Writes whose money each line is, as its component of the budget has it; a line of no component is nobody's.
void CopyShares(v1::Plan& plan, const BudgetFacts& budget);

// The organisations that fund the plan's lines, each once, in the order of the lines.
std::vector<std::string> Funders(const v1::Plan& plan);

// Whether an organisation of a kind funds any line; with `direct_payment_only`, any direct-payment line.
bool HasMoneyOf(const v1::Plan& plan, v1::CallerKind kind, const PlanPolicy& policy, absl::CivilDay day,
                bool direct_payment_only = false);

// Whether the organisation funds part of the line.
bool Funds(const v1::PlanLine& line, absl::string_view organisation);

// Whether any line's money is held as a direct payment.
bool HasDirectPayment(const v1::Plan& plan);

// What the direct-payment lines cost. OUT_OF_RANGE (MONEY_OVERFLOW).
absl::StatusOr<Cost> DirectPaymentCost(const v1::Plan& plan);

// What the lines of one component cost. OUT_OF_RANGE (MONEY_OVERFLOW).
absl::StatusOr<Cost> CostOfComponent(const v1::Plan& plan, absl::string_view component_id);

// One organisation's part of all lines, each split by largest remainder. INVALID_ARGUMENT where the shares of
// a line do not sum to one; OUT_OF_RANGE (MONEY_OVERFLOW).
absl::StatusOr<Cost> CostOfFunder(const v1::Plan& plan, absl::string_view organisation);

}  // namespace ipb::careplanning
