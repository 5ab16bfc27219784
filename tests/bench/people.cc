#include "tests/bench/people.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ipb::bench {

int64_t People::Below(int64_t limit) {
  return static_cast<int64_t>(random_() % static_cast<uint64_t>(limit));
}

void People::FillHousehold(bool old, v1::Household& household) {
  const int64_t year = old ? 1930 + Below(27) : 1961 + Below(44);
  household.set_birth_date(absl::StrFormat("%04d-%02d-%02d", year, 1 + Below(12), 1 + Below(28)));
  household.set_relationship(v1::RELATIONSHIP_SINGLE);
  if (OneIn(4)) {
    household.set_relationship(v1::RELATIONSHIP_COUPLE);
    household.set_partner_birth_date(
        absl::StrFormat("%04d-%02d-%02d", year + 2, 1 + Below(12), 1 + Below(28)));
  }
  if (!old) {
    household.add_benefits(OneIn(2) ? v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED
                                    : v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_STANDARD);
  } else if (OneIn(2)) {
    household.add_benefits(v1::QUALIFYING_BENEFIT_ATTENDANCE_ALLOWANCE_HIGHER);
  }
}

void People::AddIncome(v1::IncomeKind kind, int64_t weekly_pence, v1::FinancialFacts& facts) {
  v1::IncomeItem* item = facts.add_income();
  item->set_kind(kind);
  item->set_weekly_pence(weekly_pence);
}

void People::FillMeans(bool old, v1::FinancialFacts& facts) {
  if (old) {
    AddIncome(v1::INCOME_KIND_STATE_PENSION, 17645 + Below(6000), facts);
    if (OneIn(2)) AddIncome(v1::INCOME_KIND_OCCUPATIONAL_PENSION, Below(30000), facts);
    if (OneIn(2)) AddIncome(v1::INCOME_KIND_ATTENDANCE_ALLOWANCE, OneIn(2) ? 7390 : 11040, facts);
  } else {
    AddIncome(OneIn(2) ? v1::INCOME_KIND_EMPLOYMENT_SUPPORT_ALLOWANCE : v1::INCOME_KIND_UNIVERSAL_CREDIT,
              9000 + Below(9000), facts);
    AddIncome(v1::INCOME_KIND_PIP_DAILY_LIVING, OneIn(2) ? 7390 : 11040, facts);
    if (OneIn(2)) AddIncome(v1::INCOME_KIND_PIP_MOBILITY, OneIn(2) ? 2920 : 7710, facts);
    if (OneIn(10)) AddIncome(v1::INCOME_KIND_EARNINGS, Below(30000), facts);
  }
  v1::CapitalItem* savings = facts.add_capital();
  savings->set_kind(v1::CAPITAL_KIND_SAVINGS);
  savings->set_value_pence(OneIn(3) ? Below(4000000) : Below(1000000));
  if (OneIn(3)) {
    v1::CapitalItem* home = facts.add_capital();
    home->set_kind(v1::CAPITAL_KIND_MAIN_HOME);
    home->set_value_pence(10000000 + Below(40000000));
  }
  v1::HousingCost* rent = facts.add_housing_costs();
  rent->set_kind(v1::HousingCost::KIND_RENT);
  rent->set_weekly_pence(Below(4000));
  v1::DisabilityExpense* expense = facts.add_disability_expenses();
  expense->set_description("Laundry and heating");
  expense->set_weekly_pence(Below(4000));
  expense->set_evidenced(!OneIn(4));
}

void People::FillCosts(v1::SimulationCase& one) {
  const int64_t cost_pence = 5000 + Below(90000);
  v1::ChargeLine* council = one.add_lines();
  council->set_basis(v1::FUNDING_BASIS_CARE_ACT);
  council->set_weekly_pence(cost_pence);
  if (OneIn(8)) {
    v1::ChargeLine* nhs = one.add_lines();
    nhs->set_basis(v1::FUNDING_BASIS_JOINT_PACKAGE);
    nhs->set_weekly_pence(Below(60000));
  }
  one.set_indicative_weekly_pence(cost_pence - cost_pence / 10 + Below(cost_pence / 5 + 1));
  one.set_agreed_weekly_pence(cost_pence);
  one.set_spent_weekly_pence(cost_pence - Below(cost_pence / 4 + 1));
}

void People::Next(v1::SimulationCase& one) {
  one.Clear();
  one.set_key(absl::StrCat("case-", ++number_));
  const bool old = !OneIn(3);
  one.set_cohort(old ? "pension-age" : "working-age");
  FillHousehold(old, *one.mutable_facts()->mutable_household());
  FillMeans(old, *one.mutable_facts());
  if (old && OneIn(4)) {
    v1::ResidentialStay* stay = one.mutable_facts()->mutable_stay();
    stay->set_setting(v1::CARE_SETTING_PERMANENT_RESIDENT);
    stay->set_first_date(absl::StrFormat("2025-%02d-%02d", 1 + Below(5), 1 + Below(28)));
  }
  FillCosts(one);
}

}  // namespace ipb::bench
