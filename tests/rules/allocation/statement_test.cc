// What the statement of a personal budget leaves out: reablement that is free (SI 2014/2840); and sums that
// do not fit.
#include "services/allocation/rules/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/errors/errors.h"
#include "services/allocation/rules/costed_plan.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using testing::Contains;
using testing::Not;

constexpr char kLeftOut[] = "STATEMENT-FREE-REABLEMENT";

// A budget from 9 June 2025 of a council that charges at most 50.00 a week.
class Statement : public testing::Test {
 protected:
  Statement() {
    v1::FinancialAssessment& assessment = assessments_.emplace_back();
    assessment.set_name("people/p/financialAssessments/1");
    assessment.set_organisation(kCouncil);
    assessment.set_effective_from_date("2025-04-06");
    assessment.mutable_result()->set_outcome(v1::MEANS_OUTCOME_ASSESSED);
    assessment.mutable_result()->set_maximum_weekly_pence(5000);
  }

  // Reablement of 100.00 a week, three quarters of it the council's, that began that day.
  static v1::BudgetComponent Reablement(const std::string& first_date) {
    v1::BudgetComponent component = Hours(
        "reablement", 600, 1000,
        {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 3, 4), Share(kIcb, v1::FUNDING_BASIS_BCF_POOL, 1, 4)});
    component.set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
    component.set_no_charge_from_date(first_date);
    return component;
  }

  // Support of 160.00 a week, half of it the council's.
  static v1::BudgetComponent Support() {
    return Hours("pa", 600, 1600,
                 {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 2),
                  Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 1, 2)});
  }

  v1::Budget State(const std::vector<v1::BudgetComponent>& components,
                   const v1::AllocationPolicy& national = National()) {
    const Policies policies = {national, CouncilPolicy()};
    explain::Refusal refusal;
    explain::Trace trace;
    const auto costing = CostPlan(components, absl::CivilDay(2025, 6, 9), policies, refusal, trace);
    EXPECT_TRUE(costing.ok()) << costing.status();
    v1::Budget budget;
    budget.set_effective_from_date("2025-06-09");
    status_ = StateBudget(*costing, assessments_, policies, budget, trace);
    *budget.mutable_explanation() = trace.Render("allocation/1", "test");
    return budget;
  }

  static std::vector<std::string> StepsOf(const v1::Budget& budget) {
    std::vector<std::string> steps;
    for (const v1::ExplanationStep& step : budget.explanation().steps()) steps.push_back(step.rule_id());
    return steps;
  }

  // What holds of every statement: it and what it leaves out are the whole budget, and its own parts tie.
  static void ExpectTies(const v1::Budget& budget, int64_t left_out_weekly_pence) {
    EXPECT_EQ(budget.care_act_weekly_pence() + budget.other_public_weekly_pence() + left_out_weekly_pence,
              budget.weekly_pence());
    EXPECT_EQ(budget.contribution_weekly_pence() + budget.council_net_weekly_pence(),
              budget.care_act_weekly_pence());
    EXPECT_GE(budget.council_net_weekly_pence(), 0);
  }

  std::vector<v1::FinancialAssessment> assessments_;
  absl::Status status_;
};

TEST_F(Statement, LeavesOutWhatTheCouncilPaysForFreeReablement) {
  const v1::Budget budget = State({Support(), Reablement("2025-06-02")});
  ASSERT_TRUE(status_.ok()) << status_;
  EXPECT_EQ(budget.weekly_pence(), 26000) << "it is in the budget, whose funders pay it";
  EXPECT_EQ(budget.funder_totals(0).weekly_pence(), 8000 + 7500);
  EXPECT_EQ(budget.care_act_weekly_pence(), 8000);
  EXPECT_EQ(budget.other_public_weekly_pence(), 8000 + 2500)
      << "only costs to a local authority are left out";
  EXPECT_EQ(budget.contribution_weekly_pence(), 5000);
  EXPECT_EQ(budget.council_net_weekly_pence(), 3000);
  ExpectTies(budget, 7500);
  EXPECT_THAT(StepsOf(budget), Contains(kLeftOut));
  for (const v1::ExplanationStep& step : budget.explanation().steps()) {
    if (step.rule_id() != kLeftOut) continue;
    EXPECT_EQ(step.purpose(), v1::PURPOSE_MEANS);
    EXPECT_THAT(step.sentence(), testing::HasSubstr("£75.00"));
  }
}

TEST_F(Statement, IsEmptyWhereNothingButFreeReablementIsPaid) {
  assessments_.clear();
  const v1::Budget budget = State({Reablement("")});
  ASSERT_TRUE(status_.ok()) << status_;
  EXPECT_EQ(budget.care_act_weekly_pence(), 0);
  EXPECT_EQ(budget.council_net_weekly_pence(), 0);
  EXPECT_TRUE(budget.charge_assessed());
  ExpectTies(budget, 7500);
}

// Six weeks from 28 April end with 8 June.
TEST_F(Statement, HasWhatIsFreeNoLonger) {
  const v1::Budget last_day = State({Support(), Reablement("2025-04-29")});
  EXPECT_THAT(StepsOf(last_day), Contains(kLeftOut));
  const v1::Budget over = State({Support(), Reablement("2025-04-28")});
  EXPECT_EQ(over.care_act_weekly_pence(), 15500);
  EXPECT_EQ(over.contribution_weekly_pence(), 5000);
  ExpectTies(over, 0);
  EXPECT_THAT(StepsOf(over), Not(Contains(kLeftOut)));
}

TEST_F(Statement, HasWhatIsNotChargedForOtherwise) {
  v1::BudgetComponent support = Support();
  support.set_no_charge_basis(v1::NO_CHARGE_BASIS_AID_OR_MINOR_ADAPTATION);
  const v1::Budget budget = State({support});
  EXPECT_EQ(budget.care_act_weekly_pence(), 8000);
  EXPECT_EQ(budget.council_net_weekly_pence(), 8000);
  ExpectTies(budget, 0);
  EXPECT_THAT(StepsOf(budget), Not(Contains(kLeftOut)));
}

TEST_F(Statement, LeavesOutNothingOfOthersReablement) {
  v1::BudgetComponent reablement = Reablement("2025-06-02");
  reablement.clear_shares();
  *reablement.add_shares() = Share(kIcb, v1::FUNDING_BASIS_BCF_POOL, 1, 1);
  const v1::Budget budget = State({reablement});
  EXPECT_EQ(budget.other_public_weekly_pence(), 10000);
  ExpectTies(budget, 0);
  EXPECT_THAT(StepsOf(budget), Not(Contains(kLeftOut)));
}

TEST_F(Statement, IsRefusedWithoutTheWeeksOfFreeReablement) {
  v1::AllocationPolicy national = National();
  national.clear_no_charge_limits();
  State({Reablement("2025-06-02")}, national);
  EXPECT_EQ(errors::ReasonOf(status_), v1::ERROR_REASON_NO_RATE);
}

TEST_F(Statement, IsRefusedWithoutThePriceOfMinorAdaptations) {
  v1::AllocationPolicy national = National();
  national.clear_no_charge_limits();
  v1::BudgetComponent support = Support();
  support.set_no_charge_basis(v1::NO_CHARGE_BASIS_AID_OR_MINOR_ADAPTATION);
  support.set_adaptation_pence(90000);
  State({support}, national);
  EXPECT_EQ(errors::ReasonOf(status_), v1::ERROR_REASON_NO_RATE);
}

TEST_F(Statement, RefusesCouncilMoneyThatDoesNotFit) {
  v1::Costing costing;
  for (const int64_t weekly_pence : {INT64_MAX, int64_t{1}}) {
    v1::FunderAmount* total = costing.add_funder_totals();
    total->set_basis(v1::FUNDING_BASIS_CARE_ACT);
    total->set_weekly_pence(weekly_pence);
  }
  v1::Budget budget;
  budget.set_effective_from_date("2025-06-09");
  explain::Trace trace;
  const absl::Status stated = StateBudget(costing, {}, {National(), CouncilPolicy()}, budget, trace);
  EXPECT_EQ(errors::ReasonOf(stated), v1::ERROR_REASON_MONEY_OVERFLOW);
}

}  // namespace
}  // namespace ipb::allocation
