// What a personal health budget's plan must say: the nine criteria of a good plan and SI 2013/1617 reg 8.
#pragma once

#include "common/explain/trace.h"
#include "services/careplanning/rules/facts.h"

namespace ipb::careplanning {

// Adds PLAN-PHB-1 to PLAN-PHB-9 where the plan does not meet them.
void CheckHealthBudget(const v1::Plan& plan, explain::Refusal& gaps);

}  // namespace ipb::careplanning
