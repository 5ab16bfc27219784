// People, components and policies that the tests of allocation share.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/budget.h"
#include "tests/support/funding.h"

namespace ipb::allocation {

using tests::Share;

inline constexpr char kCouncil[] = "E10000019";
inline constexpr char kIcb[] = "QZZ";

// The national rows that ship.
const v1::AllocationPolicy& National();
// The example council's rows that ship.
const v1::AllocationPolicy& CouncilPolicy();
// The example ICB's rows that ship.
const v1::AllocationPolicy& IcbPolicy();

// A single person born on a date, without means.
v1::FinancialFacts Single(const std::string& birth_date);
void AddIncome(v1::FinancialFacts& facts, v1::IncomeKind kind, int64_t weekly_pence);
void AddCapital(v1::FinancialFacts& facts, v1::CapitalKind kind, int64_t value_pence);

// An ongoing component counted in minutes at a price an hour.
v1::BudgetComponent Hours(const std::string& id, int32_t minutes_per_week, int64_t unit_rate_pence,
                          const std::vector<v1::FundingShare>& shares);

// A decision of today by a council's panel.
v1::HumanDecision PanelDecision(const std::string& decision_date);

// What kind of body each of the example organisations is.
OrganisationKinds ExampleKinds();

// A determination of an adult as eligible since 1 April 2025.
NamedDetermination Determined(const std::string& name);

// The reason and the failing rules that an error carries.
std::vector<std::string> RulesOf(const absl::Status& status);

}  // namespace ipb::allocation
