// What is asked of allocation once everybody approved, on whose behalf, and which plan gives way.
#include "services/careplanning/rules/activation.h"

#include <gmock/gmock.h>

#include "common/errors/errors.h"
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
  const auto add = [&budget](const char* id, v1::ComponentKind kind, int64_t weekly_pence,
                             int64_t one_off_pence) {
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

TEST(PlanToReplaceTest, IsTheLastOfThoseThatAreToReplaceTheRevisedOne) {
  std::vector<v1::Plan> all = {Numbered(1, v1::Plan::STATE_ACTIVE), Numbered(2, v1::Plan::STATE_ACTIVE)};
  all[0].set_superseded_by(all[1].name());
  v1::Plan plan = Numbered(3, v1::Plan::STATE_APPROVED);
  plan.set_revises(all[0].name());
  EXPECT_EQ(PlanToReplace(plan, all), &all[1]);
}

TEST(PlanToReplaceTest, OneBudgetIsSpentByOnePlan) {
  const std::vector<v1::Plan> all = {Numbered(1, v1::Plan::STATE_ACTIVE),
                                     Numbered(2, v1::Plan::STATE_ACTIVE)};
  v1::Plan plan = Numbered(3, v1::Plan::STATE_APPROVED);
  plan.set_budget(all[1].budget());
  EXPECT_EQ(PlanToReplace(plan, all), &all[1]);
}

TEST(AgreementForTest, TellsFromWhenAndOfAnInterimPlanWhyItCannotWait) {
  v1::Plan plan = Approved({kCouncil});
  plan.set_start_date("2026-05-04");
  plan.add_signatures()->set_signature_date("2026-05-06");
  auto request = AgreementFor(plan, Estimate(), kCouncil);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->effective_from_date(), "2026-05-06")
      << "the day from which the direct payment is in effect";
  EXPECT_FALSE(request->has_urgent_need());
  plan.set_kind(v1::Plan::KIND_INTERIM);
  plan.set_urgency_reasons("discharged today");
  plan.set_expiry_date("2026-05-20");
  request = AgreementFor(plan, Estimate(), kCouncil);
  EXPECT_EQ(request->urgent_need().reasons(), "discharged today");
  EXPECT_EQ(request->urgent_need().expiry_date(), "2026-05-20");
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

v1::Plan Active(int number, const std::string& active_date) {
  v1::Plan plan = Numbered(number, v1::Plan::STATE_ACTIVE);
  plan.set_active_date(active_date);
  return plan;
}

v1::Plan Revision(int number, const std::string& start_date) {
  v1::Plan plan = Numbered(number, v1::Plan::STATE_APPROVED);
  plan.set_revises("people/p1/plans/1");
  plan.set_start_date(start_date);
  return plan;
}

TEST(DecideActivateTest, DirectPaymentIsNotInEffectBeforeTheAgreement) {
  v1::Plan plan = Revision(2, "2026-04-06");
  plan.add_signatures()->set_signature_date("2026-04-20");
  EXPECT_EQ(DecideActivate(plan, {}, kToday)->plan.active_date(), "2026-04-20");
  plan.mutable_lines(0)->set_management_option(v1::MANAGEMENT_OPTION_THIRD_PARTY);
  EXPECT_EQ(DecideActivate(plan, {}, kToday)->plan.active_date(), "2026-04-06");
  plan.set_state(v1::Plan::STATE_PROPOSED);
  EXPECT_EQ(errors::ReasonOf(DecideActivate(plan, {}, kToday).status()), v1::ERROR_REASON_WRONG_STATE);
}

// Care Act 2014 s27(4): one plan after the other, without a day that has none or two.
TEST(DecideActivateTest, ThePlanBeforeStaysInEffectToTheDayBefore) {
  const struct {
    const char* what;
    const char* start_date;
    const char* active_date;
    const char* last_active_date;
    v1::Plan::State before;
  } cases[] = {
      {"ahead", "2026-06-01", "2026-06-01", "2026-05-31", v1::Plan::STATE_ACTIVE},
      {"tomorrow", "2026-05-02", "2026-05-02", "2026-05-01", v1::Plan::STATE_ACTIVE},
      {"today", "2026-05-01", "2026-05-01", "2026-04-30", v1::Plan::STATE_SUPERSEDED},
      {"approved late", "2026-04-20", "2026-04-20", "2026-04-19", v1::Plan::STATE_SUPERSEDED},
      {"not before the one that it replaces", "2026-03-01", "2026-04-06", "2026-04-05",
       v1::Plan::STATE_SUPERSEDED},
  };
  for (const auto& c : cases) {
    const auto activation = DecideActivate(Revision(2, c.start_date), {Active(1, "2026-04-06")}, kToday);
    ASSERT_TRUE(activation.ok()) << activation.status();
    EXPECT_EQ(activation->plan.state(), v1::Plan::STATE_ACTIVE) << c.what;
    EXPECT_EQ(activation->plan.active_date(), c.active_date) << c.what;
    ASSERT_EQ(activation->changed.size(), 1u) << c.what;
    EXPECT_EQ(activation->changed[0].state(), c.before) << c.what;
    EXPECT_EQ(activation->changed[0].last_active_date(), c.last_active_date) << c.what;
    EXPECT_EQ(activation->changed[0].superseded_by(), "people/p1/plans/2") << c.what;
  }
}

TEST(DecideActivateTest, APlanThatIsReplacedBeforeItBeginsLeavesNoGap) {
  v1::Plan first = Active(1, "2026-04-06");
  first.set_superseded_by("people/p1/plans/2");
  first.set_last_active_date("2026-06-14");
  for (const char* start_date : {"2026-06-15", "2026-07-01"}) {
    const auto later = DecideActivate(Revision(3, start_date), {first, Active(2, "2026-06-15")}, kToday);
    ASSERT_EQ(later->changed.size(), 1u) << start_date << ": the first plan's last day stands";
    EXPECT_EQ(later->changed[0].name(), "people/p1/plans/2");
  }
  const auto earlier = DecideActivate(Revision(3, "2026-06-01"), {first, Active(2, "2026-06-15")}, kToday);
  EXPECT_EQ(earlier->plan.active_date(), "2026-06-01");
  ASSERT_EQ(earlier->changed.size(), 2u);
  EXPECT_EQ(earlier->changed[0].state(), v1::Plan::STATE_SUPERSEDED) << "the second is never in effect";
  EXPECT_EQ(earlier->changed[1].name(), first.name());
  EXPECT_EQ(earlier->changed[1].state(), v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(earlier->changed[1].last_active_date(), "2026-05-31");
  EXPECT_EQ(earlier->changed[1].superseded_by(), "people/p1/plans/2");
}

TEST(DecideActivateTest, AnInterimPlanThatExpiresBeforeEndsByItself) {
  v1::Plan interim = Active(1, "2026-05-01");
  interim.set_kind(v1::Plan::KIND_INTERIM);
  interim.set_expiry_date("2026-05-14");
  const auto gap = DecideActivate(Revision(2, "2026-05-16"), {interim}, kToday);
  EXPECT_TRUE(gap->changed.empty());
  const auto next = DecideActivate(Revision(2, "2026-05-15"), {interim}, kToday);
  ASSERT_EQ(next->changed.size(), 1u);
  EXPECT_EQ(next->changed[0].last_active_date(), "2026-05-14");
}

TEST(DecideSupersedeTest, IsDueTheDayAfterTheLast) {
  v1::Plan plan = Active(1, "2026-04-06");
  EXPECT_EQ(errors::ReasonOf(DecideSupersede(plan, kToday).status()), v1::ERROR_REASON_WRONG_STATE);
  plan.set_superseded_by("people/p1/plans/2");
  plan.set_last_active_date("2026-05-01");
  EXPECT_EQ(errors::ReasonOf(DecideSupersede(plan, kToday).status()), v1::ERROR_REASON_WRONG_STATE);
  const auto decision = DecideSupersede(plan, kToday + 1);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.state(), v1::Plan::STATE_SUPERSEDED);
}

}  // namespace
}  // namespace ipb::careplanning
