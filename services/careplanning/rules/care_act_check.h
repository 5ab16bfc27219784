// What a council's care and support plan, or a carer's support plan, must say (Care Act 2014 ss10, 20, 25).
#pragma once

#include "absl/status/status.h"
#include "common/explain/trace.h"
#include "services/careplanning/rules/facts.h"

namespace ipb::careplanning {

// Adds PLAN-CA-1 to PLAN-CA-7, and for a carer PLAN-CARER-1 and 2, where the plan does not meet them.
void CheckCareAct(const v1::Plan& plan, const BudgetFacts& budget, explain::Refusal& gaps);

// Adds PLAN-CA-8 (or PLAN-DP-AMOUNT, where no council money is in the direct payment) unless the plan says
// the amount and frequency of its direct payment, and the amount is what its lines cost. OUT_OF_RANGE
// (MONEY_OVERFLOW).
absl::Status CheckDirectPayment(const v1::Plan& plan, bool council_money, explain::Refusal& gaps);

}  // namespace ipb::careplanning
