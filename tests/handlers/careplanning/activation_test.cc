// What follows when everybody has agreed to a plan: its budget is agreed and it comes into effect, or it goes back.
#include "absl/strings/str_cat.h"
#include "common/client/grpc_status.h"
#include "common/errors/errors.h"
#include "tests/handlers/careplanning/fixture.h"

namespace ipb::careplanning {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ActivationTest : public CarePlanningTest {
 protected:
  explicit ActivationTest(ScriptedAllocation* scripted = nullptr) : CarePlanningTest(scripted) {}

  v1::Budget ReadBudget(const std::string& name) {
    v1::GetBudgetRequest request;
    request.set_name(name);
    return Must(*money_, &Money::GetBudget, kWriter, request);
  }

  // A plan in effect with its own budget.
  v1::Plan Activated(v1::Budget::Mode mode = v1::Budget::MODE_LIVE) {
    AssessMeans();
    const v1::Plan plan = AlmostApproved(Creating(NewBudget(mode).name()));
    return Must(&Stub::ApprovePlan, kManager, CouncilApproval(plan.name()));
  }
};

TEST_F(ActivationTest, TheLastApprovalPutsThePlanIntoEffectWithItsAgreedBudget) {
  AssessMeans();
  const v1::Budget estimate = NewBudget();
  const v1::Plan almost = AlmostApproved(Creating(estimate.name()));
  EXPECT_EQ(almost.state(), v1::Plan::STATE_PROPOSED);
  v1::ApprovePlanRequest last = CouncilApproval(almost.name());
  last.set_etag(almost.etag());
  last.set_request_id(NewRequestId());
  const v1::Plan active = Must(&Stub::ApprovePlan, kManager, last);
  EXPECT_EQ(active.state(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(active.active_date(), "2025-06-09");
  EXPECT_EQ(active.approvals_size(), 2);
  EXPECT_THAT(active.activation_failures(), IsEmpty());
  EXPECT_EQ(active.SerializeAsString(), Get(active.name()).SerializeAsString());
  const v1::Budget agreed = ReadBudget(active.budget());
  EXPECT_NE(agreed.name(), estimate.name());
  EXPECT_EQ(agreed.state(), v1::Budget::STATE_AGREED);
  EXPECT_EQ(agreed.plan(), active.name());
  EXPECT_EQ(agreed.weekly_pence(), 32400);
  EXPECT_EQ(agreed.decision().organisation(), kManager.organisation);
  EXPECT_EQ(agreed.decision().decider(), kManager.actor);
  EXPECT_EQ(agreed.decision().role(), kManager.role);
  // The same again is answered as that approval left the plan, and agrees nothing again.
  const v1::Plan repeated = Must(&Stub::ApprovePlan, kManager, last);
  EXPECT_EQ(repeated.state(), v1::Plan::STATE_APPROVED);
  EXPECT_EQ(Get(active.name()).etag(), active.etag());
  EXPECT_EQ(suite_->FinishWork("careplanning"), 0);
}

TEST_F(ActivationTest, TheLastSignatureDoesTheSameByTheCouncilsApproval) {
  AssessMeans();
  const std::string name = Propose(Creating(NewBudget(v1::Budget::MODE_SHADOW).name())).name();
  Must(&Stub::ApprovePlan, kManager, CouncilApproval(name));
  Must(&Stub::ApprovePlan, kLead, NhsApproval(name));
  const v1::Plan active = Must(&Stub::SignPlan, kNurse, Signing(name));
  EXPECT_EQ(active.state(), v1::Plan::STATE_ACTIVE);
  const v1::Budget agreed = ReadBudget(active.budget());
  EXPECT_EQ(agreed.mode(), v1::Budget::MODE_SHADOW);
  EXPECT_EQ(agreed.decision().decider(), kManager.actor);
}

TEST_F(ActivationTest, APlanThatCostsLessThanItsEstimateAgreesWhatItCosts) {
  AssessMeans();
  v1::CreatePlanRequest request = Creating(NewBudget().name());
  request.mutable_plan()->mutable_lines(0)->set_weekly_pence(30000);
  request.mutable_plan()->mutable_direct_payment()->set_weekly_pence(30000);
  const v1::Plan almost = AlmostApproved(request);
  const v1::Plan active = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  ASSERT_EQ(active.state(), v1::Plan::STATE_ACTIVE) << active.ShortDebugString();
  const v1::Budget agreed = ReadBudget(active.budget());
  EXPECT_EQ(agreed.weekly_pence(), 30000);
  EXPECT_THAT(agreed.components(0).reasons(), HasSubstr(active.name()));
  EXPECT_THAT(agreed.components(1).reasons(), IsEmpty());
}

TEST_F(ActivationTest, ARefusalOfAllocationAsksTheFundersAgain) {
  const v1::Plan almost = AlmostApproved(Creating(NewBudget().name()));
  const v1::Plan back = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  EXPECT_EQ(back.state(), v1::Plan::STATE_PROPOSED);
  EXPECT_EQ(back.approvals_size(), 0);
  EXPECT_EQ(back.signatures_size(), 1);
  EXPECT_THAT(back.activation_failures(), ElementsAre(HasSubstr("no financial assessment holds")));
  EXPECT_EQ(back.explanation().steps(0).rule_id(), "PLAN-NOT-ACTIVE");
  AssessMeans();
  Must(&Stub::ApprovePlan, kManager, CouncilApproval(back.name()));
  const v1::Plan active = Must(&Stub::ApprovePlan, kLead, NhsApproval(back.name()));
  EXPECT_EQ(active.state(), v1::Plan::STATE_ACTIVE);
  EXPECT_THAT(active.activation_failures(), IsEmpty());
  EXPECT_EQ(ReadBudget(active.budget()).decision().organisation(), kManager.organisation);
}

TEST_F(ActivationTest, APreviewOfTheLastApprovalAgreesNothing) {
  AssessMeans();
  const v1::Budget estimate = NewBudget();
  const v1::Plan almost = AlmostApproved(Creating(estimate.name()));
  v1::ApprovePlanRequest last = CouncilApproval(almost.name());
  last.set_validate_only(true);
  const v1::Plan preview = Must(&Stub::ApprovePlan, kManager, last);
  EXPECT_EQ(preview.state(), v1::Plan::STATE_APPROVED);
  EXPECT_EQ(Get(almost.name()).etag(), almost.etag());
  EXPECT_EQ(ReadBudget(estimate.name()).state(), v1::Budget::STATE_INDICATIVE);
  suite_->clock().Set(suite_->clock().Now() + absl::Minutes(1));
  EXPECT_EQ(suite_->FinishWork("careplanning"), 0);
  last.set_validate_only(false);
  last.set_preview_token(preview.preview_token());
  EXPECT_EQ(Must(&Stub::ApprovePlan, kManager, last).state(), v1::Plan::STATE_ACTIVE);
}

TEST_F(ActivationTest, ARevisionReplacesThePlanInEffectFromItsOwnFirstDayAndKeepsItsBudget) {
  const v1::Plan first = Activated();
  v1::RevisePlanRequest revise;
  revise.set_name(first.name());
  revise.set_start_date("2025-07-07");
  const v1::Plan draft = Must(&Stub::RevisePlan, kWriter, revise);
  EXPECT_EQ(draft.revises(), first.name());
  EXPECT_EQ(Get(first.name()).state(), v1::Plan::STATE_ACTIVE);
  Propose(draft.name());
  Must(&Stub::SignPlan, kWriter, Signing(draft.name()));
  Must(&Stub::ApprovePlan, kManager, CouncilApproval(draft.name()));
  const v1::Plan second = Must(&Stub::ApprovePlan, kLead, NhsApproval(draft.name()));
  EXPECT_EQ(second.state(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(second.budget(), first.budget());
  const v1::Plan before = Get(first.name());
  EXPECT_EQ(before.state(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(before.superseded_by(), second.name());
  EXPECT_EQ(before.last_active_date(), "2025-07-06");
  suite_->SetDate("2025-07-06");
  EXPECT_EQ(suite_->FinishWork("careplanning"), 0);
  EXPECT_EQ(Get(first.name()).state(), v1::Plan::STATE_ACTIVE);
  suite_->SetDate("2025-07-07");
  AwaitState(first.name(), v1::Plan::STATE_SUPERSEDED);
  EXPECT_EQ(Get(first.name()).explanation().steps(0).rule_id(), "PLAN-SUPERSEDED");
  EXPECT_EQ(Get(second.name()).state(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(Fails(grpc::FAILED_PRECONDITION, &Stub::RevisePlan, kWriter, revise).info.reason(), "WRONG_STATE");
}

TEST_F(ActivationTest, AnInterimPlanEndsByItselfTheDayAfterItExpires) {
  AssessMeans();
  v1::CreatePlanRequest request = Creating(NewBudget().name());
  request.mutable_plan()->set_kind(v1::Plan::KIND_INTERIM);
  request.mutable_plan()->set_urgency_reasons("discharged today");
  request.mutable_plan()->set_review_date("2025-06-20");
  request.mutable_plan()->set_expiry_date("2025-07-06");
  const v1::Plan almost = AlmostApproved(request);
  const v1::Plan active = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  ASSERT_EQ(active.state(), v1::Plan::STATE_ACTIVE);
  suite_->SetDate("2025-07-06");
  EXPECT_EQ(suite_->FinishWork("careplanning"), 0);
  EXPECT_EQ(Get(active.name()).state(), v1::Plan::STATE_ACTIVE);
  suite_->SetDate("2025-07-07");
  AwaitState(active.name(), v1::Plan::STATE_ENDED);
  const v1::Plan ended = Get(active.name());
  EXPECT_EQ(ended.end().reason(), v1::PlanEnd::REASON_EXPIRED);
  EXPECT_EQ(ended.end().end_date(), "2025-07-06");
}

TEST_F(ActivationTest, AFullPlanReplacesTheInterimOneWhoseEndIsThenNoWork) {
  AssessMeans();
  v1::CreatePlanRequest request = Creating(NewBudget().name());
  request.mutable_plan()->set_kind(v1::Plan::KIND_INTERIM);
  request.mutable_plan()->set_urgency_reasons("discharged today");
  request.mutable_plan()->set_review_date("2025-06-20");
  request.mutable_plan()->set_expiry_date("2025-07-06");
  const v1::Plan almost = AlmostApproved(request);
  const v1::Plan interim = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  ASSERT_EQ(interim.state(), v1::Plan::STATE_ACTIVE);
  const std::string full = AlmostApproved(Creating(interim.budget())).name();
  EXPECT_EQ(Must(&Stub::ApprovePlan, kManager, CouncilApproval(full)).state(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(Get(interim.name()).superseded_by(), full);
  suite_->SetDate("2025-07-08");
  suite_->FinishWork("careplanning");
  EXPECT_EQ(Get(interim.name()).state(), v1::Plan::STATE_SUPERSEDED);
  EXPECT_EQ(Get(full).state(), v1::Plan::STATE_ACTIVE);
}

// Care Act 2014 s19(3), from the plan to the money: no determination, no means test, and both end together.
TEST_F(ActivationTest, AnInterimPlansBudgetIsAgreedByThePowerToMeetUrgentNeeds) {
  v1::CreateBudgetRequest estimate;
  estimate.set_parent(person_);
  estimate.set_mode(v1::Budget::MODE_LIVE);
  estimate.set_effective_from_date("2025-06-09");
  *estimate.add_components() = NewBudget().components(0);
  v1::BudgetComponent* care = estimate.mutable_components(0);
  care->mutable_shares()->DeleteSubrange(1, 1);
  care->mutable_shares(0)->mutable_share()->set_numerator(1);
  care->mutable_shares(0)->mutable_share()->set_denominator(1);
  estimate.mutable_decision()->set_reasons("his wife is in hospital");
  v1::CreatePlanRequest request = Creating(Must(*money_, &Money::CreateBudget, kWriter, estimate).name());
  request.mutable_plan()->mutable_lines()->DeleteSubrange(1, 1);
  request.mutable_plan()->set_kind(v1::Plan::KIND_INTERIM);
  request.mutable_plan()->set_urgency_reasons("He is alone.");
  request.mutable_plan()->set_review_date("2025-06-20");
  request.mutable_plan()->set_expiry_date("2025-07-06");
  const std::string name = Propose(request).name();
  Must(&Stub::SignPlan, kWriter, Signing(name));
  const v1::Plan active = Must(&Stub::ApprovePlan, kManager, CouncilApproval(name));
  ASSERT_EQ(active.state(), v1::Plan::STATE_ACTIVE) << active.ShortDebugString();
  const v1::Budget agreed = ReadBudget(active.budget());
  EXPECT_EQ(agreed.urgent_need().reasons(), "He is alone.");
  EXPECT_EQ(agreed.effective_to_date(), active.expiry_date());
  EXPECT_FALSE(agreed.charge_assessed());
  v1::RevisePlanRequest revise;
  revise.set_name(active.name());
  revise.set_start_date("2025-06-30");
  v1::ProposePlanRequest propose;
  propose.set_name(Must(&Stub::RevisePlan, kWriter, revise).name());
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ProposePlan, kWriter, propose).rules(),
              ElementsAre("PLAN-BUDGET-ENDS"))
      << "the draft of a full plan cannot go on with urgent money";
}

TEST_F(ActivationTest, WithoutAllocationAPlanWaitsForTheAgreedBudgetToBeStated) {
  v1::Budget budget = NewBudget();
  StartAlone();
  StateBudget(budget);
  const v1::Plan almost = AlmostApproved(Creating(budget.name()));
  const v1::Plan approved = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  EXPECT_EQ(approved.state(), v1::Plan::STATE_APPROVED);
  suite_->clock().Set(suite_->clock().Now() + absl::Minutes(1));
  suite_->FinishWork("careplanning");
  EXPECT_EQ(Get(approved.name()).state(), v1::Plan::STATE_APPROVED);
  budget.set_state(v1::Budget::STATE_AGREED);
  StateBudget(budget);
  AwaitState(approved.name(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(Get(approved.name()).budget(), budget.name());
}

class InterruptedTest : public ActivationTest {
 protected:
  InterruptedTest() : ActivationTest(&script_) {
    script_.budget.set_name(absl::StrCat(person_, "/budgets/1"));
    script_.budget.set_state(v1::Budget::STATE_INDICATIVE);
    for (const ComponentFacts& facts : JointBudget().components) {
      v1::BudgetComponent* component = script_.budget.add_components();
      component->set_component_id(facts.component_id);
      component->set_kind(facts.weekly_pence > 0 ? v1::COMPONENT_KIND_ONGOING : v1::COMPONENT_KIND_ONE_OFF);
      component->set_weekly_pence(facts.weekly_pence > 0 ? 32400 : 0);
      component->set_one_off_pence(facts.one_off_pence);
      component->mutable_shares()->Assign(facts.shares.begin(), facts.shares.end());
    }
    v1::BudgetComponent* reserve = script_.budget.add_components();
    reserve->set_component_id("reserve");
    reserve->set_kind(v1::COMPONENT_KIND_CONTINGENCY);
    reserve->set_one_off_pence(64800);
    *reserve->mutable_shares() = script_.budget.components(0).shares();
  }

  static inline ScriptedAllocation script_;
  void TearDown() override {
    suite_.reset();
    script_.budget.Clear();
    script_.answers.clear();
    script_.asked.clear();
    script_.callers.clear();
  }
};

TEST_F(InterruptedTest, WhatAllocationDidNotAnswerIsAskedAgainInTheSameWords) {
  script_.answers = {grpc::Status(grpc::UNAVAILABLE, "away"), grpc::Status(grpc::UNAVAILABLE, "still away")};
  const v1::Plan almost = AlmostApproved(Creating(script_.budget.name()));
  const v1::Plan approved = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  EXPECT_EQ(approved.state(), v1::Plan::STATE_APPROVED);
  v1::EndPlanRequest withdraw;
  withdraw.set_name(approved.name());
  withdraw.mutable_end()->set_reason(v1::PlanEnd::REASON_WITHDRAWN);
  withdraw.mutable_end()->set_end_date("2025-06-02");
  withdraw.mutable_end()->mutable_decision()->set_reasons("changed minds");
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::EndPlan, kWriter, withdraw).rules(),
              ElementsAre("PLAN-END-WITHDRAW"));
  AwaitState(approved.name(), v1::Plan::STATE_ACTIVE);
  const std::lock_guard lock(script_.mutex);
  ASSERT_GE(script_.asked.size(), 3u);
  for (const v1::AgreeBudgetRequest& asked : script_.asked) {
    EXPECT_EQ(asked.SerializeAsString(), script_.asked.front().SerializeAsString());
  }
  EXPECT_FALSE(script_.asked.front().request_id().empty());
  EXPECT_EQ(script_.asked.front().amounts(2).one_off_pence(), 64800);
  EXPECT_THAT(script_.asked.front().amounts(2).reasons(), IsEmpty());
  for (const std::string& caller : script_.callers) EXPECT_EQ(caller, kManager.organisation);
}

TEST_F(InterruptedTest, WhatWasAgreedLongAgoIsFoundByTheBudget) {
  script_.answers = {client::ToGrpc(errors::Make(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_ALREADY_EXISTS,
                                                 "this was done before"))};
  script_.budget.set_superseded_by(absl::StrCat(person_, "/budgets/7"));
  const v1::Plan almost = AlmostApproved(Creating(script_.budget.name()));
  const v1::Plan active = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  EXPECT_EQ(active.state(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(active.budget(), script_.budget.superseded_by());
}

TEST_F(InterruptedTest, APersonsDeathEndsTheWorkToo) {
  script_.answers = {grpc::Status(grpc::UNAVAILABLE, "away")};
  const v1::Plan almost = AlmostApproved(Creating(script_.budget.name()));
  const v1::Plan approved = Must(&Stub::ApprovePlan, kManager, CouncilApproval(almost.name()));
  ASSERT_EQ(approved.state(), v1::Plan::STATE_APPROVED);
  Die("2025-06-01");
  v1::EndPlanRequest end;
  end.set_name(approved.name());
  end.mutable_end()->set_reason(v1::PlanEnd::REASON_DEATH);
  end.mutable_end()->set_end_date("2025-06-01");
  const v1::Plan ended = Must(&Stub::EndPlan, kWriter, end);
  EXPECT_EQ(ended.state(), v1::Plan::STATE_ENDED);
  suite_->clock().Set(suite_->clock().Now() + absl::Minutes(1));
  suite_->FinishWork("careplanning");
  EXPECT_EQ(Get(ended.name()).etag(), ended.etag());
  const std::lock_guard lock(script_.mutex);
  EXPECT_EQ(script_.asked.size(), 1u);
}

}  // namespace
}  // namespace ipb::careplanning
