// What a case file says, as the facts that the rules of allocation take.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/rules/charge.h"
#include "tests/rules/allocation/allocation_case.pb.h"

namespace ipb::allocation {

// The facts of the means that a case file gives, with what is ordinary where it says nothing.
v1::FinancialFacts FactsOf(const cases::v1::Means& given);

// What the council pays for.
ChargeLines LinesOf(const cases::v1::ChargeCase& given);

// The components, numbered and with the council's share where they say nothing of either.
std::vector<v1::BudgetComponent> ComponentsOf(const cases::v1::CostingCase& given);

// The agreed, live budget of an uplift's case, costed by its amounts and without its changes, of the name
// people/a/budgets/1.
v1::Budget BudgetOf(const cases::v1::UpliftCase& given);

// What is asked on a day, with the table where the case asks for nothing else.
v1::EvaluateIndicativeAmountRequest RequestOf(const cases::v1::IndicativeCase& given, absl::CivilDay day);

// Who asks.
v1::CallerKind AskerOf(const cases::v1::IndicativeCase& given);

// The sample, person by person, and what there is to allocate.
v1::FitAllocationTableRequest RequestOf(const cases::v1::FitCase& given);

}  // namespace ipb::allocation
