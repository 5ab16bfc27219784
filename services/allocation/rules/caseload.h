// The live caseload of an organisation, person by person, as cases of a simulation.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/repeated_field.h"
#include "ipb/v1/simulation.pb.h"
#include "services/allocation/rules/budget.h"

namespace ipb::allocation {

using CaseloadCohorts = google::protobuf::RepeatedPtrField<v1::CaseloadCohort>;

// One case for each budget of the person's that is agreed and live, holds on the day, has a share of the
// organisation's and pays something a week; none for a person who died before the day. Means are those of the
// organisation's assessment of that day, and missing where none holds. All budgets of the person are in
// `others`; `budget` is empty.
std::vector<v1::SimulationCase> CasesOf(const BudgetFacts& person, absl::string_view organisation,
                                        absl::CivilDay day, const CaseloadCohorts& cohorts);

// The case, among those of its person, of a budget that a caller names, with what the caller knows of it;
// nullopt where the budget is none of them.
std::optional<v1::SimulationCase> CaseOf(const v1::CaseloadBudget& named,
                                         std::vector<v1::SimulationCase> cases);

}  // namespace ipb::allocation
