// On-costs of employment, sick pay and free reablement, through a real server.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr char kShares[] =
    "shares { organisation: 'E10000019' basis: FUNDING_BASIS_CARE_ACT share { numerator: 3 denominator: 8 } "
    "} "
    "shares { organisation: 'QZZ' basis: FUNDING_BASIS_JOINT_PACKAGE share { numerator: 5 denominator: 8 } "
    "} ";

// Two personal assistants of 15 and 5 hours a week at the council's wage of 13.50, their on-costs, and their
// sick pay for as many weeks as the council holds.
v1::CreateBudgetRequest EmployingRequest(const std::string& person) {
  v1::CreateBudgetRequest request = JointRequest(person);
  request.mutable_components(0)->set_unit_rate("pa-wage-hour");
  constexpr char kPeople[] =
      "employments { wage_component_id: 'pa' minutes_per_week: 900 wage_band: WAGE_BAND_21_AND_OVER } "
      "employments { wage_component_id: 'pa' minutes_per_week: 300 wage_band: WAGE_BAND_18_TO_20 } ";
  *request.add_components() = Text<v1::BudgetComponent>(
      absl::StrCat("component_id: 'on-costs' description: 'Holiday, national insurance and pension' kind: "
                   "COMPONENT_KIND_ONGOING category: SPENDING_CATEGORY_PERSONAL_ASSISTANT ",
                   kShares, kPeople));
  *request.add_components() = Text<v1::BudgetComponent>(
      absl::StrCat("component_id: 'sick-pay' description: 'Sick pay' kind: COMPONENT_KIND_CONTINGENCY ",
                   kShares, kPeople));
  return request;
}

std::vector<std::string> StepsOf(const v1::Explanation& explanation) {
  std::vector<std::string> steps;
  for (const auto& step : explanation.steps()) steps.push_back(step.rule_id());
  return steps;
}

class EmploymentTest : public AllocationTest {};

// 15 * 13.50 = 202.50: holiday 24.44175, pension 0.03 * (202.50 - 120.00) = 2.475 as 10,530.00 a year reaches
// the trigger; 5 * 13.50 = 67.50: holiday 8.14725, below every bound. National insurance of 0.15 * (202.50
// - 96.00) = 15.975 is within the allowance. 24.44 + 2.48 + 8.15 = 35.07. Sick pay in June 2025: four weeks
// of 118.75 for the first, none for the second, who earns less than 125.00.
TEST_F(EmploymentTest, IsCostedWithoutKeeping) {
  v1::EvaluateAllocationRequest request;
  request.set_decision_date("2025-06-09");
  *request.mutable_components() = EmployingRequest("people/x").components();
  const auto reply = Must(&Stub::EvaluateAllocation, kCouncil, request);
  ASSERT_EQ(reply.costing().components_size(), 3);
  const v1::BudgetComponent& on_costs = reply.costing().components(1);
  ASSERT_EQ(on_costs.employments_size(), 2);
  EXPECT_EQ(on_costs.employments(0).wage_weekly_pence(), 20250);
  EXPECT_EQ(on_costs.employments(0).holiday_weekly_pence(), 2444);
  EXPECT_EQ(on_costs.employments(0).national_insurance_weekly_pence(), 1598);
  EXPECT_EQ(on_costs.employments(0).pension_weekly_pence(), 248);
  EXPECT_EQ(on_costs.employments(1).wage_weekly_pence(), 6750);
  EXPECT_EQ(on_costs.weekly_pence(), 3507);
  EXPECT_EQ(reply.costing().components(2).sick_pay_weeks(), 4);
  EXPECT_EQ(reply.costing().components(2).one_off_pence(), 47500);
  EXPECT_EQ(reply.costing().weekly_pence(), 27000 + 3507);
  EXPECT_THAT(StepsOf(reply.explanation()),
              IsSupersetOf({"EMPLOYMENT-WAGE", "EMPLOYMENT-ALLOWANCE", "COSTING-COMPONENT-ON-COSTS",
                            "EMPLOYMENT-SICK-PAY-BELOW-LIMIT", "COSTING-COMPONENT-SICK-PAY"}));
  request.set_decision_date("2026-06-09");
  EXPECT_EQ(Must(&Stub::EvaluateAllocation, kCouncil, request).costing().components(2).one_off_pence(),
            4 * (12325 + 5400))
      << "80 % of 67.50 for who earns little";
  request.set_decision_date("2024-06-09");
  EXPECT_EQ(DetailsOf(Refused(&Stub::EvaluateAllocation, kCouncil, request)).info.reason(), "NO_RATE");
}

TEST_F(EmploymentTest, RefusesAWageBelowTheMinimumWageWithTheLaw) {
  v1::EvaluateAllocationRequest request;
  request.set_decision_date("2025-06-09");
  *request.mutable_components() = EmployingRequest("people/x").components();
  request.mutable_components(0)->clear_unit_rate();
  request.mutable_components(0)->set_unit_rate_pence(1220);
  const grpc::Status status = Refused(&Stub::EvaluateAllocation, kCouncil, request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(DetailsOf(status).rules(), ElementsAre("EMPLOYMENT-MINIMUM-WAGE", "EMPLOYMENT-MINIMUM-WAGE"))
      << "the one of 21 and over, in both components";
  EXPECT_THAT(status.error_message(), HasSubstr("National Minimum Wage Act 1998"));
  EXPECT_THAT(status.error_message(), HasSubstr("£12.21"));
}

// What else stops a budget is told together with the wage.
TEST_F(EmploymentTest, ABudgetIsRefusedForEverythingAtOnce) {
  auto request = EmployingRequest(NewPerson());
  request.mutable_components(0)->clear_unit_rate();
  request.mutable_components(0)->set_unit_rate_pence(999);
  request.mutable_components(2)->clear_employments();
  request.mutable_components(2)->set_contingency_weeks(1);
  request.mutable_components(2)->mutable_shares(0)->set_organisation("QZZ");
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, request)).rules(),
              ElementsAre("EMPLOYMENT-MINIMUM-WAGE", "EMPLOYMENT-MINIMUM-WAGE",
                          "BUDGET-CARE-ACT-COUNCIL-FUNDS", "BUDGET-ONE-COUNCIL"));
}

TEST_F(EmploymentTest, IsAgreedRevisedAndGivenBackAsItWasSeen) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget created = Must(&Stub::CreateBudget, kCouncil, EmployingRequest(person));
  EXPECT_EQ(created.weekly_pence(), 30507);
  EXPECT_EQ(created.one_off_pence(), 47500);
  EXPECT_EQ(created.components(1).funder_amounts(0).weekly_pence() +
                created.components(1).funder_amounts(1).weekly_pence(),
            3507);
  EXPECT_EQ(created.care_act_weekly_pence() + created.other_public_weekly_pence(), 30507);
  v1::GetBudgetRequest get;
  get.set_name(created.name());
  const v1::Budget seen = Must(&Stub::GetBudget, kIcb, get);
  EXPECT_EQ(seen.components(1).employments(0).wage_weekly_pence(), 20250) << "both funders see what they pay";
  v1::ReviseBudgetRequest revise;
  revise.set_name(created.name());
  revise.set_effective_from_date("2025-06-09");
  *revise.mutable_components() = created.components();
  revise.mutable_components(1)->mutable_employments(0)->set_wage_weekly_pence(1);
  revise.mutable_decision()->set_reasons("the same again");
  const v1::Budget revised = Must(&Stub::ReviseBudget, kCouncil, revise);
  EXPECT_EQ(revised.components(1).SerializeAsString(), created.components(1).SerializeAsString());
  const v1::Budget agreed = Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(revised));
  EXPECT_EQ(agreed.state(), v1::Budget::STATE_AGREED);
  EXPECT_EQ(agreed.weekly_pence(), 30507);
  EXPECT_EQ(agreed.one_off_pence(), 47500);
  EXPECT_THAT(StepsOf(agreed.explanation()), Contains("AGREED-AS-ESTIMATED"));
}

TEST_F(EmploymentTest, RefusesWhatIsMissingOrHuge) {
  v1::EvaluateAllocationRequest request;
  request.set_decision_date("2025-06-09");
  *request.mutable_components() = EmployingRequest("people/x").components();
  v1::Employment& first = *request.mutable_components(1)->mutable_employments(0);
  first.clear_wage_component_id();
  first.clear_wage_band();
  first.set_minutes_per_week(10081);
  first.set_wage_weekly_pence(-1);
  request.mutable_components(1)->mutable_employments(1)->clear_minutes_per_week();
  request.mutable_components(1)->set_employment_allowance_used_pence(-1);
  request.mutable_components(2)->set_sick_pay_weeks(29);
  const grpc::Status status = Refused(&Stub::EvaluateAllocation, kCouncil, request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(
      DetailsOf(status).fields(),
      UnorderedElementsAre(
          "components[1].employments[0].wage_component_id", "components[1].employments[0].wage_band",
          "components[1].employments[0].minutes_per_week", "components[1].employments[0].wage_weekly_pence",
          "components[1].employments[1].minutes_per_week", "components[1].employment_allowance_used_pence",
          "components[2].sick_pay_weeks"));
}

TEST_F(EmploymentTest, TheSamePersonTwiceIsTwoEmployments) {
  v1::EvaluateAllocationRequest request;
  request.set_decision_date("2025-06-09");
  *request.mutable_components() = EmployingRequest("people/x").components();
  v1::BudgetComponent& on_costs = *request.mutable_components(1);
  on_costs.clear_employments();
  const auto person =
      Text<v1::Employment>("wage_component_id: 'pa' minutes_per_week: 24 wage_band: WAGE_BAND_21_AND_OVER");
  for (int i = 0; i < 50; ++i) *on_costs.add_employments() = person;
  const auto reply = Must(&Stub::EvaluateAllocation, kCouncil, request);
  EXPECT_EQ(reply.costing().components(1).weekly_pence(), 50 * 65) << "0.1207 * 5.40 = 0.65178";
  *on_costs.add_employments() = person;
  EXPECT_THAT(DetailsOf(Refused(&Stub::EvaluateAllocation, kCouncil, request)).fields(),
              ElementsAre("components[1].employments"));
}

TEST_F(EmploymentTest, RefusesEmploymentsWithoutTheirWages) {
  v1::EvaluateAllocationRequest request;
  request.set_decision_date("2025-06-09");
  *request.mutable_components() = EmployingRequest("people/x").components();
  request.mutable_components(0)->set_minutes_per_week(1199);
  request.mutable_components(1)->set_unit_rate("pa-hour");
  request.mutable_components(2)->mutable_employments(0)->set_wage_component_id("sick-pay");
  EXPECT_THAT(DetailsOf(Refused(&Stub::EvaluateAllocation, kCouncil, request)).fields(),
              UnorderedElementsAre("components[1]", "components[1].employments[1].minutes_per_week",
                                   "components[2].employments[0].wage_component_id"));
}

// The NHS body of the example says of no week of sick pay; nothing is assumed for it.
TEST_F(EmploymentTest, WeeksOfSickPayAreTheCallersToSay) {
  v1::EvaluateAllocationRequest request;
  request.set_decision_date("2025-06-09");
  *request.mutable_components() = EmployingRequest("people/x").components();
  request.mutable_components(0)->set_unit_rate("pa-hour");
  EXPECT_EQ(DetailsOf(Refused(&Stub::EvaluateAllocation, kIcb, request)).info.reason(), "NO_RATE");
  request.mutable_components(2)->set_sick_pay_weeks(1);
  EXPECT_EQ(Must(&Stub::EvaluateAllocation, kIcb, request).costing().components(2).one_off_pence(), 11875);
}

TEST_F(EmploymentTest, FreeReablementIsLeftOutOfTheStatementAndPaidAllTheSame) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  auto request = JointRequest(person);
  v1::BudgetComponent& reablement = *request.add_components() = request.components(0);
  reablement.set_component_id("reablement");
  reablement.set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
  reablement.set_no_charge_from_date("2025-06-02");
  const v1::Budget budget = Must(&Stub::CreateBudget, kCouncil, request);
  EXPECT_EQ(budget.weekly_pence(), 64800);
  EXPECT_EQ(budget.care_act_weekly_pence(), 12150);
  EXPECT_EQ(budget.other_public_weekly_pence(), 40500);
  EXPECT_EQ(budget.contribution_weekly_pence() + budget.council_net_weekly_pence(), 12150);
  EXPECT_THAT(StepsOf(budget.explanation()), Contains("STATEMENT-FREE-REABLEMENT"));
  v1::GetBudgetRequest get;
  get.set_name(budget.name());
  EXPECT_THAT(StepsOf(Must(&Stub::GetBudget, kIcb, get).explanation()),
              Not(Contains("STATEMENT-FREE-REABLEMENT")));
  const v1::Budget agreed = Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(budget));
  EXPECT_EQ(agreed.care_act_weekly_pence(), 12150);
  EXPECT_EQ(agreed.components(1).funder_amounts(0).weekly_pence(), 12150);
}

}  // namespace
}  // namespace ipb::allocation
