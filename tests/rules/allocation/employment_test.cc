// What employing somebody costs beside the wage, over many employments.
#include "services/allocation/rules/employment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/employment_check.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using testing::ElementsAre;

const absl::CivilDay kDay(2026, 6, 1);
constexpr int64_t kAllowancePence = 1050000;
constexpr int kRounds = 2000;

v1::BudgetComponent Wages(int32_t minutes_per_week, int64_t unit_rate_pence) {
  return Hours("pa", minutes_per_week, unit_rate_pence, {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1)});
}

v1::BudgetComponent OnCosts(const std::string& id) {
  v1::BudgetComponent component;
  component.set_component_id(id);
  component.set_description("On-costs");
  component.set_kind(v1::COMPONENT_KIND_ONGOING);
  *component.add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 3);
  *component.add_shares() = Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 2, 3);
  return component;
}

v1::BudgetComponent SickPay() {
  v1::BudgetComponent component = OnCosts("sick-pay");
  component.set_kind(v1::COMPONENT_KIND_CONTINGENCY);
  component.set_sick_pay_weeks(4);
  return component;
}

void Employ(v1::BudgetComponent& component, int32_t minutes_per_week) {
  v1::Employment* employment = component.add_employments();
  employment->set_wage_component_id("pa");
  employment->set_minutes_per_week(minutes_per_week);
  employment->set_wage_band(v1::WAGE_BAND_21_AND_OVER);
}

absl::StatusOr<v1::Costing> Cost(const std::vector<v1::BudgetComponent>& components,
                                 const v1::AllocationPolicy& national = National(),
                                 const v1::AllocationPolicy& local = CouncilPolicy()) {
  explain::Refusal refusal;
  explain::Trace trace;
  absl::StatusOr<v1::Costing> costing = CostPlan(components, kDay, {national, local}, refusal, trace);
  if (costing.ok() && !refusal.empty()) return refusal.ToStatus();
  return costing;
}

// People of any age who work between nothing and a whole week, at between the minimum wage and much more,
// with or without a pension, and an allowance that is used up to some part.
class Employments : public testing::Test {
 protected:
  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random_);
  }

  v1::BudgetComponent Some(int people) {
    v1::BudgetComponent component = OnCosts("on-costs");
    component.set_employment_allowance_used_pence(Between(0, 2 * kAllowancePence));
    for (int i = 0; i < people; ++i) {
      Employ(component, static_cast<int32_t>(Between(1, 5000)));
      component.mutable_employments(i)->set_wage_band(static_cast<v1::WageBand>(Between(1, 3)));
      const int64_t pension = Between(0, 2);
      component.mutable_employments(i)->set_pension_asked_for(pension == 1);
      component.mutable_employments(i)->set_outside_enrolment(pension == 2);
    }
    return component;
  }

  v1::BudgetComponent Price() { return Wages(100000, Between(1271, 4000)); }

  static v1::BudgetComponent Costed(const std::vector<v1::BudgetComponent>& components, int index = 1) {
    const auto costing = Cost(components);
    EXPECT_TRUE(costing.ok()) << costing.status();
    return costing.ok() ? costing->components(index) : v1::BudgetComponent();
  }

  std::mt19937_64 random_{20260601};
};

TEST_F(Employments, PartsTieToTheComponentAndItsFunders) {
  for (int round = 0; round < kRounds; ++round) {
    const v1::BudgetComponent costed = Costed({Price(), Some(static_cast<int>(Between(1, 6)))});
    int64_t certain = 0;
    int64_t insurance = 0;
    for (const v1::Employment& one : costed.employments()) {
      certain += one.holiday_weekly_pence() + one.pension_weekly_pence();
      insurance += one.national_insurance_weekly_pence();
    }
    EXPECT_GE(costed.weekly_pence(), certain)
        << "the allowance takes off no more than the national insurance";
    EXPECT_LE(costed.weekly_pence(), certain + insurance);
    const int64_t taken = certain + insurance - costed.weekly_pence();
    const int64_t left = std::max<int64_t>(kAllowancePence - costed.employment_allowance_used_pence(), 0);
    EXPECT_LE(taken * 52, left) << "a year of what is taken off is no more than is left of the allowance";
    EXPECT_TRUE(taken == insurance || (taken + 1) * 52 > left) << "and no penny less than it could be";
    EXPECT_EQ(costed.funder_amounts(0).weekly_pence() + costed.funder_amounts(1).weekly_pence(),
              costed.weekly_pence());
  }
}

TEST_F(Employments, MoreMinutesNeverCostLess) {
  for (int round = 0; round < kRounds; ++round) {
    const v1::BudgetComponent price = Price();
    const v1::BudgetComponent fewer = Some(2);
    v1::BudgetComponent more = fewer;
    more.mutable_employments(0)->set_minutes_per_week(fewer.employments(0).minutes_per_week() +
                                                      static_cast<int32_t>(Between(1, 5000)));
    EXPECT_LE(Costed({price, fewer}).weekly_pence(), Costed({price, more}).weekly_pence());
    v1::BudgetComponent reserve = SickPay();
    *reserve.mutable_employments() = fewer.employments();
    const int64_t before = Costed({price, reserve}).one_off_pence();
    *reserve.mutable_employments() = more.employments();
    EXPECT_LE(before, Costed({price, reserve}).one_off_pence());
  }
}

TEST_F(Employments, MoreOfTheAllowanceUsedElsewhereNeverCostsLess) {
  for (int round = 0; round < kRounds; ++round) {
    const v1::BudgetComponent price = Price();
    const v1::BudgetComponent less = Some(3);
    v1::BudgetComponent more = less;
    more.set_employment_allowance_used_pence(less.employment_allowance_used_pence() +
                                             Between(1, kAllowancePence));
    EXPECT_LE(Costed({price, less}).weekly_pence(), Costed({price, more}).weekly_pence());
  }
}

// There is one employer however the people are grouped.
TEST_F(Employments, TwoComponentsCostWhatOneWouldTogether) {
  for (int round = 0; round < kRounds; ++round) {
    const v1::BudgetComponent price = Price();
    const v1::BudgetComponent together = Some(4);
    v1::BudgetComponent first = together;
    first.mutable_employments()->DeleteSubrange(2, 2);
    v1::BudgetComponent second = together;
    second.set_component_id("other");
    second.mutable_employments()->DeleteSubrange(0, 2);
    EXPECT_EQ(
        Costed({price, first, second}, 1).weekly_pence() + Costed({price, first, second}, 2).weekly_pence(),
        Costed({price, together}).weekly_pence());
  }
}

TEST_F(Employments, SickPayIsNeverMoreThanTheWage) {
  for (int round = 0; round < kRounds; ++round) {
    v1::BudgetComponent reserve = SickPay();
    reserve.set_sick_pay_weeks(1);
    Employ(reserve, static_cast<int32_t>(Between(1, 5000)));
    const v1::BudgetComponent held = Costed({Price(), reserve});
    EXPECT_LE(held.one_off_pence(), held.employments(0).wage_weekly_pence());
    EXPECT_LE(held.one_off_pence(), 12325);
    EXPECT_EQ(held.weekly_pence(), 0);
  }
}

TEST_F(Employments, TheRefusalNamesTheLawTheRateAndTheRemedy) {
  v1::BudgetComponent component = OnCosts("on-costs");
  Employ(component, 60);
  const absl::Status status = Cost({Wages(600, 1270), component}).status();
  EXPECT_THAT(RulesOf(status), ElementsAre("EMPLOYMENT-MINIMUM-WAGE"));
  explain::Refusal refusal;
  explain::Trace trace;
  ASSERT_TRUE(
      CostPlan({Wages(600, 1270), component}, kDay, {National(), CouncilPolicy()}, refusal, trace).ok());
  ASSERT_EQ(refusal.violations().size(), 1u);
  EXPECT_EQ(refusal.violations()[0].subject, "on-costs");
  const std::string& description = refusal.violations()[0].description;
  for (const char* part :
       {"£12.70", "£12.71", "21 and over", "National Minimum Wage Act 1998", "price \"pa\""}) {
    EXPECT_THAT(description, testing::HasSubstr(part));
  }
}

TEST_F(Employments, EveryComponentOfEmploymentsIsExplained) {
  v1::BudgetComponent component = OnCosts("on-costs");
  Employ(component, 600);
  v1::BudgetComponent reserve = SickPay();
  Employ(reserve, 600);
  const std::vector<v1::BudgetComponent> components = {Wages(600, 1300), component, reserve};
  explain::Refusal refusal;
  explain::Trace trace;
  ASSERT_TRUE(CostPlan(components, kDay, {National(), CouncilPolicy()}, refusal, trace).ok());
  const v1::Explanation explanation = trace.Render("allocation/1", "test");
  EXPECT_TRUE(ExplainsCosting(explanation, components));
  for (const v1::ExplanationStep& step : explanation.steps()) {
    EXPECT_EQ(step.purpose(), v1::PURPOSE_COMMON);
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
  }
}

// The rules do not lean on the contract or on the policy's being sensible. A wage of a tenth of the most
// there is fits, in a year of one week, until a rate takes it many times.
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kFits = kMost / 10;

v1::Fraction Times(int64_t whole) {
  v1::Fraction fraction;
  fraction.set_numerator(whole);
  fraction.set_denominator(1);
  return fraction;
}

// Whether on-costs of people of an hour a week each, or their sick pay, are refused as too much.
bool Overflows(const v1::EmploymentRates& rates, int people, bool sick) {
  v1::AllocationPolicy national = National();
  *national.mutable_employment_rates(1) = rates;
  v1::AllocationPolicy local = CouncilPolicy();
  local.mutable_weeks_conventions(0)->set_days_or_weeks(1);
  v1::BudgetComponent component = sick ? SickPay() : OnCosts("on-costs");
  for (int i = 0; i < people; ++i) Employ(component, 60);
  const absl::Status status = Cost({Wages(60 * people, kFits), component}, national, local).status();
  return errors::ReasonOf(status) == v1::ERROR_REASON_MONEY_OVERFLOW;
}

TEST_F(Employments, RefuseOnCostsThatDoNotFit) {
  using Rates = v1::EmploymentRates;
  const struct {
    const char* what;
    void (*change)(Rates&);
    int people;
    bool refused;
  } cases[] = {
      {"nothing", [](Rates&) {}, 1, false},
      {"holiday", [](Rates& rates) { *rates.mutable_holiday() = Times(11); }, 1, true},
      {"insurance", [](Rates& rates) { *rates.mutable_national_insurance() = Times(11); }, 1, true},
      {"pension",
       [](Rates& rates) {
         *rates.mutable_pension() = Times(11);
         rates.set_qualifying_to_pence(kMost);
       },
       1, true},
      {"holiday of two", [](Rates& rates) { *rates.mutable_holiday() = Times(6); }, 2, true},
      {"insurance of two", [](Rates& rates) { *rates.mutable_national_insurance() = Times(6); }, 2, true},
      {"pension of two",
       [](Rates& rates) {
         *rates.mutable_pension() = Times(6);
         rates.set_qualifying_to_pence(kMost);
       },
       2, true},
      {"holiday and insurance",
       [](Rates& rates) {
         *rates.mutable_holiday() = Times(6);
         *rates.mutable_national_insurance() = Times(6);
       },
       1, true},
  };
  for (const auto& c : cases) {
    v1::EmploymentRates rates = National().employment_rates(1);
    c.change(rates);
    EXPECT_EQ(Overflows(rates, c.people, false), c.refused) << c.what;
  }
}

TEST_F(Employments, RefuseSickPayThatDoesNotFit) {
  v1::EmploymentRates rates = National().employment_rates(1);
  *rates.mutable_sick_pay_of_wage() = Times(11);
  EXPECT_TRUE(Overflows(rates, 1, true));
  rates.clear_sick_pay_of_wage();
  rates.set_sick_pay_weekly_pence(kFits);
  EXPECT_FALSE(Overflows(rates, 2, true)) << "two for four weeks";
  EXPECT_TRUE(Overflows(rates, 3, true)) << "three for four weeks";
  rates.set_sick_pay_weekly_pence(kMost);
  EXPECT_TRUE(Overflows(rates, 2, true)) << "two for a week";
}

// Where a year is a seventh of a week, what is a year's is seven times as much a week.
TEST_F(Employments, RefuseYearlyBoundsThatDoNotFit) {
  v1::AllocationPolicy local = CouncilPolicy();
  local.mutable_weeks_conventions(0)->set_days_or_weeks(1);
  local.mutable_weeks_conventions(0)->set_divisor(7);
  v1::BudgetComponent component = OnCosts("on-costs");
  Employ(component, 600);
  void (v1::EmploymentRates::*const bounds[])(int64_t) = {
      &v1::EmploymentRates::set_enrolment_trigger_pence, &v1::EmploymentRates::set_qualifying_from_pence,
      &v1::EmploymentRates::set_qualifying_to_pence, &v1::EmploymentRates::set_employment_allowance_pence};
  EXPECT_TRUE(Cost({Wages(600, 1300), component}, National(), local).ok());
  for (const auto bound : bounds) {
    v1::AllocationPolicy national = National();
    (national.mutable_employment_rates(1)->*bound)(kMost);
    EXPECT_EQ(errors::ReasonOf(Cost({Wages(600, 1300), component}, national, local).status()),
              v1::ERROR_REASON_MONEY_OVERFLOW);
  }
}

// More funders than can share to the penny.
TEST_F(Employments, RefuseMoreFundersThanCanShare) {
  v1::BudgetComponent component = OnCosts("on-costs");
  component.clear_shares();
  for (int i = 0; i < 101; ++i) {
    *component.add_shares() = Share(absl::StrCat("QZ", i), v1::FUNDING_BASIS_CHC, 1, 101);
  }
  Employ(component, 60);
  EXPECT_EQ(Cost({Wages(600, 1300), component}).status().code(), absl::StatusCode::kInvalidArgument);
}

// The wage of a person is paid for by minutes that do not fit into a number only where they are far more.
TEST_F(Employments, CountHoursBeyondAllBounds) {
  v1::BudgetComponent component = OnCosts("on-costs");
  Employ(component, 10080);
  v1::BudgetComponent endless = Wages(0, 1300);
  endless.mutable_units_per_week()->set_units(std::numeric_limits<int64_t>::max());
  std::vector<errors::FieldViolation> violations;
  CheckWages(std::vector<v1::BudgetComponent>{endless, component}, violations);
  EXPECT_TRUE(violations.empty());
}

}  // namespace
}  // namespace ipb::allocation
