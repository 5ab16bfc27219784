// What is asked of allocation once everybody approved, on whose behalf, and which plan gives way.
#include "services/careplanning/rules/activation.h"

#include <gmock/gmock.h>

#include "tests/rules/careplanning/examples.h"

namespace ipb::careplanning {
namespace {

using ::testing::HasSubstr;

v1::Plan Approved(const std::vector<std::string>& organisations) {
  v1::Plan plan = CompletePlan();
  plan.set_state(v1::Plan::STATE_APPROVED);
  for (const std::string& organisation : organisations) {
    v1::PlanApproval* approval = plan.add_approvals();
    approval->set_organisation(organisation);
    approval->mutable_decision()->set_reasons("by " + organisation);
  }
  return plan;
}

v1::Budget Estimate() {
  v1::Budget budget;
  budget.set_name("people/p1/budgets/1");
  const auto add = [&budget](const char* id, v1::ComponentKind kind, int64_t weekly_pence, int64_t one_off_pence) {
    v1::BudgetComponent* component = budget.add_components();
    component->set_component_id(id);
    component->set_kind(kind);
    component->set_weekly_pence(weekly_pence);
    component->set_one_off_pence(one_off_pence);
  };
  add("care", v1::COMPONENT_KIND_ONGOING, 35000, 0);
  add("equipment", v1::COMPONENT_KIND_ONE_OFF, 0, 90000);
  add("reserve", v1::COMPONENT_KIND_CONTINGENCY, 0, 60000);
  return budget;
}

v1::Plan Numbered(int number, v1::Plan::State state) {
  v1::Plan plan = CompletePlan();
  plan.set_name("people/p1/plans/" + std::to_string(number));
  plan.set_budget("people/p1/budgets/" + std::to_string(number));
  plan.set_state(state);
  return plan;
}

TEST(DecidingApprovalTest, IsTheCouncilsElseTheLast) {
  EXPECT_EQ(DecidingApproval(Approved({kCouncil, kIcb}), ShippedPolicy(), kToday).organisation(), kCouncil);
  EXPECT_EQ(DecidingApproval(Approved({kIcb, kCouncil}), ShippedPolicy(), kToday).organisation(), kCouncil);
  EXPECT_EQ(DecidingApproval(Approved({"OTHER", kIcb}), ShippedPolicy(), kToday).organisation(), kIcb);
}

TEST(AgreementForTest, AsksForWhatTheLinesCostAndKeepsTheContingency) {
  const auto request = AgreementFor(Approved({kIcb, kCouncil}), Estimate(), kCouncil);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->name(), "people/p1/budgets/1");
  EXPECT_EQ(request->plan(), "people/p1/plans/1");
  EXPECT_EQ(request->decision().reasons(), std::string("by ") + kCouncil);
  ASSERT_EQ(request->amounts_size(), 3);
  EXPECT_EQ(request->amounts(0).weekly_pence(), 30000);
  EXPECT_THAT(request->amounts(0).reasons(), HasSubstr("people/p1/plans/1"));
  EXPECT_EQ(request->amounts(1).one_off_pence(), 90000);
  EXPECT_EQ(request->amounts(1).reasons(), "");
  EXPECT_EQ(request->amounts(2).one_off_pence(), 60000);
  EXPECT_EQ(request->amounts(2).reasons(), "");
}

TEST(PlanToReplaceTest, FollowsTheRevisedPlanToWhatReplacedIt) {
  std::vector<v1::Plan> all = {Numbered(1, v1::Plan::STATE_SUPERSEDED), Numbered(2, v1::Plan::STATE_ACTIVE)};
  all[0].set_superseded_by(all[1].name());
  v1::Plan plan = Numbered(3, v1::Plan::STATE_APPROVED);
  EXPECT_EQ(PlanToReplace(plan, all), nullptr);
  plan.set_revises(all[0].name());
  EXPECT_EQ(PlanToReplace(plan, all), &all[1]);
  all[1].set_state(v1::Plan::STATE_ENDED);
  EXPECT_EQ(PlanToReplace(plan, all), nullptr);
}

TEST(PlanToReplaceTest, OneBudgetIsSpentByOnePlan) {
  const std::vector<v1::Plan> all = {Numbered(1, v1::Plan::STATE_ACTIVE), Numbered(2, v1::Plan::STATE_ACTIVE)};
  v1::Plan plan = Numbered(3, v1::Plan::STATE_APPROVED);
  plan.set_budget(all[1].budget());
  EXPECT_EQ(PlanToReplace(plan, all), &all[1]);
}

TEST(PlanToReplaceTest, AnInterimPlanGivesWayToOneForTheSameNeeds) {
  std::vector<v1::Plan> all = {Numbered(1, v1::Plan::STATE_ACTIVE)};
  all[0].set_kind(v1::Plan::KIND_INTERIM);
  all[0].clear_form();
  v1::Plan plan = Numbered(2, v1::Plan::STATE_APPROVED);
  EXPECT_EQ(PlanToReplace(plan, all), &all[0]);
  plan.set_form(v1::Plan::FORM_CARER);
  EXPECT_EQ(PlanToReplace(plan, all), nullptr);
}

}  // namespace
}  // namespace ipb::careplanning
