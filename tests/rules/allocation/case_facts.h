// What a case file says, as the facts that the rules of allocation take.
#pragma once

#include <vector>

#include "services/allocation/rules/charge.h"
#include "tests/rules/allocation/allocation_case.pb.h"

namespace ipb::allocation {

// The facts of the means that a case file gives, with what is ordinary where it says nothing.
v1::FinancialFacts FactsOf(const cases::v1::Means& given);

// What the council pays for.
ChargeLines LinesOf(const cases::v1::ChargeCase& given);

// The components, numbered and with the council's share where they say nothing of either.
std::vector<v1::BudgetComponent> ComponentsOf(const cases::v1::CostingCase& given);

}  // namespace ipb::allocation
