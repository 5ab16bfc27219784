// The merged list of Care Act 2014 s25 and of a good personal health budget plan: a complete plan passes, and taking
// any one item away gives exactly its code.
#include "services/careplanning/rules/plan_check.h"

#include <gmock/gmock.h>

#include <functional>

#include "common/errors/errors.h"
#include "tests/rules/careplanning/examples.h"

namespace ipb::careplanning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> Gaps(const v1::Plan& plan, const BudgetFacts& budget = JointBudget()) {
  const auto check = CheckPlan(plan, budget, ShippedPolicy(), kToday);
  if (!check.ok()) return {std::string(check.status().message())};
  return check->gaps.RuleIds();
}

std::vector<std::string> RulesApplied(const v1::Plan& plan, const BudgetFacts& budget) {
  const auto check = CheckPlan(plan, budget, ShippedPolicy(), kToday);
  std::vector<std::string> rules;
  const v1::Explanation explanation = check->trace.Render(kRuleSetVersion, "test");
  for (const auto& step : explanation.steps()) rules.push_back(step.rule_id());
  return rules;
}

struct Removal {
  const char* what;
  const char* code;
  std::function<void(v1::Plan&)> remove;
};

std::ostream& operator<<(std::ostream& out, const Removal& removal) { return out << removal.what; }

v1::PlanLine& Line(v1::Plan& plan, int index) { return *plan.mutable_lines(index); }

// Sources: Care Act 2014 s25(1)-(2) for CA; the nine criteria of a good plan (Peoplehub) for PHB; s26, s33(3)
// for lines.
const Removal kRemovals[] = {
    {"assessment", "PLAN-CA-1", [](v1::Plan& p) { p.clear_assessment(); }},
    {"description of a need", "PLAN-CA-1", [](v1::Plan& p) { p.mutable_needs(0)->set_description("  "); }},
    {"eligibility", "PLAN-CA-2", [](v1::Plan& p) { p.mutable_needs(0)->clear_eligibility(); }},
    {"who meets a need", "PLAN-CA-3", [](v1::Plan& p) { p.mutable_needs(0)->clear_meeting_organisation(); }},
    {"well-being areas", "PLAN-CA-4", [](v1::Plan& p) { p.mutable_outcomes(0)->clear_wellbeing_areas(); }},
    {"budget", "PLAN-CA-5", [](v1::Plan& p) { p.clear_budget(); }},
    {"advice on reducing", "PLAN-CA-6", [](v1::Plan& p) { p.mutable_advice()->clear_reducing_needs(); }},
    {"advice on preventing", "PLAN-CA-7", [](v1::Plan& p) { p.mutable_advice()->clear_preventing_needs(); }},
    {"amount of the payment", "PLAN-CA-8",
     [](v1::Plan& p) { p.mutable_direct_payment()->clear_weekly_pence(); }},
    {"another amount", "PLAN-CA-8", [](v1::Plan& p) { p.mutable_direct_payment()->set_weekly_pence(29999); }},
    {"frequency", "PLAN-CA-8", [](v1::Plan& p) { p.mutable_direct_payment()->clear_frequency(); }},
    {"frequency that does not fit", "PLAN-CA-8",
     [](v1::Plan& p) { p.mutable_direct_payment()->set_frequency(v1::PAYMENT_FREQUENCY_ONCE); }},
    {"about", "PLAN-PHB-1", [](v1::Plan& p) { p.mutable_profile()->clear_about(); }},
    {"strengths", "PLAN-PHB-1", [](v1::Plan& p) { p.mutable_profile()->clear_strengths(); }},
    {"social context", "PLAN-PHB-1", [](v1::Plan& p) { p.mutable_profile()->clear_social_context(); }},
    {"health summary", "PLAN-PHB-1", [](v1::Plan& p) { p.mutable_profile()->clear_health_summary(); }},
    {"how it was decided without capacity", "PLAN-PHB-1",
     [](v1::Plan& p) { p.mutable_capacity()->set_lacks_capacity(true); }},
    {"working", "PLAN-PHB-2", [](v1::Plan& p) { p.mutable_profile()->clear_working(); }},
    {"not working", "PLAN-PHB-2", [](v1::Plan& p) { p.mutable_profile()->clear_not_working(); }},
    {"matters to", "PLAN-PHB-3", [](v1::Plan& p) { p.mutable_profile()->clear_matters_to_person(); }},
    {"matters for", "PLAN-PHB-3", [](v1::Plan& p) { p.mutable_profile()->clear_matters_for_health(); }},
    {"risks", "PLAN-PHB-4", [](v1::Plan& p) { p.mutable_safety()->clear_risks(); }},
    {"mitigation", "PLAN-PHB-4",
     [](v1::Plan& p) { p.mutable_safety()->mutable_risks(0)->clear_mitigation(); }},
    {"contingency plan", "PLAN-PHB-4", [](v1::Plan& p) { p.mutable_safety()->clear_contingency_plan(); }},
    {"NHS contact", "PLAN-PHB-4", [](v1::Plan& p) { p.mutable_safety()->clear_nhs_contact(); }},
    {"how an outcome is achieved", "PLAN-PHB-5",
     [](v1::Plan& p) { p.mutable_outcomes(0)->clear_how_achieved(); }},
    {"money summary", "PLAN-PHB-6", [](v1::Plan& p) { p.clear_money_summary(); }},
    {"actions", "PLAN-PHB-7", [](v1::Plan& p) { p.clear_actions(); }},
    {"date of an action", "PLAN-PHB-7", [](v1::Plan& p) { p.mutable_actions(0)->clear_by_date(); }},
    {"co-ordinator", "PLAN-PHB-8", [](v1::Plan& p) { p.clear_care_coordinator(); }},
    {"monitoring of money", "PLAN-PHB-9",
     [](v1::Plan& p) { p.mutable_monitoring()->clear_money_monitoring(); }},
    {"signs of going wrong", "PLAN-PHB-9",
     [](v1::Plan& p) { p.mutable_monitoring()->clear_going_wrong_signs(); }},
    {"outcome of a line", "PLAN-LINE-OUTCOME", [](v1::Plan& p) { Line(p, 1).clear_outcome_ids(); }},
    {"unknown outcome of a line", "PLAN-LINE-OUTCOME",
     [](v1::Plan& p) { Line(p, 1).set_outcome_ids(0, "o9"); }},
    {"need of a line", "PLAN-LINE-NEED", [](v1::Plan& p) { Line(p, 1).clear_need_ids(); }},
    {"part of the budget", "PLAN-LINE-COMPONENT", [](v1::Plan& p) { Line(p, 1).set_component_id("other"); }},
    {"cost", "PLAN-LINE-COST", [](v1::Plan& p) { Line(p, 1).clear_one_off_pence(); }},
    {"how a line is held", "PLAN-LINE-HELD", [](v1::Plan& p) { Line(p, 1).clear_management_option(); }},
    {"a cost within the budget", "PLAN-BUDGET-COST",
     [](v1::Plan& p) { Line(p, 1).set_one_off_pence(90001); }},
    {"the current budget", "PLAN-BUDGET-CURRENT", [](v1::Plan& p) { p.set_budget("people/p1/budgets/2"); }},
    {"lawful spending", "PLAN-LINE-EXCLUDED",
     [](v1::Plan& p) { Line(p, 1).set_category(v1::SPENDING_CATEGORY_DENTAL_OPTICAL); }},
    {"an open direct payment", "PLAN-DP-BARRED",
     [](v1::Plan& p) { p.mutable_direct_payment()->add_bars(v1::DIRECT_PAYMENT_BAR_DRUG_REHABILITATION); }},
};

class RemovalTest : public ::testing::TestWithParam<Removal> {};

TEST_P(RemovalTest, GivesExactlyItsCode) {
  v1::Plan plan = CompletePlan();
  GetParam().remove(plan);
  EXPECT_THAT(Gaps(plan), ElementsAre(GetParam().code));
}

INSTANTIATE_TEST_SUITE_P(MergedList, RemovalTest, ::testing::ValuesIn(kRemovals));

TEST(PlanCheckTest, CompletePlanPasses) { EXPECT_THAT(Gaps(CompletePlan()), IsEmpty()); }

TEST(PlanCheckTest, EmptyPlanIsToldEverythingAtOnce) {
  v1::Plan plan;
  plan.set_kind(v1::Plan::KIND_FULL);
  plan.set_budget("people/p1/budgets/1");
  plan.set_start_date("2026-05-04");
  EXPECT_THAT(Gaps(plan), ElementsAre("PLAN-CA-1", "PLAN-CA-4", "PLAN-CA-6", "PLAN-CA-7", "PLAN-PHB-1",
                                      "PLAN-PHB-2", "PLAN-PHB-3", "PLAN-PHB-4", "PLAN-PHB-5", "PLAN-PHB-6",
                                      "PLAN-PHB-7", "PLAN-PHB-8", "PLAN-PHB-9", "PLAN-LINE-NONE"));
}

TEST(PlanCheckTest, CouncilMoneyAloneAsksOnlyTheCouncilsList) {
  const BudgetFacts budget = BudgetOf(kCouncil, v1::FUNDING_BASIS_CARE_ACT);
  v1::Plan plan = CompletePlan();
  plan.clear_profile();
  plan.clear_safety();
  plan.clear_actions();
  EXPECT_THAT(Gaps(plan, budget), IsEmpty());
  EXPECT_THAT(RulesApplied(plan, budget), ElementsAre("PLAN-CHECK-CARE-ACT"));
}

TEST(PlanCheckTest, NhsMoneyAloneAsksOnlyTheHealthList) {
  const BudgetFacts budget = BudgetOf(kIcb, v1::FUNDING_BASIS_CHC);
  v1::Plan plan = CompletePlan();
  plan.clear_advice();
  plan.clear_assessment();
  EXPECT_THAT(Gaps(plan, budget), IsEmpty());
  EXPECT_THAT(RulesApplied(plan, budget), ElementsAre("PLAN-CHECK-HEALTH-BUDGET"));
  plan.mutable_direct_payment()->clear_frequency();
  EXPECT_THAT(Gaps(plan, budget), ElementsAre("PLAN-DP-AMOUNT"));
}

TEST(PlanCheckTest, ListsFollowTheBudgetBeforeThereAreLines) {
  v1::Plan plan = CompletePlan();
  plan.clear_lines();
  EXPECT_THAT(RulesApplied(plan, JointBudget()),
              ElementsAre("PLAN-CHECK-CARE-ACT", "PLAN-CHECK-HEALTH-BUDGET"));
}

TEST(PlanCheckTest, NeedMetWithoutMoneyIsMet) {
  v1::Plan plan = CompletePlan();
  v1::PlanNeed* need = plan.add_needs();
  need->set_need_id("n3");
  need->set_description("company in the evening");
  need->set_eligibility(v1::NEED_ELIGIBILITY_ELIGIBLE);
  EXPECT_THAT(Gaps(plan), ElementsAre("PLAN-CA-3"));
  need->set_how_met("her sister is willing and able");
  EXPECT_THAT(Gaps(plan), IsEmpty());
}

TEST(PlanCheckTest, FunderWhoseKindIsUnknownIsRefusedAndNotPassedOver) {
  EXPECT_THAT(Gaps(CompletePlan(), BudgetOf("XYZ", v1::FUNDING_BASIS_CARE_ACT)),
              ElementsAre("PLAN-LINE-FUNDER", "PLAN-LINE-FUNDER"));
}

// Care Act 2014 s10(5)-(6), s20(7): a carer's support plan.
TEST(PlanCheckTest, CarersPlanSaysWhatTheCarerCanAndWants) {
  const BudgetFacts budget = BudgetOf(kCouncil, v1::FUNDING_BASIS_CARE_ACT);
  v1::Plan plan = CompletePlan();
  plan.set_form(v1::Plan::FORM_CARER);
  plan.mutable_carer_matters()->set_met_by_care_to_adult(true);
  EXPECT_THAT(Gaps(plan, budget), ElementsAre("PLAN-CARER-1", "PLAN-CARER-2"));
  plan.mutable_carer_matters()->set_able_and_willing("able, and willing on weekdays");
  plan.mutable_carer_matters()->set_work_and_recreation("works part time");
  plan.mutable_carer_matters()->set_adult_agrees(true);
  EXPECT_THAT(Gaps(plan, budget), IsEmpty());
}

// Local interim limit: 42 days for the council, 84 for the ICB; the shorter holds, first and last day
// counted.
TEST(PlanCheckTest, InterimPlanNeedsTheShortListOnly) {
  EXPECT_THAT(Gaps(InterimPlan()), IsEmpty());
  const Removal removals[] = {
      {"urgency", "PLAN-INTERIM-1", [](v1::Plan& p) { p.clear_urgency_reasons(); }},
      {"expiry", "PLAN-INTERIM-3", [](v1::Plan& p) { p.clear_expiry_date(); }},
      {"43rd day", "PLAN-INTERIM-3", [](v1::Plan& p) { p.set_expiry_date("2026-06-15"); }},
      {"review", "PLAN-INTERIM-4", [](v1::Plan& p) { p.clear_review_date(); }},
      {"late review", "PLAN-INTERIM-4", [](v1::Plan& p) { p.set_review_date("2026-06-15"); }},
      {"early review", "PLAN-INTERIM-4", [](v1::Plan& p) { p.set_review_date("2026-05-03"); }},
      {"contingency", "PLAN-INTERIM-5", [](v1::Plan& p) { p.mutable_safety()->clear_contingency_plan(); }},
      {"payment", "PLAN-CA-8", [](v1::Plan& p) { p.clear_direct_payment(); }},
  };
  for (const Removal& removal : removals) {
    v1::Plan plan = InterimPlan();
    removal.remove(plan);
    EXPECT_THAT(Gaps(plan), ElementsAre(removal.code)) << removal.what;
  }
}

// Care Act 2014 s19(3): money that is neither determined nor means-tested has a last day, and no plan
// outlasts it.
TEST(PlanCheckTest, NoPlanOutlastsTheMoneyForAnUrgentNeed) {
  BudgetFacts budget = JointBudget();
  const auto gaps = [&budget](const v1::Plan& plan) {
    std::vector<std::string> rules;
    const auto check = CheckPlan(plan, budget, ShippedPolicy(), kToday);
    for (const auto& violation : check->gaps.violations()) rules.emplace_back(violation.rule_id);
    return rules;
  };
  budget.last_day = absl::CivilDay(2026, 6, 14);
  EXPECT_THAT(gaps(InterimPlan()), IsEmpty());
  EXPECT_THAT(gaps(CompletePlan()), ElementsAre("PLAN-BUDGET-ENDS"));
  budget.last_day = absl::CivilDay(2026, 6, 13);
  EXPECT_THAT(gaps(InterimPlan()), ElementsAre("PLAN-BUDGET-ENDS"));
}

TEST(PlanCheckTest, InterimPlanWithoutALimitInPolicyIsNotDecided) {
  PlanPolicy policy = ShippedPolicy();
  policy.local.clear();
  const auto check = CheckPlan(InterimPlan(), JointBudget(), policy, kToday);
  EXPECT_EQ(errors::ReasonOf(check.status()), v1::ERROR_REASON_NO_RATE);
}

TEST(PlanCheckTest, FindingsSayTheirSourceAndRemedy) {
  v1::Plan plan = CompletePlan();
  plan.mutable_direct_payment()->set_weekly_pence(1);
  const auto check = CheckPlan(plan, JointBudget(), ShippedPolicy(), kToday);
  const auto& violations = check->gaps.violations();
  ASSERT_THAT(violations, Not(IsEmpty()));
  EXPECT_EQ(violations[0].subject, "direct_payment");
  EXPECT_THAT(violations[0].description, ::testing::HasSubstr("(Care Act 2014 s25(2))"));
  EXPECT_THAT(violations[0].description, ::testing::HasSubstr("state £300.00 a week and £0.00 once"));
}

// SI 2014/2871 reg 6: at most 28 nights by a council's direct payment; not limited for the NHS.
TEST(PlanCheckTest, CareHomeNightsOfACouncilsDirectPaymentAreLimited) {
  v1::Plan plan = CompletePlan();
  plan.mutable_lines(0)->set_category(v1::SPENDING_CATEGORY_CARE_HOME);
  plan.mutable_lines(0)->set_care_home_nights(28);
  EXPECT_THAT(Gaps(plan), IsEmpty());
  plan.mutable_lines(0)->set_care_home_nights(29);
  EXPECT_THAT(Gaps(plan), ElementsAre("PLAN-LINE-CARE-HOME"));
  EXPECT_THAT(Gaps(plan, BudgetOf(kIcb, v1::FUNDING_BASIS_CHC)), IsEmpty());
}

}  // namespace
}  // namespace ipb::careplanning
