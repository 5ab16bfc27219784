// Dual control, limits by role, a clinician for NHS money, each funder for its own share.
#include "services/careplanning/rules/plan_approval.h"

#include <gmock/gmock.h>

#include "services/careplanning/rules/plan_money.h"
#include "services/careplanning/rules/plan_moves.h"
#include "tests/rules/careplanning/examples.h"

namespace ipb::careplanning {
namespace {

using ::testing::ElementsAre;

v1::Plan Proposed(v1::Plan draft = CompletePlan(), const BudgetFacts& budget = JointBudget()) {
  return DecidePropose(draft, budget, ShippedPolicy(), kToday)->plan;
}

v1::ApprovePlanRequest WithClinician() {
  v1::ApprovePlanRequest request;
  request.mutable_clinical_agreement()->set_clinician("nurse-7");
  request.mutable_clinical_agreement()->set_role("nurse_assessor");
  request.mutable_clinical_agreement()->set_agreement_date("2026-04-30");
  return request;
}

absl::StatusOr<PlanDecision> Approve(const v1::Plan& plan, const v1::ApprovePlanRequest& request,
                                     const Caller& by, const BudgetFacts& budget = JointBudget()) {
  return DecideApprove(plan, budget, request, by, ShippedPolicy(), kToday);
}

TEST(ApproveTest, AllFundersAndThePersonMakeItApproved) {
  const auto council = Approve(Proposed(), {}, CouncilManager());
  ASSERT_TRUE(council.ok()) << council.status();
  // Two thirds of £300 a week, of which the ICB pays the rest and all of the equipment.
  EXPECT_EQ(council->plan.approvals(0).weekly_pence(), 20000);
  EXPECT_EQ(council->plan.approvals(0).one_off_pence(), 0);
  EXPECT_EQ(council->plan.approvals(0).decision().role(), "team_manager");
  const auto icb = Approve(council->plan, WithClinician(), IcbLead());
  ASSERT_TRUE(icb.ok()) << icb.status();
  EXPECT_EQ(icb->plan.approvals(1).weekly_pence(), 10000);
  EXPECT_EQ(icb->plan.approvals(1).one_off_pence(), 90000);
  EXPECT_EQ(icb->plan.state(), v1::Plan::STATE_PROPOSED) << "the person has not agreed";
  v1::SignPlanRequest sign;
  sign.mutable_signature()->set_role(v1::PlanSignature::ROLE_PERSON);
  const auto signed_plan = DecideSign(icb->plan, Adult(), sign, Author(), ShippedPolicy(), kToday);
  EXPECT_EQ(signed_plan->plan.state(), v1::Plan::STATE_APPROVED);
}

TEST(ApproveTest, OrderOfAgreementsDoesNotMatter) {
  v1::SignPlanRequest sign;
  sign.mutable_signature()->set_role(v1::PlanSignature::ROLE_PERSON);
  v1::Plan plan = DecideSign(Proposed(), Adult(), sign, Author(), ShippedPolicy(), kToday)->plan;
  plan = Approve(plan, WithClinician(), IcbLead())->plan;
  EXPECT_EQ(plan.state(), v1::Plan::STATE_PROPOSED);
  EXPECT_EQ(Approve(plan, {}, CouncilManager())->plan.state(), v1::Plan::STATE_APPROVED);
}

TEST(ApproveTest, NobodyWhoWroteAnyOfItApproves) {
  v1::Plan plan = Proposed();
  EXPECT_THAT(RulesOf(Approve(plan, {}, {kCouncil, "author", "team_manager"}).status()),
              ElementsAre("PLAN-APPROVE-AUTHOR"));
  v1::PlanAuthor* second = plan.add_authors();
  second->set_organisation(kCouncil);
  second->set_actor("manager");
  EXPECT_THAT(RulesOf(Approve(plan, {}, CouncilManager()).status()), ElementsAre("PLAN-APPROVE-AUTHOR"));
  // The same staff id in another organisation is another person.
  EXPECT_TRUE(Approve(plan, WithClinician(), {kIcb, "author", "phb_lead"}).ok());
}

TEST(ApproveTest, OnlyFundersAndEachOnce) {
  EXPECT_THAT(RulesOf(Approve(Proposed(), {}, {"XYZ", "x", "team_manager"}).status()),
              ElementsAre("PLAN-APPROVE-FUNDER", "PLAN-APPROVE-ROLE"));
  const v1::Plan once = Approve(Proposed(), {}, CouncilManager())->plan;
  EXPECT_THAT(RulesOf(Approve(once, {}, CouncilManager()).status()), ElementsAre("PLAN-APPROVE-TWICE"));
}

struct Limit {
  const char* role;
  int64_t weekly_pence;
  std::vector<std::string> rules;
};

// deploy/policy/local/E10000019: team_manager £500, service_manager £1,500, panel_chair £10,000 a week.
TEST(ApproveTest, LimitIsByRoleAndInclusive) {
  const Limit limits[] = {
      {"social_worker", 100, {"PLAN-APPROVE-ROLE"}},       {"team_manager", 50000, {}},
      {"team_manager", 50001, {"PLAN-APPROVE-LIMIT"}},     {"service_manager", 150000, {}},
      {"service_manager", 150001, {"PLAN-APPROVE-LIMIT"}}, {"panel_chair", 150001, {}},
  };
  for (const Limit& limit : limits) {
    BudgetFacts budget = BudgetOf(kCouncil, v1::FUNDING_BASIS_CARE_ACT);
    budget.components[0].weekly_pence = limit.weekly_pence;
    v1::Plan draft = CompletePlan();
    draft.mutable_lines(0)->set_weekly_pence(limit.weekly_pence);
    draft.mutable_direct_payment()->set_weekly_pence(limit.weekly_pence);
    const auto decision = Approve(Proposed(draft, budget), {}, {kCouncil, "manager", limit.role}, budget);
    if (limit.rules.empty()) {
      EXPECT_TRUE(decision.ok()) << limit.role << " " << decision.status();
    } else {
      EXPECT_THAT(RulesOf(decision.status()), ::testing::ElementsAreArray(limit.rules)) << limit.role;
    }
  }
}

// SI 2013/1617 reg 8: a health professional agrees.
TEST(ApproveTest, NhsMoneyNeedsAHealthProfessional) {
  v1::ApprovePlanRequest request = WithClinician();
  request.mutable_clinical_agreement()->set_role("accountant");
  EXPECT_THAT(RulesOf(Approve(Proposed(), request, IcbLead()).status()),
              ElementsAre("PLAN-APPROVE-CLINICIAN"));
  request = WithClinician();
  request.mutable_clinical_agreement()->set_agreement_date("2026-05-02");
  EXPECT_THAT(RulesOf(Approve(Proposed(), request, IcbLead()).status()),
              ElementsAre("PLAN-APPROVE-CLINICIAN"));
  EXPECT_THAT(RulesOf(Approve(Proposed(), {}, IcbLead()).status()), ElementsAre("PLAN-APPROVE-CLINICIAN"));
}

TEST(ApproveTest, PayingFamilyNeedsEachFundersOwnFinding) {
  v1::Plan draft = CompletePlan();
  draft.mutable_lines(0)->set_relationship(v1::PAYEE_RELATIONSHIP_PARTNER);
  const v1::Plan plan = Proposed(draft);
  EXPECT_THAT(RulesOf(Approve(plan, {}, CouncilManager()).status()), ElementsAre("PLAN-APPROVE-NECESSITY"));
  v1::ApprovePlanRequest request;
  v1::NecessityFinding* finding = request.add_necessities();
  finding->set_line_id("l1");
  finding->set_ground(v1::NecessityFinding::GROUND_MEET_NEED);
  finding->set_reasons("nobody else speaks her language");
  EXPECT_TRUE(Approve(plan, request, CouncilManager()).ok());
  EXPECT_TRUE(Approve(plan, WithClinician(), IcbLead()).ok())
      << "a partner elsewhere is not barred to NHS money";
  finding->set_ground(v1::NecessityFinding::GROUND_CHILD_WELFARE);
  EXPECT_THAT(RulesOf(Approve(plan, request, CouncilManager()).status()),
              ElementsAre("PLAN-APPROVE-NECESSITY"));
  finding->set_line_id("l9");
  EXPECT_EQ(Approve(plan, request, CouncilManager()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ApproveTest, BudgetThatChangedSinceTheProposalRefuses) {
  BudgetFacts budget = JointBudget();
  budget.current = false;
  EXPECT_THAT(RulesOf(Approve(Proposed(), {}, CouncilManager(), budget).status()),
              ElementsAre("PLAN-BUDGET-CURRENT"));
}

TEST(ApproveTest, DecisionIsNotInTheFuture) {
  v1::ApprovePlanRequest request;
  request.mutable_decision()->set_decision_date("2026-05-02");
  EXPECT_THAT(RulesOf(Approve(Proposed(), request, CouncilManager()).status()),
              ElementsAre("PLAN-APPROVE-DATE"));
}

// Every penny of the plan is some funder's, whatever the shares.
TEST(CostTest, FundersSharesSumToTheLines) {
  for (int64_t pence = 1; pence < 500; pence += 7) {
    BudgetFacts budget = JointBudget();
    v1::Plan plan = CompletePlan();
    CopyShares(plan, budget);
    plan.mutable_lines(0)->set_weekly_pence(pence);
    EXPECT_EQ(CostOfFunder(plan, kCouncil)->weekly_pence + CostOfFunder(plan, kIcb)->weekly_pence, pence);
  }
}

}  // namespace
}  // namespace ipb::careplanning
