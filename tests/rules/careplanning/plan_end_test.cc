// Ends: reasons, notice, reassessment, and the date of an interim plan.
#include "services/careplanning/rules/plan_end.h"

#include <gmock/gmock.h>

#include "common/errors/errors.h"
#include "services/careplanning/rules/plan_money.h"
#include "tests/rules/careplanning/examples.h"

namespace ipb::careplanning {
namespace {

using ::testing::ElementsAre;

v1::Plan ActivePlan() {
  v1::Plan plan = CompletePlan();
  plan.set_state(v1::Plan::STATE_ACTIVE);
  plan.set_active_date("2026-04-06");
  CopyShares(plan, JointBudget());
  return plan;
}

v1::EndPlanRequest End(v1::PlanEnd::Reason reason, const std::string& end_date) {
  v1::EndPlanRequest request;
  request.mutable_end()->set_reason(reason);
  request.mutable_end()->set_end_date(end_date);
  return request;
}

absl::StatusOr<PlanDecision> Decide(const v1::Plan& plan, const v1::EndPlanRequest& request,
                                    bool deceased = false) {
  PersonFacts person = Adult();
  person.deceased = deceased;
  return DecideEnd(plan, person, request, CouncilManager(), ShippedPolicy(), kToday);
}

TEST(EndTest, DeathNeedsTheRecordAndNothingElse) {
  const auto request = End(v1::PlanEnd::REASON_DEATH, "2026-04-28");
  EXPECT_THAT(RulesOf(Decide(ActivePlan(), request).status()), ElementsAre("PLAN-END-DEATH"));
  const auto decision = Decide(ActivePlan(), request, true);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.state(), v1::Plan::STATE_ENDED);
  EXPECT_EQ(decision->plan.end().decision().decider(), "manager");
}

// Local policy: 28 days of notice from each funder; Care Act 2014 s27(4) for the reassessment.
TEST(EndTest, NoMoreNeedTakesReassessmentReasonsAndNotice) {
  v1::EndPlanRequest request = End(v1::PlanEnd::REASON_NO_LONGER_NEEDED, "2026-05-28");
  EXPECT_THAT(RulesOf(Decide(ActivePlan(), request).status()),
              ElementsAre("PLAN-END-REASONS", "PLAN-END-REASSESSMENT", "PLAN-END-NOTICE", "PLAN-END-NOTICE"));
  request.mutable_end()->set_reassessment("people/p1/assessments/2");
  request.mutable_end()->mutable_decision()->set_reasons("she manages with the new bathroom");
  request.mutable_end()->set_notice_date("2026-05-01");
  EXPECT_THAT(RulesOf(Decide(ActivePlan(), request).status()),
              ElementsAre("PLAN-END-NOTICE", "PLAN-END-NOTICE"));
  request.mutable_end()->set_end_date("2026-05-29");
  EXPECT_TRUE(Decide(ActivePlan(), request).ok()) << Decide(ActivePlan(), request).status();
}

TEST(EndTest, PersonsWishNeedsNoNotice) {
  v1::EndPlanRequest request = End(v1::PlanEnd::REASON_PERSON_ASKED, "2026-05-01");
  request.mutable_end()->mutable_decision()->set_reasons("moving in with her sister");
  EXPECT_TRUE(Decide(ActivePlan(), request).ok());
  request.mutable_end()->set_end_date("2026-04-05");
  EXPECT_THAT(RulesOf(Decide(ActivePlan(), request).status()), ElementsAre("PLAN-END-DATE"));
}

TEST(EndTest, NoticeWithoutARowIsNotDecided) {
  PlanPolicy policy = ShippedPolicy();
  policy.local.pop_back();
  v1::EndPlanRequest request = End(v1::PlanEnd::REASON_MOVED, "2026-06-30");
  request.mutable_end()->mutable_decision()->set_reasons("moved to Otherton");
  EXPECT_EQ(
      errors::ReasonOf(DecideEnd(ActivePlan(), Adult(), request, CouncilManager(), policy, kToday).status()),
      v1::ERROR_REASON_NO_RATE);
}

TEST(EndTest, ReasonFitsTheState) {
  v1::EndPlanRequest request = End(v1::PlanEnd::REASON_WITHDRAWN, "2026-05-01");
  request.mutable_end()->mutable_decision()->set_reasons("she prefers the council to arrange it");
  EXPECT_TRUE(Decide(CompletePlan(), request).ok());
  EXPECT_THAT(RulesOf(Decide(ActivePlan(), request).status()), ElementsAre("PLAN-END-WITHDRAW"));
  request.mutable_end()->set_reason(v1::PlanEnd::REASON_PERSON_ASKED);
  EXPECT_THAT(RulesOf(Decide(CompletePlan(), request).status()), ElementsAre("PLAN-END-WITHDRAW"));
  request.mutable_end()->set_reason(v1::PlanEnd::REASON_EXPIRED);
  EXPECT_EQ(Decide(ActivePlan(), request).status().code(), absl::StatusCode::kInvalidArgument);
  v1::Plan ended = ActivePlan();
  ended.set_state(v1::Plan::STATE_ENDED);
  EXPECT_EQ(errors::ReasonOf(Decide(ended, request).status()), v1::ERROR_REASON_WRONG_STATE);
}

// None of the rules on ends delays an end by death, not even that the plan had not begun.
TEST(EndTest, DeathBeforeTheFirstDayEndsThePlan) {
  PersonFacts person = Adult();
  person.deceased = true;
  v1::Plan plan = ActivePlan();
  plan.set_active_date("2026-05-04");
  const v1::EndPlanRequest request = End(v1::PlanEnd::REASON_DEATH, "2026-04-30");
  const auto decision = DecideEnd(plan, person, request, CouncilManager(), ShippedPolicy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.end().end_date(), "2026-04-30");
}

TEST(ExpireTest, APlanThatAnotherReplacesDoesNotExpireToo) {
  v1::Plan plan = InterimPlan();
  plan.set_state(v1::Plan::STATE_ACTIVE);
  plan.set_last_active_date("2026-06-14");
  EXPECT_EQ(errors::ReasonOf(DecideExpire(plan, absl::CivilDay(2026, 6, 15)).status()),
            v1::ERROR_REASON_WRONG_STATE);
}

TEST(ExpireTest, InterimPlanEndsTheDayAfterItsDate) {
  v1::Plan plan = InterimPlan();
  plan.set_state(v1::Plan::STATE_ACTIVE);
  EXPECT_EQ(errors::ReasonOf(DecideExpire(plan, absl::CivilDay(2026, 6, 14)).status()),
            v1::ERROR_REASON_WRONG_STATE);
  const auto decision = DecideExpire(plan, absl::CivilDay(2026, 6, 15));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.state(), v1::Plan::STATE_ENDED);
  EXPECT_EQ(decision->plan.end().reason(), v1::PlanEnd::REASON_EXPIRED);
  EXPECT_EQ(decision->plan.end().end_date(), "2026-06-14");
  EXPECT_FALSE(DecideExpire(ActivePlan(), absl::CivilDay(2030, 1, 1)).ok());
}

}  // namespace
}  // namespace ipb::careplanning
