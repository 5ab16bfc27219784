// Drafts, agreement and ends of plans, through a real server: what is stored, replayed, previewed, hidden and refused.
#include "absl/strings/str_cat.h"
#include "tests/handlers/careplanning/fixture.h"

namespace ipb::careplanning {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

class PlanTest : public CarePlanningTest {
 protected:
  v1::Plan Create(const As& as = kWriter) { return Must(&Stub::CreatePlan, as, Creating(NewBudget().name())); }

  v1::ListPlansResponse List() {
    v1::ListPlansRequest request;
    request.set_parent(person_);
    return Must(&Stub::ListPlans, kWriter, request);
  }

  static v1::UpdatePlanRequest Update(const v1::Plan& plan, const std::string& coordinator) {
    v1::UpdatePlanRequest request;
    request.mutable_plan()->set_name(plan.name());
    request.mutable_plan()->set_care_coordinator(coordinator);
    request.mutable_update_mask()->add_paths("care_coordinator");
    return request;
  }

  static v1::EndPlanRequest End(const std::string& name, v1::PlanEnd::Reason reason) {
    v1::EndPlanRequest request;
    request.set_name(name);
    request.mutable_end()->set_reason(reason);
    request.mutable_end()->set_end_date("2025-06-02");
    request.mutable_end()->mutable_decision()->set_reasons("as was asked");
    return request;
  }
};

TEST_F(PlanTest, ADraftIsKeptAsWrittenWithTheBudgetsShares) {
  const v1::Plan plan = Create(kNurse);
  EXPECT_EQ(plan.name(), absl::StrCat(person_, "/plans/1"));
  EXPECT_EQ(plan.state(), v1::Plan::STATE_DRAFT);
  ASSERT_EQ(plan.authors_size(), 1);
  EXPECT_EQ(plan.authors(0).actor(), kNurse.actor);
  EXPECT_EQ(plan.lines(0).shares_size(), 2);
  EXPECT_EQ(plan.explanation().steps(0).rule_id(), "PLAN-DRAFT");
  EXPECT_EQ(plan.profile().health_summary(), "multiple sclerosis");
  EXPECT_EQ(Get(plan.name(), kNurse).SerializeAsString(), plan.SerializeAsString());
  // The council reads the same plan without clinical detail.
  EXPECT_EQ(Get(plan.name()).profile().health_summary(), "");
  EXPECT_EQ(Get(plan.name()).profile().about(), plan.profile().about());
}

TEST_F(PlanTest, ListsAreInOrderOfNumberAndPaged) {
  const std::string budget = NewBudget().name();
  for (int i = 0; i < 3; ++i) Must(&Stub::CreatePlan, kWriter, Creating(budget));
  v1::ListPlansRequest request;
  request.set_parent(person_);
  request.set_page_size(2);
  const v1::ListPlansResponse first = Must(&Stub::ListPlans, kWriter, request);
  ASSERT_EQ(first.plans_size(), 2);
  EXPECT_EQ(first.plans(1).name(), absl::StrCat(person_, "/plans/2"));
  request.set_page_token(first.next_page_token());
  const v1::ListPlansResponse second = Must(&Stub::ListPlans, kWriter, request);
  ASSERT_EQ(second.plans_size(), 1);
  EXPECT_EQ(second.next_page_token(), "");
  request.set_page_token("another");
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::ListPlans, kWriter, request).fields(), ElementsAre("page_token"));
}

TEST_F(PlanTest, WhoHasNoAccessLearnsNothing) {
  const v1::CreatePlanRequest creating = Creating(NewBudget().name());
  const v1::Plan plan = Must(&Stub::CreatePlan, kWriter, creating);
  const auto hidden = [this](auto method, auto request) { Fails(grpc::NOT_FOUND, method, kOutsider, request); };
  const auto named = [&plan](auto request) {
    request.set_name(plan.name());
    return request;
  };
  v1::ListPlansRequest list;
  list.set_parent(person_);
  v1::RevisePlanRequest revise = named(v1::RevisePlanRequest());
  revise.set_start_date("2025-07-01");
  v1::ReturnPlanRequest back = named(v1::ReturnPlanRequest());
  back.mutable_decision()->set_reasons("no");
  v1::CheckSpendingRequest spending = named(v1::CheckSpendingRequest());
  spending.set_category(v1::SPENDING_CATEGORY_ACTIVITIES);
  spending.set_spending_date("2025-06-10");
  hidden(&Stub::CreatePlan, creating);
  hidden(&Stub::UpdatePlan, Update(plan, "x"));
  hidden(&Stub::GetPlan, named(v1::GetPlanRequest()));
  hidden(&Stub::ListPlans, list);
  hidden(&Stub::CheckPlan, named(v1::CheckPlanRequest()));
  hidden(&Stub::ProposePlan, named(v1::ProposePlanRequest()));
  hidden(&Stub::SignPlan, Signing(plan.name()));
  hidden(&Stub::ApprovePlan, CouncilApproval(plan.name()));
  hidden(&Stub::ReturnPlan, back);
  hidden(&Stub::RevisePlan, revise);
  hidden(&Stub::EndPlan, End(plan.name(), v1::PlanEnd::REASON_WITHDRAWN));
  hidden(&Stub::CheckSpending, spending);
  v1::GetPlanRequest unknown;
  unknown.set_name(absl::StrCat(person_, "/plans/9"));
  Fails(grpc::NOT_FOUND, &Stub::GetPlan, kWriter, unknown);
  unknown.set_name("people/nobody/plans/1");
  Fails(grpc::NOT_FOUND, &Stub::GetPlan, kWriter, unknown);
}

TEST_F(PlanTest, EveryWrongFieldIsTold) {
  v1::CreatePlanRequest request;
  request.set_parent("people");
  request.set_request_id("not a uuid");
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::CreatePlan, kWriter, request).fields(),
              IsSupersetOf({"parent", "plan", "request_id"}));
  request.clear_request_id();
  request.set_parent(person_);
  request.mutable_plan()->set_care_coordinator("Sam");
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::CreatePlan, kWriter, request).fields(),
              ElementsAre("plan.kind", "plan.budget", "plan.start_date"));
  request = Creating(NewBudget().name());
  const std::string ours = person_;
  person_ = NewPerson();
  request.mutable_plan()->set_budget(NewBudget().name());
  request.mutable_plan()->set_assessment(absl::StrCat(person_, "/assessments/1"));
  person_ = ours;
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::CreatePlan, kWriter, request).fields(),
              ElementsAre("plan.budget", "plan.assessment"));
  request.mutable_plan()->set_budget(absl::StrCat(person_, "/budgets/77"));
  Fails(grpc::NOT_FOUND, &Stub::CreatePlan, kWriter, request);
  v1::UpdatePlanRequest nameless;
  nameless.mutable_plan()->set_care_coordinator("Sam");
  nameless.mutable_update_mask()->add_paths("care_coordinator");
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::UpdatePlan, kWriter, nameless).fields(), ElementsAre("plan.name"));
}

TEST_F(PlanTest, ARequestIdGivesTheSameDraftAgainAndIsNotUsedForAnother) {
  v1::CreatePlanRequest request = Creating(NewBudget().name());
  request.set_request_id(NewRequestId());
  const v1::Plan plan = Must(&Stub::CreatePlan, kWriter, request);
  EXPECT_EQ(Must(&Stub::CreatePlan, kWriter, request).SerializeAsString(), plan.SerializeAsString());
  EXPECT_EQ(List().plans_size(), 1);
  request.mutable_plan()->set_care_coordinator("somebody else");
  EXPECT_EQ(Fails(grpc::INVALID_ARGUMENT, &Stub::CreatePlan, kWriter, request).info.reason(), "REQUEST_ID_REUSED");
}

TEST_F(PlanTest, APreviewStoresNothingAndHoldsUntilSomethingChanges) {
  v1::CreatePlanRequest request = Creating(NewBudget().name());
  request.set_validate_only(true);
  const v1::Plan preview = Must(&Stub::CreatePlan, kWriter, request);
  EXPECT_EQ(preview.state(), v1::Plan::STATE_DRAFT);
  EXPECT_EQ(List().plans_size(), 0);
  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  EXPECT_EQ(Must(&Stub::CreatePlan, kWriter, request).name(), preview.name());
  EXPECT_EQ(Fails(grpc::ABORTED, &Stub::CreatePlan, kWriter, request).info.reason(), "PREVIEW_STALE");
}

TEST_F(PlanTest, AnUpdateChangesOnlyWhatItsMaskNamesAndOnlyInADraft) {
  const v1::Plan plan = Create(kNurse);
  v1::UpdatePlanRequest update = Update(plan, "Lee Park");
  update.set_etag(plan.etag());
  const v1::Plan updated = Must(&Stub::UpdatePlan, kWriter, update);
  EXPECT_EQ(updated.care_coordinator(), "Lee Park");
  EXPECT_EQ(updated.lines_size(), plan.lines_size());
  EXPECT_EQ(updated.authors_size(), 2);
  EXPECT_EQ(Get(plan.name(), kNurse).profile().health_summary(), "multiple sclerosis");
  Fails(grpc::ABORTED, &Stub::UpdatePlan, kWriter, update);
  update.clear_etag();
  update.mutable_update_mask()->add_paths("state");
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::UpdatePlan, kWriter, update).fields(), ElementsAre("update_mask"));
  Propose(plan.name());
  EXPECT_EQ(Fails(grpc::FAILED_PRECONDITION, &Stub::UpdatePlan, kWriter, Update(plan, "x")).info.reason(),
            "WRONG_STATE");
}

TEST_F(PlanTest, WhatCheckPlanFindsIsWhyAProposalIsRefused) {
  v1::CreatePlanRequest request = Creating(NewBudget().name());
  request.mutable_plan()->clear_advice();
  request.mutable_plan()->mutable_lines(0)->set_weekly_pence(99999);
  const std::string name = Must(&Stub::CreatePlan, kWriter, request).name();
  v1::CheckPlanRequest check;
  check.set_name(name);
  const v1::CheckPlanResponse found = Must(&Stub::CheckPlan, kWriter, check);
  EXPECT_FALSE(found.complete());
  EXPECT_GT(found.explanation().steps_size(), 0);
  std::vector<std::string> rules;
  for (const v1::PlanFinding& finding : found.findings()) rules.push_back(finding.rule_id());
  EXPECT_THAT(rules, IsSupersetOf({"PLAN-CA-6", "PLAN-CA-7", "PLAN-BUDGET-COST"}));
  v1::ProposePlanRequest propose;
  propose.set_name(name);
  EXPECT_EQ(Fails(grpc::FAILED_PRECONDITION, &Stub::ProposePlan, kWriter, propose).rules(), rules);
  v1::CheckPlanRequest whole;
  whole.set_name(Create(kNurse).name());
  EXPECT_TRUE(Must(&Stub::CheckPlan, kWriter, whole).complete());
}

TEST_F(PlanTest, NobodyApprovesWhatTheyWroteNorTwice) {
  const std::string name = Propose(Creating(NewBudget().name())).name();
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ApprovePlan, kWriter, CouncilApproval(name)).rules(),
              ElementsAre("PLAN-APPROVE-AUTHOR", "PLAN-APPROVE-ROLE"));
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ApprovePlan, kLead, CouncilApproval(name)).rules(),
              ElementsAre("PLAN-APPROVE-CLINICIAN"));
  v1::ApprovePlanRequest approval = CouncilApproval(name);
  approval.set_request_id(NewRequestId());
  const v1::Plan approved = Must(&Stub::ApprovePlan, kManager, approval);
  ASSERT_EQ(approved.approvals_size(), 1);
  EXPECT_EQ(approved.approvals(0).weekly_pence(), 21600);
  EXPECT_EQ(approved.approvals(0).decision().decider(), kManager.actor);
  EXPECT_EQ(Must(&Stub::ApprovePlan, kManager, approval).SerializeAsString(), approved.SerializeAsString());
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ApprovePlan, kManager, CouncilApproval(name)).rules(),
              ElementsAre("PLAN-APPROVE-TWICE"));
}

TEST_F(PlanTest, AReturnGivesReasonsAndLetsAgreementsLapse) {
  const v1::Plan proposed = Propose(Creating(NewBudget().name()));
  Must(&Stub::SignPlan, kWriter, Signing(proposed.name()));
  v1::ReturnPlanRequest back;
  back.set_name(proposed.name());
  back.mutable_decision();
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ReturnPlan, kLead, back).rules(),
              ElementsAre("PLAN-RETURN-REASONS"));
  back.mutable_decision()->set_reasons("the night is not covered");
  back.set_etag(proposed.etag());
  Fails(grpc::ABORTED, &Stub::ReturnPlan, kLead, back);
  back.clear_etag();
  const v1::Plan returned = Must(&Stub::ReturnPlan, kLead, back);
  EXPECT_EQ(returned.state(), v1::Plan::STATE_DRAFT);
  EXPECT_THAT(returned.signatures(), IsEmpty());
  EXPECT_EQ(returned.returns(0).decision().role(), kLead.role);
  EXPECT_EQ(Fails(grpc::FAILED_PRECONDITION, &Stub::SignPlan, kWriter, Signing(proposed.name())).info.reason(),
            "WRONG_STATE");
}

TEST_F(PlanTest, ARepresentativeInEffectSignsForWhoLacksCapacity) {
  const v1::Representative sister = AppointSister();
  v1::CreatePlanRequest request = Creating(NewBudget().name());
  v1::PlanCapacity* capacity = request.mutable_plan()->mutable_capacity();
  capacity->set_lacks_capacity(true);
  capacity->set_how_decided("in her best interests, with her sister");
  capacity->set_spoken_for_by("her sister");
  const std::string name = Propose(request).name();
  v1::SignPlanRequest sign = Signing(name);
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::SignPlan, kWriter, sign).rules(),
              ElementsAre("PLAN-SIGN-CAPACITY"));
  sign.mutable_signature()->set_role(v1::PlanSignature::ROLE_REPRESENTATIVE);
  sign.mutable_signature()->set_representative(absl::StrCat(person_, "/representatives/9"));
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::SignPlan, kWriter, sign).rules(),
              ElementsAre("PLAN-SIGN-AUTHORITY"));
  sign.mutable_signature()->set_representative(sister.name());
  const v1::Plan signed_plan = Must(&Stub::SignPlan, kWriter, sign);
  ASSERT_EQ(signed_plan.signatures_size(), 1);
  EXPECT_EQ(signed_plan.signatures(0).authority(), v1::Representative::KIND_AUTHORISED_PERSON);
  EXPECT_EQ(signed_plan.signatures(0).recorded_by().actor(), kWriter.actor);
}

TEST_F(PlanTest, ADraftIsWithdrawnAndADeathEndsWhatIsThere) {
  const std::string first = Create().name();
  const v1::Plan withdrawn = Must(&Stub::EndPlan, kWriter, End(first, v1::PlanEnd::REASON_WITHDRAWN));
  EXPECT_EQ(withdrawn.state(), v1::Plan::STATE_ENDED);
  EXPECT_EQ(withdrawn.end().decision().decider(), kWriter.actor);
  EXPECT_EQ(Fails(grpc::FAILED_PRECONDITION, &Stub::EndPlan, kWriter, End(first, v1::PlanEnd::REASON_WITHDRAWN))
                .info.reason(),
            "WRONG_STATE");
  const std::string budget = NewBudget().name();
  const std::string second = Must(&Stub::CreatePlan, kWriter, Creating(budget)).name();
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::EndPlan, kWriter, End(second, v1::PlanEnd::REASON_DEATH)).rules(),
              ElementsAre("PLAN-END-DEATH"));
  // The service had met the person before; it learns of the death from people all the same.
  Die("2025-06-02");
  EXPECT_EQ(Must(&Stub::EndPlan, kWriter, End(second, v1::PlanEnd::REASON_DEATH)).state(), v1::Plan::STATE_ENDED);
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::CreatePlan, kWriter, Creating(budget)).rules(),
              Contains("PLAN-PERSON-LIVING"));
}

TEST_F(PlanTest, SpendingIsAnsweredForEachFundersShare) {
  const v1::Plan plan = Create();
  v1::CheckSpendingRequest request;
  request.set_name(plan.name());
  request.set_line_id("l1");
  request.set_category(v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT);
  request.set_spending_date("2025-06-10");
  request.set_relationship(v1::PAYEE_RELATIONSHIP_FRIEND);
  request.set_same_household(true);
  const v1::CheckSpendingResponse answer = Must(&Stub::CheckSpending, kWriter, request);
  EXPECT_FALSE(answer.allowed());
  ASSERT_EQ(answer.verdicts_size(), 2);
  EXPECT_TRUE(answer.verdicts(0).allowed());
  EXPECT_FALSE(answer.verdicts(1).allowed());
  EXPECT_EQ(answer.verdicts(1).share().organisation(), kNurse.organisation);
  EXPECT_GT(answer.explanation().steps_size(), 0);
  request.set_line_id("l9");
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::CheckSpending, kWriter, request).fields(), ElementsAre("line_id"));
}

}  // namespace
}  // namespace ipb::careplanning
