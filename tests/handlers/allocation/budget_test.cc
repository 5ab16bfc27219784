// Means, estimates and revisions, through a real server.
#include <gmock/gmock.h>

#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BudgetTest : public AllocationTest {};

TEST_F(BudgetTest, AnAssessmentHoldsUntilTheNext) {
  const std::string person = NewPerson();
  const auto first = Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  EXPECT_EQ(first.name(), person + "/financialAssessments/1");
  EXPECT_EQ(first.organisation(), "E10000019");
  EXPECT_EQ(first.decision().decider(), "staff-1");
  EXPECT_EQ(first.result().outcome(), v1::MEANS_OUTCOME_ASSESSED);
  EXPECT_GT(first.explanation().steps_size(), 0);
  auto later = MeansRequest(person);
  later.set_effective_from_date("2025-06-01");
  const auto second = Must(&Stub::RecordFinancialAssessment, kCouncil, later);
  v1::GetFinancialAssessmentRequest get;
  get.set_name(first.name());
  const auto ended = Must(&Stub::GetFinancialAssessment, kCouncil, get);
  EXPECT_EQ(ended.effective_to_date(), "2025-05-31");
  EXPECT_EQ(ended.superseded_by(), second.name());
  EXPECT_EQ(ended.explanation().steps_size(), first.explanation().steps_size());
}

TEST_F(BudgetTest, AssessmentsAreListedAsTheyHoldAndWereKnown) {
  const std::string person = NewPerson();
  const auto first = Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  suite_->clock().Advance(absl::Hours(1));
  auto later = MeansRequest(person);
  later.set_effective_from_date("2025-06-01");
  const auto second = Must(&Stub::RecordFinancialAssessment, kCouncil, later);
  v1::ListFinancialAssessmentsRequest list;
  list.set_parent(person);
  auto listed = Must(&Stub::ListFinancialAssessments, kCouncil, list);
  ASSERT_EQ(listed.financial_assessments_size(), 2);
  EXPECT_EQ(listed.financial_assessments(0).effective_to_date(), "2025-05-31");
  EXPECT_EQ(listed.financial_assessments(1).name(), second.name());
  EXPECT_FALSE(listed.financial_assessments(1).has_explanation());
  list.set_as_of_date("2025-06-01");
  listed = Must(&Stub::ListFinancialAssessments, kCouncil, list);
  ASSERT_EQ(listed.financial_assessments_size(), 1);
  EXPECT_EQ(listed.financial_assessments(0).name(), second.name());
  *list.mutable_as_known_at() = first.recorded_time();
  listed = Must(&Stub::ListFinancialAssessments, kCouncil, list);
  ASSERT_EQ(listed.financial_assessments_size(), 1) << "the first was open then";
  EXPECT_EQ(listed.financial_assessments(0).name(), first.name());
  EXPECT_EQ(listed.financial_assessments(0).effective_to_date(), "");
  list.clear_as_of_date();
  list.clear_as_known_at();
  list.set_page_size(1);
  listed = Must(&Stub::ListFinancialAssessments, kCouncil, list);
  ASSERT_EQ(listed.financial_assessments_size(), 1);
  list.set_page_token(listed.next_page_token());
  EXPECT_EQ(Must(&Stub::ListFinancialAssessments, kCouncil, list).financial_assessments(0).name(),
            second.name());
  list.set_page_token("of another list");
  EXPECT_EQ(Refused(&Stub::ListFinancialAssessments, kCouncil, list).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Refused(&Stub::ListFinancialAssessments, kIcb, list).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(BudgetTest, TheMeansTestIsForCouncilsOfThePersonOnly) {
  const std::string person = NewPerson();
  const auto request = MeansRequest(person);
  EXPECT_EQ(Refused(&Stub::RecordFinancialAssessment, kIcb, request).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Refused(&Stub::RecordFinancialAssessment, kStranger, request).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Refused(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest("people/nobody")).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(BudgetTest, AssessmentsAreReplayedAndPreviewed) {
  const std::string person = NewPerson();
  auto request = MeansRequest(person);
  request.set_validate_only(true);
  const auto preview = Must(&Stub::RecordFinancialAssessment, kCouncil, request);
  EXPECT_FALSE(preview.preview_token().empty());
  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  request.set_request_id(testing::NewRequestId());
  const auto recorded = Must(&Stub::RecordFinancialAssessment, kCouncil, request);
  EXPECT_EQ(recorded.name(), person + "/financialAssessments/1");
  EXPECT_EQ(Must(&Stub::RecordFinancialAssessment, kCouncil, request).etag(), recorded.etag());
  request.mutable_facts()->mutable_income(0)->set_weekly_pence(17000);
  EXPECT_EQ(DetailsOf(Refused(&Stub::RecordFinancialAssessment, kCouncil, request)).info.reason(),
            "REQUEST_ID_REUSED");
}

TEST_F(BudgetTest, EvaluatesWithoutKeeping) {
  auto charge = Text<v1::EvaluateChargeRequest>(
      "lines { basis: FUNDING_BASIS_CARE_ACT weekly_pence: 20000 } decision_date: '2025-06-09'");
  *charge.mutable_facts() = MeansRequest("people/x").facts();
  const auto charged = Must(&Stub::EvaluateCharge, kCouncil, charge);
  EXPECT_EQ(charged.charge().charge_weekly_pence() + charged.charge().council_pays_weekly_pence(), 20000);
  EXPECT_EQ(Refused(&Stub::EvaluateCharge, kIcb, charge).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  v1::EvaluateAllocationRequest cost;
  cost.set_decision_date("2025-06-09");
  *cost.mutable_components() = JointRequest("people/x").components();
  EXPECT_EQ(Must(&Stub::EvaluateAllocation, kCouncil, cost).costing().weekly_pence(), 32400);
  EXPECT_EQ(Must(&Stub::EvaluateAllocation, kIcb, cost).costing().weekly_pence(), 33600);
  cost.set_decision_date("2020-01-01");
  EXPECT_EQ(DetailsOf(Refused(&Stub::EvaluateAllocation, kCouncil, cost)).info.reason(), "NO_RATE");
}

TEST_F(BudgetTest, EachSeesOfABudgetWhatIsForItsEyes) {
  const std::string person = NewPerson();
  const auto assessed = Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget created = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  EXPECT_EQ(created.state(), v1::Budget::STATE_INDICATIVE);
  EXPECT_EQ(created.weekly_pence(), 32400);
  EXPECT_EQ(created.contribution_weekly_pence(), assessed.result().maximum_weekly_pence());
  EXPECT_EQ(created.financial_assessment(), assessed.name());
  v1::GetBudgetRequest get;
  get.set_name(created.name());
  const v1::Budget council = Must(&Stub::GetBudget, kCouncil, get);
  EXPECT_EQ(council.SerializeAsString(), created.SerializeAsString());
  const v1::Budget nhs = Must(&Stub::GetBudget, kIcb, get);
  EXPECT_EQ(nhs.weekly_pence(), 32400);
  EXPECT_EQ(nhs.funder_totals(0).weekly_pence(), 12150);
  EXPECT_EQ(nhs.contribution_weekly_pence(), 0);
  EXPECT_EQ(nhs.council_net_weekly_pence(), 0);
  EXPECT_FALSE(nhs.charge_assessed());
  EXPECT_THAT(nhs.financial_assessment(), IsEmpty());
  EXPECT_LT(nhs.explanation().steps_size(), council.explanation().steps_size());
  for (const auto& step : nhs.explanation().steps()) EXPECT_NE(step.purpose(), v1::PURPOSE_MEANS);
}

TEST_F(BudgetTest, RefusesWhatIsNotWellFormedAllAtOnce) {
  auto request = JointRequest(NewPerson());
  request.set_effective_from_date("9 June");
  request.clear_mode();
  request.mutable_components(0)->set_component_id("PA");
  const grpc::Status status = Refused(&Stub::CreateBudget, kCouncil, request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(DetailsOf(status).fields(),
              ::testing::UnorderedElementsAre("mode", "effective_from_date", "components[0].component_id"));
}

TEST_F(BudgetTest, FundersAreTheBodiesThatLawNames) {
  auto request = JointRequest(NewPerson());
  request.mutable_components(0)->mutable_shares(0)->set_organisation("QZZ");
  request.mutable_components(0)->mutable_shares(1)->set_organisation("E10000019");
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, request)).rules(),
              ElementsAre("BUDGET-CARE-ACT-COUNCIL-FUNDS", "BUDGET-NHS-FUNDS"));
}

TEST_F(BudgetTest, DeterminationsAreThePersonsOwnAndStand) {
  const std::string person = NewPerson();
  auto request = JointRequest(person);
  const std::string name = request.determinations(0);
  request.add_determinations(NewPerson() + "/determinations/1");
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, request)).fields(),
              ElementsAre("determinations[1]"));
  request.set_determinations(1, person + "/determinations/7");
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, request)).rules(),
              ElementsAre("BUDGET-DETERMINATION-KNOWN"));
  request.mutable_determinations()->RemoveLast();
  Determination(name).set_effective_from_date("2025-06-10");
  Determination(name).set_outcome(v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, request)).rules(),
              ElementsAre("BUDGET-DETERMINATION-ELIGIBLE", "BUDGET-DETERMINATION-IN-EFFECT"));
  Determination(name).set_state(v1::Determination::STATE_SUPERSEDED);
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, request)).rules(),
              ElementsAre("BUDGET-DETERMINATION-DECIDED"));
}

TEST_F(BudgetTest, AnEstimateIsReplacedByItsRevision) {
  const std::string person = NewPerson();
  const v1::Budget first = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  v1::ReviseBudgetRequest revise;
  revise.set_name(first.name());
  revise.set_effective_from_date("2025-06-09");
  *revise.mutable_components() = JointRequest(person).components();
  revise.mutable_components(0)->set_minutes_per_week(600);
  revise.mutable_decision()->set_reasons("half the hours");
  revise.set_etag("1-0123456789abcdef");
  EXPECT_EQ(Refused(&Stub::ReviseBudget, kCouncil, revise).error_code(), grpc::StatusCode::ABORTED);
  revise.set_etag(first.etag());
  const v1::Budget second = Must(&Stub::ReviseBudget, kCouncil, revise);
  EXPECT_EQ(second.weekly_pence(), 16200);
  EXPECT_THAT(second.determinations(), ElementsAre(first.determinations(0)));
  v1::ListBudgetsRequest list;
  list.set_parent(person);
  const v1::ListBudgetsResponse all = Must(&Stub::ListBudgets, kIcb, list);
  ASSERT_EQ(all.budgets_size(), 2);
  EXPECT_EQ(all.budgets(0).state(), v1::Budget::STATE_SUPERSEDED);
  EXPECT_EQ(all.budgets(0).superseded_by(), second.name());
  revise.clear_etag();
  EXPECT_EQ(DetailsOf(Refused(&Stub::ReviseBudget, kCouncil, revise)).info.reason(), "WRONG_STATE");
}

TEST_F(BudgetTest, TheNhsRevisesWithoutTouchingWhatIsNotCharged) {
  const std::string person = NewPerson();
  auto create = JointRequest(person);
  create.mutable_components(0)->set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kIcb, create)).fields(),
              ElementsAre("components[0].no_charge_basis"));
  const v1::Budget first = Must(&Stub::CreateBudget, kCouncil, create);
  v1::GetBudgetRequest get;
  get.set_name(first.name());
  const v1::Budget seen = Must(&Stub::GetBudget, kIcb, get);
  EXPECT_EQ(seen.components(0).no_charge_basis(), v1::NO_CHARGE_BASIS_UNSPECIFIED);
  v1::ReviseBudgetRequest revise;
  revise.set_name(first.name());
  revise.set_effective_from_date("2025-06-09");
  *revise.mutable_components() = seen.components();
  revise.mutable_decision()->set_reasons("the NHS price");
  get.set_name(Must(&Stub::ReviseBudget, kIcb, revise).name());
  const v1::Budget second = Must(&Stub::GetBudget, kCouncil, get);
  EXPECT_EQ(second.weekly_pence(), 33600);
  EXPECT_EQ(second.components(0).no_charge_basis(), v1::NO_CHARGE_BASIS_REABLEMENT);
  EXPECT_TRUE(second.charge_assessed());
  EXPECT_EQ(second.contribution_weekly_pence(), 0);
}

TEST_F(BudgetTest, WhatTheMoneyMayNotBuyIsNoPartOfABudget) {
  const std::string person = NewPerson();
  v1::CreateBudgetRequest request = JointRequest(person);
  request.mutable_components(0)->set_category(v1::SPENDING_CATEGORY_EMERGENCY_CARE);
  const grpc::Status status = Refused(&Stub::CreateBudget, kCouncil, request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  const Details details = DetailsOf(status);
  EXPECT_THAT(details.rules(), ElementsAre("BUDGET-EXCLUDED"));
  EXPECT_EQ(details.failure.violations(0).subject(), "pa");
  EXPECT_THAT(details.failure.violations(0).description(),
              HasSubstr("emergency care, which the money of QZZ may not buy: SI 2013/1617"));
  request.mutable_components(0)->clear_category();
  const v1::Budget created = Must(&Stub::CreateBudget, kCouncil, request);
  v1::ReviseBudgetRequest revise;
  revise.set_name(created.name());
  revise.set_effective_from_date("2025-06-09");
  *revise.mutable_components() = request.components();
  revise.mutable_components(0)->set_category(v1::SPENDING_CATEGORY_PRIMARY_MEDICAL);
  revise.mutable_decision()->set_reasons("with a doctor");
  EXPECT_EQ(Refused(&Stub::ReviseBudget, kCouncil, revise).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

}  // namespace
}  // namespace ipb::allocation
