// What a person pays, by published examples (SI 2014/2672 regs 7, 10-16, 25).
#include "services/allocation/rules/charge.h"

#include <gtest/gtest.h>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "services/allocation/rules/capital.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

constexpr char kBorn1980[] = "1980-01-01";
const absl::CivilDay kDay(2025, 6, 1);

v1::EvaluateChargeRequest Request(const v1::FinancialFacts& facts, int64_t weekly_pence,
                                  v1::FundingBasis basis = v1::FUNDING_BASIS_CARE_ACT) {
  v1::EvaluateChargeRequest request;
  *request.mutable_facts() = facts;
  request.set_decision_date("2025-06-01");
  v1::ChargeLine* line = request.add_lines();
  line->set_basis(basis);
  line->set_weekly_pence(weekly_pence);
  return request;
}

absl::StatusOr<v1::ChargeCalculation> Decide(const v1::EvaluateChargeRequest& request,
                                             const v1::AllocationPolicy& local = {}) {
  explain::Trace trace;
  const ChargingRates rates = RatesOn(dates::Checked(request.decision_date()), {National(), local});
  return DecideCharge(request.facts(), request.lines(), rates, trace);
}

int64_t Charged(const v1::FinancialFacts& facts, int64_t weekly_pence,
                const v1::AllocationPolicy& local = {}) {
  const auto charge = Decide(Request(facts, weekly_pence), local);
  EXPECT_TRUE(charge.ok()) << charge.status();
  return charge.ok() ? charge->charge_weekly_pence() : -1;
}

// What counts of capital at home, and what it comes to.
absl::StatusOr<int64_t> Counted(const v1::FinancialFacts& facts, const v1::AllocationPolicy& local = {}) {
  explain::Trace trace;
  const ChargingRates rates = RatesOn(kDay, {National(), local});
  const auto counted = CountCapital(facts, v1::CARE_SETTING_OUTSIDE_CARE_HOME, rates, trace);
  if (!counted.ok()) return counted.status();
  return counted->counted_pence;
}

CapitalFinding Found(int64_t counted_pence, const v1::AllocationPolicy& local = {}) {
  return FindCapital(counted_pence, *RatesOn(kDay, {National(), local}).capital_limits_outside);
}

TEST(Capital, TariffIncomeIsAPoundForEachStepOrPartOfIt) {
  const struct {
    int64_t capital_pence;
    int64_t tariff_pence;
    bool above;
  } cases[] = {
      {0, 0, false},          {1425000, 0, false},    {1425001, 100, false},
      {1450000, 100, false},  {1450001, 200, false},  {2000000, 2300, false},
      {2300001, 3600, false}, {2325000, 3600, false}, {2325001, 0, true},
  };
  for (const auto& c : cases) {
    const CapitalFinding finding = Found(c.capital_pence);
    EXPECT_EQ(finding.tariff_weekly_pence, c.tariff_pence) << c.capital_pence;
    EXPECT_EQ(finding.above_upper_limit, c.above) << c.capital_pence;
  }
}

TEST(Capital, DisregardsByNameAndCountsEqualSharesOfJointOwners) {
  v1::FinancialFacts facts;
  AddCapital(facts, v1::CAPITAL_KIND_MAIN_HOME, 30000000);
  AddCapital(facts, v1::CAPITAL_KIND_DIRECT_PAYMENT_BALANCE, 500000);
  AddCapital(facts, v1::CAPITAL_KIND_SAVINGS, 2000001);
  facts.mutable_capital(2)->set_owners(2);
  EXPECT_EQ(*Counted(facts), 1000000);
}

TEST(Capital, AnInjuryAwardIsDisregardedForItsWeeksOnly) {
  v1::FinancialFacts facts;
  AddCapital(facts, v1::CAPITAL_KIND_PERSONAL_INJURY_AWARD, 1000000);
  EXPECT_EQ(errors::ReasonOf(Counted(facts).status()), v1::ERROR_REASON_INVALID_FIELD);
  facts.mutable_capital(0)->set_received_date("2024-06-03");
  EXPECT_EQ(*Counted(facts), 0);
  facts.mutable_capital(0)->set_received_date("2024-06-02");
  EXPECT_EQ(*Counted(facts), 1000000);
}

TEST(Capital, ALocalLimitCanOnlyRaiseTheNationalOne) {
  v1::AllocationPolicy local;
  v1::CapitalLimits* limits = local.add_capital_limits();
  limits->mutable_provenance()->set_effective_from_date("2015-04-01");
  limits->set_upper_pence(1000000);
  limits->set_tariff_weekly_pence(100);
  EXPECT_FALSE(Found(2325000, local).above_upper_limit);
  limits->set_upper_pence(5000000);
  EXPECT_FALSE(Found(5000000, local).above_upper_limit);
}

TEST(Charge, IsTheExcessOverGuaranteeHousingAndDisabilityExpenses) {
  v1::FinancialFacts facts = Single(kBorn1980);
  facts.mutable_household()->add_benefits(v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED);
  AddIncome(facts, v1::INCOME_KIND_EMPLOYMENT_SUPPORT_ALLOWANCE, 14055);
  AddIncome(facts, v1::INCOME_KIND_PIP_DAILY_LIVING, 11040);
  AddIncome(facts, v1::INCOME_KIND_PIP_MOBILITY, 7710);
  AddIncome(facts, v1::INCOME_KIND_EARNINGS, 20000);
  v1::HousingCost* rent = facts.add_housing_costs();
  rent->set_kind(v1::HousingCost::KIND_RENT);
  rent->set_weekly_pence(1500);
  for (const bool evidenced : {true, false}) {
    v1::DisabilityExpense* expense = facts.add_disability_expenses();
    expense->set_description("Laundry");
    expense->set_weekly_pence(1200);
    expense->set_evidenced(evidenced);
  }
  // 140.55 + 110.40 - (112.50 + 49.65 + 24.25) - 15.00 - 12.00 = 37.55; earnings and mobility do not count.
  EXPECT_EQ(Charged(facts, 50000), 3755);
  EXPECT_EQ(Charged(facts, 2000), 2000);
  // The council adds 5.00 to the guarantee; its flat 10.00 is less than the 12.00 evidenced.
  EXPECT_EQ(Charged(facts, 50000, CouncilPolicy()), 3255);
}

TEST(Charge, TheGuaranteeProtectsIncomeWithTariffIncomeIncluded) {
  v1::FinancialFacts facts = Single(kBorn1980);
  facts.mutable_household()->add_benefits(v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED);
  AddIncome(facts, v1::INCOME_KIND_EMPLOYMENT_SUPPORT_ALLOWANCE, 18640);
  AddCapital(facts, v1::CAPITAL_KIND_SAVINGS, 2325000);
  // 112.50 + 49.65 + 24.25 = 186.40 is both income and guarantee; tariff income of 36.00 is the charge.
  EXPECT_EQ(Charged(facts, 50000), 3600);
}

TEST(Charge, FullCostForUndisclosedMeansAndCapitalAboveTheLimit) {
  v1::FinancialFacts refused;
  refused.set_disclosure_refused(true);
  EXPECT_EQ(Charged(refused, 50000), 50000);
  v1::FinancialFacts rich = Single(kBorn1980);
  AddCapital(rich, v1::CAPITAL_KIND_SAVINGS, 2325001);
  EXPECT_EQ(Charged(rich, 50000), 50000);
}

// SI 2014/2672 reg 10: the council is satisfied without looking at everything, and the person agrees to that.
TEST(Charge, ALightTouchAssessmentTakesThePlaceOfAFullOne) {
  using LightTouch = v1::LightTouch;
  const struct {
    LightTouch::Ground ground;
    int64_t charge_pence;
    int64_t expected_pence;
  } cases[] = {
      {LightTouch::GROUND_PAYS_FULL_COST, 0, 50000},
      {LightTouch::GROUND_SMALL_CHARGE, 500, 500},
      {LightTouch::GROUND_CANNOT_CONTRIBUTE, 0, 0},
  };
  for (const auto& c : cases) {
    v1::FinancialFacts facts;
    facts.mutable_light_touch()->set_ground(c.ground);
    facts.mutable_light_touch()->set_charge_weekly_pence(c.charge_pence);
    EXPECT_EQ(RulesOf(Decide(Request(facts, 50000)).status()),
              std::vector<std::string>{"CHARGE-LIGHT-TOUCH-AGREED"});
    facts.mutable_light_touch()->set_person_agrees(true);
    EXPECT_EQ(Charged(facts, 50000), c.expected_pence) << c.ground;
    facts.mutable_light_touch()->set_charge_weekly_pence(c.charge_pence == 0 ? 1 : 0);
    EXPECT_EQ(errors::ReasonOf(Decide(Request(facts, 50000)).status()), v1::ERROR_REASON_INVALID_FIELD);
  }
}

TEST(Charge, NothingForNhsMoneyAfterCareAndWhatLawFrees) {
  v1::FinancialFacts refused;
  refused.set_disclosure_refused(true);
  for (const v1::FundingBasis basis : {v1::FUNDING_BASIS_CHC, v1::FUNDING_BASIS_SECTION_117,
                                       v1::FUNDING_BASIS_JOINT_PACKAGE, v1::FUNDING_BASIS_FNC}) {
    const auto decision = Decide(Request(refused, 50000, basis));
    ASSERT_TRUE(decision.ok());
    EXPECT_EQ(decision->charge_weekly_pence(), 0) << basis;
    EXPECT_FALSE(decision->has_means_test()) << basis;
  }
  v1::EvaluateChargeRequest reablement = Request(refused, 50000);
  reablement.mutable_lines(0)->set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
  const auto decision = Decide(reablement);
  EXPECT_EQ(decision->charge_weekly_pence(), 0);
  EXPECT_EQ(decision->council_pays_weekly_pence(), 50000);
}

TEST(Charge, SavingsCreditAndWarWidowsPensionCountBeyondTheirDisregard) {
  v1::FinancialFacts facts = Single("1950-01-01");
  AddIncome(facts, v1::INCOME_KIND_STATE_PENSION, 23260);
  AddIncome(facts, v1::INCOME_KIND_PENSION_CREDIT_SAVINGS, 1000);
  AddIncome(facts, v1::INCOME_KIND_WAR_WIDOWS_PENSION, 600);
  AddIncome(facts, v1::INCOME_KIND_WAR_WIDOWS_PENSION, 600);
  EXPECT_EQ(Charged(facts, 50000), (1000 - 705) + (1200 - 1000));
}

TEST(Charge, AFlatExpenseIsForWhoReceivesADisabilityBenefit) {
  v1::FinancialFacts facts = Single(kBorn1980);
  AddIncome(facts, v1::INCOME_KIND_OTHER, 20000);
  EXPECT_EQ(Charged(facts, 50000, CouncilPolicy()), 20000 - 11250 - 500);
  facts.mutable_income(0)->set_kind(v1::INCOME_KIND_PIP_DAILY_LIVING);
  EXPECT_EQ(Charged(facts, 50000, CouncilPolicy()), 20000 - 11250 - 500 - 1000);
}

TEST(Charge, EveryStepIsForTheCouncilsEyesOnlyAndNamesItsSource) {
  v1::FinancialFacts facts = Single(kBorn1980);
  AddIncome(facts, v1::INCOME_KIND_OTHER, 20000);
  AddCapital(facts, v1::CAPITAL_KIND_SAVINGS, 2000000);
  explain::Trace trace;
  const v1::EvaluateChargeRequest request = Request(facts, 50000);
  const ChargingRates rates = RatesOn(kDay, {National(), CouncilPolicy()});
  ASSERT_TRUE(DecideCharge(request.facts(), request.lines(), rates, trace).ok());
  const v1::Explanation explanation = trace.Render("allocation/1", "test");
  EXPECT_GE(explanation.steps_size(), 7);
  for (const v1::ExplanationStep& step : explanation.steps()) {
    EXPECT_EQ(step.purpose(), v1::PURPOSE_MEANS) << step.rule_id();
    EXPECT_FALSE(step.legal_source().empty()) << step.rule_id();
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
  }
}

TEST(Charge, NeedsTheHouseholdAndTheRatesOfItsDay) {
  EXPECT_EQ(errors::ReasonOf(Decide(Request({}, 100)).status()), v1::ERROR_REASON_INVALID_FIELD);
  v1::EvaluateChargeRequest request = Request(Single(kBorn1980), 100);
  request.set_decision_date("2014-01-01");
  EXPECT_EQ(errors::ReasonOf(Decide(request).status()), v1::ERROR_REASON_NO_RATE);
}

}  // namespace
}  // namespace ipb::allocation
