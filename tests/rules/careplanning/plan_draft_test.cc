// Drafts: what is taken from a request, who counts as author, and what a change may touch.
#include "services/careplanning/rules/plan_draft.h"

#include <gmock/gmock.h>

#include "common/errors/errors.h"
#include "services/careplanning/rules/plan_moves.h"
#include "tests/rules/careplanning/examples.h"

namespace ipb::careplanning {
namespace {

using ::testing::ElementsAre;

DraftFacts Facts() { return {Adult(), JointBudget()}; }

v1::CreatePlanRequest Create(const v1::Plan& plan) {
  v1::CreatePlanRequest request;
  *request.mutable_plan() = plan;
  return request;
}

absl::StatusOr<PlanDecision> Update(const v1::Plan& before, const v1::Plan& given,
                                    const std::vector<std::string>& mask, const Caller& by) {
  v1::UpdatePlanRequest request;
  *request.mutable_plan() = given;
  for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
  return DecideUpdate(before, Facts(), request, by, ShippedPolicy(), kToday);
}

TEST(CreateTest, TakesContentAndIgnoresWhatIsOutputOnly) {
  v1::Plan given = CompletePlan();
  given.set_state(v1::Plan::STATE_ACTIVE);
  given.add_approvals()->set_organisation(kIcb);
  given.mutable_lines(0)->add_shares()->set_organisation("XYZ");
  const auto decision = DecideCreate(Facts(), Create(given), IcbLead(), ShippedPolicy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  const v1::Plan& plan = decision->plan;
  EXPECT_EQ(plan.state(), v1::Plan::STATE_DRAFT);
  EXPECT_EQ(plan.approvals_size(), 0);
  ASSERT_EQ(plan.authors_size(), 1);
  EXPECT_EQ(plan.authors(0).actor(), "lead");
  ASSERT_EQ(plan.lines(0).shares_size(), 2);
  EXPECT_EQ(plan.lines(0).shares(0).organisation(), kCouncil);
  EXPECT_EQ(plan.profile().health_summary(), "multiple sclerosis");
}

TEST(CreateTest, RefusesWhoDiedAndBudgetsThatAreOver) {
  DraftFacts facts = Facts();
  facts.person.deceased = true;
  facts.budget.current = false;
  EXPECT_THAT(
      RulesOf(DecideCreate(facts, Create(CompletePlan()), Author(), ShippedPolicy(), kToday).status()),
      ElementsAre("PLAN-PERSON-LIVING", "PLAN-BUDGET-CURRENT"));
}

TEST(CreateTest, EveryWrongFieldIsTold) {
  v1::Plan plan = CompletePlan();
  *plan.add_needs() = plan.needs(0);
  *plan.add_lines() = plan.lines(0);
  plan.set_expiry_date("2026-05-01");
  const auto decision = DecideCreate(Facts(), Create(plan), Author(), ShippedPolicy(), kToday);
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(decision.status().message(), ::testing::HasSubstr("expiry_date: "));
}

TEST(UpdateTest, ReplacesTheMaskedFieldsOnly) {
  v1::Plan given = CompletePlan();
  given.set_money_summary("all of it is a direct payment");
  given.clear_actions();
  const auto decision = Update(CompletePlan(), given, {"money_summary"}, Author());
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.money_summary(), "all of it is a direct payment");
  EXPECT_EQ(decision->plan.actions_size(), 1);
  EXPECT_EQ(decision->plan.authors_size(), 1) << "the author is named once";
  EXPECT_EQ(Update(CompletePlan(), given, {"money_summary"}, CouncilManager())->plan.authors_size(), 2);
}

TEST(UpdateTest, OutputAndKindCannotBeChanged) {
  for (const char* path : {"state", "approvals", "authors", "kind", "profile.about", "nonsense"}) {
    EXPECT_EQ(Update(CompletePlan(), CompletePlan(), {path}, Author()).status().code(),
              absl::StatusCode::kInvalidArgument)
        << path;
  }
}

TEST(UpdateTest, OnlyDraftsChange) {
  v1::Plan plan = CompletePlan();
  plan.set_state(v1::Plan::STATE_PROPOSED);
  EXPECT_EQ(errors::ReasonOf(Update(plan, plan, {"lines"}, Author()).status()), v1::ERROR_REASON_WRONG_STATE);
}

// Councils read plans without clinical detail, so what they send back without it has not taken it out.
TEST(UpdateTest, CouncilsNeitherWriteNorEraseClinicalDetail) {
  v1::Plan before = CompletePlan();
  before.mutable_needs(1)->set_health_detail("grade 2");
  v1::Plan given = before;
  given.mutable_profile()->clear_health_summary();
  given.mutable_profile()->set_about("Amal teaches chess and Go");
  given.mutable_needs(1)->set_health_detail("grade 4");
  const v1::Plan by_council = Update(before, given, {"profile", "needs"}, Author())->plan;
  EXPECT_EQ(by_council.profile().about(), "Amal teaches chess and Go");
  EXPECT_EQ(by_council.profile().health_summary(), "multiple sclerosis");
  EXPECT_EQ(by_council.needs(1).health_detail(), "grade 2");
  const v1::Plan by_nhs = Update(before, given, {"profile", "needs"}, IcbLead())->plan;
  EXPECT_EQ(by_nhs.profile().health_summary(), "");
  EXPECT_EQ(by_nhs.needs(1).health_detail(), "grade 4");
}

TEST(ReviseTest, CopiesThePlanInEffectIntoANewDraft) {
  v1::Plan active = CompletePlan();
  v1::RevisePlanRequest request;
  request.set_start_date("2026-07-06");
  EXPECT_EQ(errors::ReasonOf(DecideRevise(active, Facts(), request, Author()).status()),
            v1::ERROR_REASON_WRONG_STATE);
  active.set_state(v1::Plan::STATE_ACTIVE);
  active.add_signatures();
  active.add_approvals();
  const auto decision = DecideRevise(active, Facts(), request, CouncilManager());
  ASSERT_TRUE(decision.ok()) << decision.status();
  const v1::Plan& plan = decision->plan;
  EXPECT_EQ(plan.state(), v1::Plan::STATE_DRAFT);
  EXPECT_EQ(plan.revises(), active.name());
  EXPECT_EQ(plan.name(), "");
  EXPECT_EQ(plan.start_date(), "2026-07-06");
  EXPECT_EQ(plan.lines_size(), 2);
  EXPECT_EQ(plan.signatures_size() + plan.approvals_size(), 0);
  EXPECT_THAT(plan.authors(), ::testing::SizeIs(1));
}

// Care Act 2014 ss19(3), 24-25: what was urgent and short is followed by a whole plan, asked the whole list.
TEST(ReviseTest, WhatFollowsAnInterimPlanIsAFullOne) {
  v1::Plan interim = InterimPlan();
  interim.set_state(v1::Plan::STATE_ACTIVE);
  v1::RevisePlanRequest request;
  request.set_start_date("2026-06-01");
  const auto decision = DecideRevise(interim, Facts(), request, Author());
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.kind(), v1::Plan::KIND_FULL);
  EXPECT_EQ(decision->plan.expiry_date() + decision->plan.review_date() + decision->plan.urgency_reasons(),
            "");
  EXPECT_THAT(RulesOf(DecidePropose(decision->plan, Facts().budget, ShippedPolicy(), kToday).status()),
              ::testing::IsSupersetOf({"PLAN-CA-1", "PLAN-CA-6", "PLAN-PHB-2", "PLAN-PHB-8"}));
}

}  // namespace
}  // namespace ipb::careplanning
