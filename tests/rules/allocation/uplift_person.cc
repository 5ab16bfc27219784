#include "tests/rules/allocation/uplift_person.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/allocation/rules/shares.h"

namespace ipb::allocation {

v1::BudgetComponent Weekly(const std::string& id, int64_t weekly_pence,
                           const std::vector<v1::FundingShare>& shares) {
  v1::BudgetComponent component;
  component.set_component_id(id);
  component.set_description("Support");
  component.set_kind(v1::COMPONENT_KIND_ONGOING);
  component.set_weekly_pence(weekly_pence);
  for (const v1::FundingShare& share : shares) *component.add_shares() = share;
  EXPECT_TRUE(SplitBetweenFunders(component).ok());
  return component;
}

std::vector<v1::FundingShare> OfCouncil() { return {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1)}; }
std::vector<v1::FundingShare> Joint() {
  return {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 3, 8),
          Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 5, 8)};
}

v1::Budget Agreed(int number, const std::vector<v1::BudgetComponent>& components,
                  const std::string& first_date) {
  v1::Budget budget;
  budget.set_name(absl::StrCat("people/a/budgets/", number));
  budget.set_plan("people/a/plans/1");
  budget.set_state(v1::Budget::STATE_AGREED);
  budget.set_mode(v1::Budget::MODE_LIVE);
  budget.set_effective_from_date(first_date);
  *budget.mutable_components() = {components.begin(), components.end()};
  const auto totals = FunderTotals(components);
  *budget.mutable_funder_totals() = {totals->begin(), totals->end()};
  return budget;
}

v1::AllocationPolicy Growing(int64_t thousandths) {
  v1::AllocationPolicy local;
  local.add_weeks_conventions()->set_days_or_weeks(52);
  local.mutable_weeks_conventions(0)->set_divisor(1);
  v1::UpliftRate& rate = *local.add_uplift_rates();
  rate.mutable_part()->set_numerator(thousandths);
  rate.mutable_part()->set_denominator(1000);
  return local;
}

v1::Uplift UpliftBy(const std::string& organisation, const std::string& name) {
  v1::Uplift uplift;
  uplift.set_name(absl::StrCat("uplifts/", name));
  uplift.set_organisation(organisation);
  uplift.set_preparer("finance-1");
  uplift.set_effective_from_date(kUpliftDay);
  uplift.set_state(v1::Uplift::STATE_PREVIEWED);
  return uplift;
}

v1::Uplift Released(v1::Uplift uplift) {
  *uplift.mutable_release() = PanelDecision("2025-04-10");
  uplift.set_state(v1::Uplift::STATE_POSTING);
  return uplift;
}

}  // namespace ipb::allocation
