// Which budgets of a person are cases of a simulation of the live caseload, and what is known of each.
#include "services/allocation/rules/caseload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/rules/allocation/uplift_person.h"
#include "tests/support/text.h"

namespace ipb::allocation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::CivilDay kDay(2025, 6, 16);

// A budget of one component, in effect on the day.
v1::Budget Costing(int number, int64_t weekly_pence, const std::vector<v1::FundingShare>& shares) {
  v1::Budget budget = Agreed(number, {Weekly("care", weekly_pence, shares)});
  budget.set_weekly_pence(weekly_pence);
  budget.clear_plan();
  return budget;
}

class CaseloadTest : public ::testing::Test {
 protected:
  std::vector<v1::SimulationCase> Cases() { return CasesOf(person_, kCouncil, kDay, cohorts_); }
  std::vector<std::string> Keys() {
    std::vector<std::string> keys;
    for (const v1::SimulationCase& one : Cases()) keys.push_back(one.key());
    return keys;
  }
  std::string Cohort() {
    const std::vector<v1::SimulationCase> cases = Cases();
    return cases.size() == 1 ? cases.front().cohort() : absl::StrCat(cases.size(), " cases");
  }
  v1::FinancialAssessment& Assess(const std::string& birth_date) {
    v1::FinancialAssessment& assessment = person_.assessments.emplace_back();
    assessment.set_organisation(kCouncil);
    assessment.set_effective_from_date("2025-04-06");
    *assessment.mutable_facts() = Single(birth_date);
    return assessment;
  }
  void Divide(const std::string& cohort) { *cohorts_.Add() = testing::Text<v1::CaseloadCohort>(cohort); }

  BudgetFacts person_;
  CaseloadCohorts cohorts_;
};

TEST_F(CaseloadTest, TakesWhatIsOnRecordOfALiveBudget) {
  v1::Budget told = Costing(1, 28000, OfCouncil()), agreed = Costing(2, 32000, OfCouncil());
  told.set_state(v1::Budget::STATE_SUPERSEDED);
  agreed.set_indicative_budget(told.name());
  person_.others = {told, agreed};
  AddIncome(*Assess("1950-01-01").mutable_facts(), v1::INCOME_KIND_STATE_PENSION, 23025);
  const std::vector<v1::SimulationCase> cases = Cases();
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(cases[0].key(), "people/a/budgets/2");
  EXPECT_EQ(cases[0].cohort(), "");
  EXPECT_EQ(cases[0].indicative_weekly_pence(), 28000);
  EXPECT_EQ(cases[0].agreed_weekly_pence(), 32000);
  EXPECT_EQ(cases[0].facts().income(0).weekly_pence(), 23025);
  ASSERT_EQ(cases[0].lines_size(), 1);
  EXPECT_EQ(cases[0].lines(0).weekly_pence(), 32000);
  EXPECT_EQ(cases[0].lines(0).basis(), v1::FUNDING_BASIS_CARE_ACT);
}

TEST_F(CaseloadTest, LeavesOutWhatHoldsNoMoneyOfTheCallersOnTheDay) {
  v1::Budget indicative = Costing(1, 10000, OfCouncil()), shadow = Costing(2, 10000, OfCouncil()),
             later = Costing(3, 10000, OfCouncil()), over = Costing(4, 10000, OfCouncil()),
             ended = Costing(5, 10000, OfCouncil()), nothing = Costing(6, 0, OfCouncil());
  indicative.set_state(v1::Budget::STATE_INDICATIVE);
  shadow.set_mode(v1::Budget::MODE_SHADOW);
  later.set_effective_from_date("2025-06-17");
  over.set_effective_to_date("2025-06-15");
  ended.set_state(v1::Budget::STATE_ENDED);
  const v1::Budget others = Costing(7, 10000, {Share(kIcb, v1::FUNDING_BASIS_CHC, 1, 1)});
  person_.others = {indicative, shadow, later, over, ended, nothing, others};
  EXPECT_THAT(Keys(), IsEmpty());
  person_.others.push_back(Costing(8, 10000, OfCouncil()));
  person_.others.back().set_effective_to_date("2025-06-16");
  EXPECT_THAT(Keys(), ElementsAre("people/a/budgets/8"));
  person_.death_date = "2025-06-16";
  EXPECT_THAT(Keys(), SizeIs(1));
  person_.death_date = "2025-06-15";
  EXPECT_THAT(Keys(), IsEmpty());
}

// An uplift made a budget of its own: the one before holds until the day before.
TEST_F(CaseloadTest, TakesTheBudgetOfTheDayAndWhatWasAgreedWithThePlan) {
  v1::Budget agreed = Costing(1, 30000, OfCouncil()), uplifted = Costing(2, 31000, OfCouncil());
  agreed.set_state(v1::Budget::STATE_SUPERSEDED);
  agreed.set_effective_to_date("2025-06-29");
  uplifted.set_effective_from_date("2025-06-30");
  uplifted.set_agreed_budget(agreed.name());
  person_.others = {agreed, uplifted};
  EXPECT_THAT(Keys(), ElementsAre("people/a/budgets/1"));
  const std::vector<v1::SimulationCase> then =
      CasesOf(person_, kCouncil, absl::CivilDay(2025, 6, 30), cohorts_);
  ASSERT_THAT(then, SizeIs(1));
  EXPECT_EQ(then[0].key(), "people/a/budgets/2");
  EXPECT_EQ(then[0].lines(0).weekly_pence(), 31000);
  EXPECT_EQ(then[0].agreed_weekly_pence(), 30000);
}

TEST_F(CaseloadTest, GivesNoMeansWhereNoAssessmentHolds) {
  person_.others = {Costing(1, 10000, OfCouncil())};
  Assess("1950-01-01").set_effective_from_date("2025-06-17");
  Assess("1950-01-01").set_organisation("E06000001");
  EXPECT_FALSE(Cases()[0].has_facts());
}

TEST_F(CaseloadTest, BelongsToTheFirstCohortThatFits) {
  person_.others = {Costing(1, 10000, OfCouncil())};
  // 65 on the day itself.
  Assess("1960-06-16");
  EXPECT_EQ(Cohort(), "");
  Divide("cohort: 'young' to_age_years: 64");
  Divide("cohort: 'very-old' from_age_years: 90 to_age_years: 120");
  EXPECT_EQ(Cohort(), "");
  Divide("cohort: 'just' from_age_years: 65 to_age_years: 65");
  Divide("cohort: 'old' from_age_years: 65");
  EXPECT_EQ(Cohort(), "just");
  person_.assessments[0].mutable_facts()->mutable_household()->set_birth_date("1950-01-01");
  EXPECT_EQ(Cohort(), "old");
  person_.assessments.clear();
  EXPECT_EQ(Cohort(), "") << "an age that nobody knows";
  Divide("cohort: 'everybody'");
  EXPECT_EQ(Cohort(), "everybody");
}

TEST_F(CaseloadTest, TellsCohortsApartByBasisAndWhereNeedsAreMet) {
  person_.others = {Costing(1, 10000,
                            {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 2),
                             Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 1, 2)})};
  v1::FinancialFacts& facts = *Assess("1950-01-01").mutable_facts();
  Divide("cohort: 'nursing' basis: FUNDING_BASIS_FNC");
  Divide("cohort: 'short' setting: CARE_SETTING_SHORT_TERM_RESIDENT");
  Divide("cohort: 'for-good' setting: CARE_SETTING_PERMANENT_RESIDENT");
  Divide("cohort: 'joint' setting: CARE_SETTING_OUTSIDE_CARE_HOME basis: FUNDING_BASIS_JOINT_PACKAGE");
  EXPECT_EQ(Cohort(), "joint");
  facts.mutable_stay()->set_setting(v1::CARE_SETTING_SHORT_TERM_RESIDENT);
  facts.mutable_stay()->set_first_date("2025-06-16");
  EXPECT_EQ(Cohort(), "short");
  facts.mutable_stay()->set_permanent_from_date("2025-06-16");
  EXPECT_EQ(Cohort(), "for-good");
  facts.mutable_stay()->set_first_date("2025-06-17");
  EXPECT_EQ(Cohort(), "joint") << "the stay has not begun";
}

TEST_F(CaseloadTest, TakesWhatACallerKnowsOfABudgetThatTheyName) {
  person_.others = {Costing(1, 10000, OfCouncil()), Costing(2, 20000, OfCouncil())};
  v1::CaseloadBudget named;
  named.set_name("people/a/budgets/2");
  named.set_spent_weekly_pence(15000);
  std::optional<v1::SimulationCase> one = CaseOf(named, Cases());
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->key(), "people/a/budgets/2");
  EXPECT_EQ(one->agreed_weekly_pence(), 20000);
  EXPECT_EQ(one->spent_weekly_pence(), 15000);
  EXPECT_FALSE(one->has_needs());
  named.mutable_needs()->set_table("adults");
  one = CaseOf(named, Cases());
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->needs().table(), "adults");
  named.set_name("people/a/budgets/3");
  EXPECT_FALSE(CaseOf(named, Cases()).has_value());
}

}  // namespace
}  // namespace ipb::allocation
