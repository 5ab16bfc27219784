#include "tests/rules/allocation/case_facts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "services/allocation/rules/shares.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

constexpr char kBirthDate[] = "1980-01-01";
constexpr int64_t kWeeklyPence = 200000;

v1::Household HouseholdOf(const cases::v1::Means& given) {
  v1::Household household;
  household.set_relationship(given.relationship() == v1::RELATIONSHIP_UNSPECIFIED ? v1::RELATIONSHIP_SINGLE
                                                                                  : given.relationship());
  household.set_birth_date(given.birth_date().empty() ? kBirthDate : given.birth_date());
  household.set_partner_birth_date(given.partner_birth_date());
  household.set_dependent_children(given.dependent_children());
  *household.mutable_benefits() = given.benefits();
  *household.mutable_partner_benefits() = given.partner_benefits();
  return household;
}

std::vector<v1::BudgetComponent> Completed(
    const google::protobuf::RepeatedPtrField<v1::BudgetComponent>& given) {
  std::vector<v1::BudgetComponent> components(given.begin(), given.end());
  for (size_t i = 0; i < components.size(); ++i) {
    v1::BudgetComponent& component = components[i];
    if (component.component_id().empty()) component.set_component_id(absl::StrCat(i + 1));
    if (component.shares().empty())
      *component.add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1);
  }
  return components;
}

}  // namespace

v1::FinancialFacts FactsOf(const cases::v1::Means& given) {
  v1::FinancialFacts facts;
  if (!given.without_household()) *facts.mutable_household() = HouseholdOf(given);
  if (given.other_weekly_pence() > 0) AddIncome(facts, v1::INCOME_KIND_OTHER, given.other_weekly_pence());
  if (given.savings_pence() > 0) AddCapital(facts, v1::CAPITAL_KIND_SAVINGS, given.savings_pence());
  facts.mutable_income()->MergeFrom(given.income());
  facts.mutable_capital()->MergeFrom(given.capital());
  if (given.has_stay()) *facts.mutable_stay() = given.stay();
  facts.MergeFrom(given.in_full());
  return facts;
}

ChargeLines LinesOf(const cases::v1::ChargeCase& given) {
  ChargeLines lines = given.lines();
  if (given.care_act_weekly_pence() == 0 && !lines.empty()) return lines;
  v1::ChargeLine* line = lines.Add();
  line->set_basis(v1::FUNDING_BASIS_CARE_ACT);
  line->set_weekly_pence(given.care_act_weekly_pence() == 0 ? kWeeklyPence : given.care_act_weekly_pence());
  return lines;
}

std::vector<v1::BudgetComponent> ComponentsOf(const cases::v1::CostingCase& given) {
  return Completed(given.components());
}

v1::Budget BudgetOf(const cases::v1::UpliftCase& given) {
  v1::Budget budget = given.budget();
  budget.clear_changes();
  budget.set_name("people/a/budgets/1");
  budget.set_state(v1::Budget::STATE_AGREED);
  budget.set_mode(v1::Budget::MODE_LIVE);
  if (budget.effective_from_date().empty()) budget.set_effective_from_date("2024-04-01");
  std::vector<v1::BudgetComponent> components = Completed(given.budget().components());
  for (v1::BudgetComponent& component : components) {
    if (component.kind() == v1::COMPONENT_KIND_UNSPECIFIED) component.set_kind(v1::COMPONENT_KIND_ONGOING);
    if (component.description().empty()) component.set_description("Support");
    EXPECT_TRUE(SplitBetweenFunders(component).ok());
  }
  *budget.mutable_components() = {components.begin(), components.end()};
  const auto totals = FunderTotals(components);
  EXPECT_TRUE(totals.ok());
  *budget.mutable_funder_totals() = {totals->begin(), totals->end()};
  return budget;
}

v1::EvaluateIndicativeAmountRequest RequestOf(const cases::v1::IndicativeCase& given, absl::CivilDay day) {
  v1::EvaluateIndicativeAmountRequest request = given.request();
  const bool other = request.has_wheelchair() || request.nhs_equivalent_size() > 0;
  if (request.table().empty() && !other && !given.without_table()) request.set_table("adults");
  request.set_decision_date(dates::Format(day));
  return request;
}

v1::CallerKind AskerOf(const cases::v1::IndicativeCase& given) {
  if (given.asked_by() != v1::CALLER_KIND_UNSPECIFIED) return given.asked_by();
  const bool nhs = given.request().has_wheelchair() || given.request().nhs_equivalent_size() > 0;
  return nhs ? v1::CALLER_KIND_NHS : v1::CALLER_KIND_COUNCIL;
}

v1::FitAllocationTableRequest RequestOf(const cases::v1::FitCase& given) {
  v1::FitAllocationTableRequest request;
  for (const cases::v1::SampledPeople& people : given.sample()) {
    for (int points = people.points(); points <= std::max(people.points(), people.to_points()); ++points) {
      for (const int64_t weekly_pence : people.weekly_pence()) {
        v1::SampledCost* one = request.add_sample();
        one->set_points(points);
        one->set_weekly_pence(weekly_pence);
      }
    }
  }
  request.set_budget_weekly_pence(given.budget_weekly_pence());
  if (given.has_contingency()) *request.mutable_contingency() = given.contingency();
  return request;
}

}  // namespace ipb::allocation
