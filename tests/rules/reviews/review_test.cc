// Scheduling, arranging, cancelling and starting.
#include "services/reviews/rules/review.h"

#include <gmock/gmock.h>

#include "common/errors/errors.h"
#include "tests/rules/reviews/examples.h"

namespace ipb::reviews {
namespace {

using ::testing::ElementsAre;

v1::ScheduleReviewRequest Ask(v1::ReviewTrigger trigger, const std::string& due_date = "") {
  v1::ScheduleReviewRequest request;
  request.set_plan("people/p1/plans/1");
  request.set_trigger(trigger);
  if (trigger != v1::REVIEW_TRIGGER_CADENCE) request.set_reasons("as told by the duty team");
  request.set_due_date(due_date);
  return request;
}

absl::StatusOr<ReviewDecision> Schedule(const v1::ScheduleReviewRequest& request,
                                        const PlanFacts& plan = JointPlan()) {
  return DecideScheduleReview(plan, request, ShippedPolicy(), kToday);
}

v1::Review Scheduled() {
  v1::Review review = Schedule(Ask(v1::REVIEW_TRIGGER_CADENCE))->review;
  review.set_name("people/p1/reviews/1");
  return review;
}

TEST(ScheduleReviewTest, ByCadence) {
  const v1::Review review = Scheduled();
  EXPECT_EQ(review.state(), v1::Review::STATE_SCHEDULED);
  EXPECT_EQ(review.due_date(), "2026-06-01");
  EXPECT_EQ(review.planned_date(), "2026-06-01");
  EXPECT_TRUE(review.light_touch());
  EXPECT_THAT(review.organisations(), ElementsAre("E10000019", "QZZ"));
}

TEST(ScheduleReviewTest, ByTriggerForAllRegimes) {
  const auto decision = Schedule(Ask(v1::REVIEW_TRIGGER_CHANGE_OF_NEED));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->review.due_date(), "2026-05-11")
      << "the ICB's 10 days are earlier than the council's 14";
  EXPECT_EQ(decision->review.regimes_size(), 3);
  v1::ScheduleReviewRequest silent = Ask(v1::REVIEW_TRIGGER_CHANGE_OF_NEED);
  silent.clear_reasons();
  EXPECT_THAT(RulesOf(Schedule(silent).status()), ElementsAre("REVIEW-TRIGGER-REASONS"));
}

TEST(ScheduleReviewTest, DateAskedForCanOnlyBeEarlier) {
  EXPECT_EQ(Schedule(Ask(v1::REVIEW_TRIGGER_CADENCE, "2026-05-20"))->review.due_date(), "2026-05-20");
  EXPECT_THAT(RulesOf(Schedule(Ask(v1::REVIEW_TRIGGER_CADENCE, "2026-06-02")).status()),
              ElementsAre("REVIEW-IN-TIME"));
}

TEST(ScheduleReviewTest, TriggerWithoutADeadlineNeedsADate) {
  ReviewPolicy national = ShippedPolicy();
  national.local.clear();
  const auto undated = DecideScheduleReview(JointPlan(), Ask(v1::REVIEW_TRIGGER_HOSPITAL), national, kToday);
  EXPECT_EQ(errors::ReasonOf(undated.status()), v1::ERROR_REASON_NO_RATE);
  const auto dated =
      DecideScheduleReview(JointPlan(), Ask(v1::REVIEW_TRIGGER_HOSPITAL, "2026-05-09"), national, kToday);
  ASSERT_TRUE(dated.ok()) << dated.status();
  EXPECT_EQ(dated->review.due_date(), "2026-05-09");
}

TEST(ScheduleReviewTest, PlanIsInEffectExceptAfterDeath) {
  PlanFacts over = JointPlan();
  over.in_effect = false;
  EXPECT_THAT(RulesOf(Schedule(Ask(v1::REVIEW_TRIGGER_CADENCE), over).status()),
              ElementsAre("REVIEW-PLAN-ACTIVE"));
  EXPECT_TRUE(Schedule(Ask(v1::REVIEW_TRIGGER_DEATH), over).ok());
}

TEST(RescheduleTest, LaterThanDueNeedsReasonsAndStaysDue) {
  v1::RescheduleReviewRequest request;
  request.set_planned_date("2026-06-01");
  EXPECT_TRUE(DecideReschedule(Scheduled(), request, Reviewer(), kToday).ok());
  request.set_planned_date("2026-06-02");
  EXPECT_THAT(RulesOf(DecideReschedule(Scheduled(), request, Reviewer(), kToday).status()),
              ElementsAre("REVIEW-DELAY-REASONS"));
  request.mutable_decision()->set_reasons("she asked to wait for her daughter");
  const auto decision = DecideReschedule(Scheduled(), request, Reviewer(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->review.due_date(), "2026-06-01");
  EXPECT_EQ(decision->review.planned_date(), "2026-06-02");
  EXPECT_EQ(decision->review.delays(0).from_date(), "2026-06-01");
  EXPECT_EQ(decision->review.delays(0).decision().decider(), "reviewer");
  request.set_planned_date("2026-04-30");
  EXPECT_THAT(RulesOf(DecideReschedule(Scheduled(), request, Reviewer(), kToday).status()),
              ElementsAre("REVIEW-DELAY-PAST"));
}

v1::CancelReviewRequest Cancel(v1::ReviewCancellation::Reason reason) {
  v1::CancelReviewRequest request;
  request.mutable_cancellation()->set_reason(reason);
  return request;
}

absl::StatusOr<ReviewDecision> Decide(const v1::Review& review, const v1::CancelReviewRequest& request,
                                      const v1::Review* covering = nullptr,
                                      const PlanFacts& plan = JointPlan()) {
  return DecideCancel(review, plan, covering, request, Reviewer(), kToday);
}

TEST(CancelTest, DutyToReviewIsNotGivenUp) {
  EXPECT_THAT(RulesOf(Decide(Scheduled(), Cancel(v1::ReviewCancellation::REASON_NO_LONGER_NEEDED)).status()),
              ElementsAre("REVIEW-CANCEL-DUTY", "REVIEW-CANCEL-REASONS"));
  EXPECT_THAT(RulesOf(Decide(Scheduled(), Cancel(v1::ReviewCancellation::REASON_PLAN_OVER)).status()),
              ElementsAre("REVIEW-CANCEL-PLAN"));
  EXPECT_THAT(RulesOf(Decide(Scheduled(), Cancel(v1::ReviewCancellation::REASON_COVERED)).status()),
              ElementsAre("REVIEW-CANCEL-COVERED"));
}

TEST(CancelTest, PlanThatIsOverNeedsNoReview) {
  PlanFacts over = JointPlan();
  over.in_effect = false;
  const auto decision = Decide(Scheduled(), Cancel(v1::ReviewCancellation::REASON_PLAN_OVER), nullptr, over);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->review.state(), v1::Review::STATE_CANCELLED);
}

TEST(CancelTest, AnotherReviewCoversItInTimeAndForAllRegimes) {
  const v1::Review review = Scheduled();
  v1::Review other = Schedule(Ask(v1::REVIEW_TRIGGER_REQUEST))->review;
  other.set_name("people/p1/reviews/2");
  const auto request = Cancel(v1::ReviewCancellation::REASON_COVERED);
  EXPECT_TRUE(Decide(review, request, &other).ok()) << "due 29 May, before 1 June";
  EXPECT_FALSE(Decide(other, request, &review).ok()) << "a light-touch review covers no whole one";
  other.set_due_date("2026-06-02");
  EXPECT_FALSE(Decide(review, request, &other).ok());
  other.set_due_date("2026-05-29");
  other.clear_regimes();
  EXPECT_FALSE(Decide(review, request, &other).ok());
}

TEST(StartTest, OnlyScheduledReviewsStart) {
  const auto decision = DecideStart(Scheduled(), kToday);
  EXPECT_EQ(decision->review.state(), v1::Review::STATE_STARTED);
  EXPECT_EQ(decision->review.started_date(), "2026-05-01");
  EXPECT_EQ(errors::ReasonOf(DecideStart(decision->review, kToday).status()), v1::ERROR_REASON_WRONG_STATE);
}

}  // namespace
}  // namespace ipb::reviews
