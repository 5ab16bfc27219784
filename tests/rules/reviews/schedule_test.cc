// Due dates by regime, the earliest of them, and what is overdue.
#include "services/reviews/rules/schedule.h"

#include <gmock/gmock.h>

#include "common/errors/errors.h"
#include "tests/rules/reviews/examples.h"

namespace ipb::reviews {
namespace {

using ::testing::ElementsAre;

struct Cadence {
  v1::ReviewRegime regime;
  absl::CivilDay first;  // Due after a start on 6 April 2026.
  absl::CivilDay next;   // Due after a review on 1 May 2026.
};

const Cadence kCadences[] = {
    // Care and Support Statutory Guidance 13.27, 13.32: 6 to 8 weeks, then 12 months.
    {v1::REVIEW_REGIME_CARE_ACT, absl::CivilDay(2026, 6, 1), absl::CivilDay(2027, 5, 1)},
    // SI 2014/2871 reg 7(1): within the first 6 months, then at most 12 months apart.
    {v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT, absl::CivilDay(2026, 10, 6), absl::CivilDay(2027, 5, 1)},
    // National Framework: 3 months, then 12 months.
    {v1::REVIEW_REGIME_CHC, absl::CivilDay(2026, 7, 6), absl::CivilDay(2027, 5, 1)},
    {v1::REVIEW_REGIME_FNC, absl::CivilDay(2026, 7, 6), absl::CivilDay(2027, 5, 1)},
    {v1::REVIEW_REGIME_CYPCC, absl::CivilDay(2026, 7, 6), absl::CivilDay(2027, 5, 1)},
    // SI 2013/1617 reg 14.
    {v1::REVIEW_REGIME_HEALTH_BUDGET, absl::CivilDay(2026, 7, 6), absl::CivilDay(2027, 5, 1)},
    // Local choices: the ICB's 6 months are earlier than the council's 12; the council's 56 days than the
    // ICB's 3 months.
    {v1::REVIEW_REGIME_SECTION_117, absl::CivilDay(2026, 10, 6), absl::CivilDay(2027, 5, 1)},
    {v1::REVIEW_REGIME_FINANCIAL_CHECK, absl::CivilDay(2026, 6, 1), absl::CivilDay(2027, 5, 1)},
};

TEST(ScheduleTest, EachRegimeHasItsCadence) {
  for (const Cadence& cadence : kCadences) {
    RegimeFacts facts = Regime(cadence.regime);
    EXPECT_EQ(DecideSchedule({facts}, ShippedPolicy())->due_date, cadence.first) << cadence.regime;
    facts.last_review_date = kToday;
    EXPECT_EQ(DecideSchedule({facts}, ShippedPolicy())->due_date, cadence.next) << cadence.regime;
  }
}

TEST(ScheduleTest, EarliestDateHoldsAndOneJointReviewServesAll) {
  const auto schedule = DecideSchedule(
      {Regime(v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT), Regime(v1::REVIEW_REGIME_HEALTH_BUDGET)},
      ShippedPolicy());
  ASSERT_TRUE(schedule.ok()) << schedule.status();
  EXPECT_EQ(schedule->due_date, absl::CivilDay(2026, 7, 6));
  EXPECT_EQ(schedule->deciding_regime, v1::REVIEW_REGIME_HEALTH_BUDGET);
  EXPECT_THAT(schedule->regimes,
              ElementsAre(v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT, v1::REVIEW_REGIME_HEALTH_BUDGET));
}

TEST(ScheduleTest, APlanThatNobodyFundsHasNoCalendar) {
  const absl::Status refused = DecideSchedule({}, ShippedPolicy()).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("REVIEW-REGIME"));
}

TEST(ScheduleTest, LightTouchReviewStandsForNoOther) {
  const auto schedule = DecideSchedule(JointPlan().regimes, ShippedPolicy());
  EXPECT_TRUE(schedule->light_touch);
  EXPECT_THAT(schedule->regimes, ElementsAre(v1::REVIEW_REGIME_CARE_ACT));
  const v1::Explanation explanation = schedule->trace.Render(kRuleSetVersion, "test");
  EXPECT_EQ(explanation.steps_size(), 5);
  EXPECT_EQ(explanation.steps(0).rule_id(), "REVIEW-DUE-FIRST");
  EXPECT_THAT(explanation.steps(0).sentence(),
              ::testing::HasSubstr("due by 1 June 2026, counted from 6 April 2026"));
}

// Property: no regime's own date is ever earlier than the date of the joint schedule.
TEST(ScheduleTest, JointDateIsNeverLaterThanAnyRegimes) {
  for (const Cadence& a : kCadences) {
    for (const Cadence& b : kCadences) {
      RegimeFacts reviewed = Regime(b.regime);
      reviewed.last_review_date = kToday;
      const auto joint = DecideSchedule({Regime(a.regime), reviewed}, ShippedPolicy());
      EXPECT_EQ(joint->due_date, std::min(a.first, b.next)) << a.regime << " " << b.regime;
    }
  }
}

TEST(ScheduleTest, OwnDateOfAnInterimPlanIsTaken) {
  RegimeFacts interim = Regime(v1::REVIEW_REGIME_INTERIM);
  interim.fixed_date = absl::CivilDay(2026, 5, 25);
  const auto schedule = DecideSchedule({interim, Regime(v1::REVIEW_REGIME_HEALTH_BUDGET)}, ShippedPolicy());
  EXPECT_EQ(schedule->due_date, absl::CivilDay(2026, 5, 25));
  EXPECT_EQ(schedule->deciding_regime, v1::REVIEW_REGIME_INTERIM);
}

TEST(ScheduleTest, RegimeWithoutARowIsNotDecided) {
  EXPECT_EQ(
      errors::ReasonOf(DecideSchedule({Regime(v1::REVIEW_REGIME_WHEELCHAIR)}, ShippedPolicy()).status()),
      v1::ERROR_REASON_NO_RATE);
  ReviewPolicy national = ShippedPolicy();
  national.local.clear();
  EXPECT_EQ(errors::ReasonOf(DecideSchedule({Regime(v1::REVIEW_REGIME_SECTION_117)}, national).status()),
            v1::ERROR_REASON_NO_RATE);
  RegimeFacts before_the_act = Regime(v1::REVIEW_REGIME_CARE_ACT);
  before_the_act.start_date = absl::CivilDay(2014, 1, 1);
  EXPECT_EQ(errors::ReasonOf(DecideSchedule({before_the_act}, ShippedPolicy()).status()),
            v1::ERROR_REASON_NO_RATE);
}

TEST(ScheduleTest, TriggerDeadlineIsTheEarlierOfBothPolicies) {
  explain::Trace trace;
  EXPECT_EQ(*DueForTrigger(v1::REVIEW_TRIGGER_SAFEGUARDING, ShippedPolicy(), kToday, trace),
            absl::CivilDay(2026, 5, 3));
  EXPECT_EQ(*DueForTrigger(v1::REVIEW_TRIGGER_PROVIDER_FAILURE, ShippedPolicy(), kToday, trace),
            absl::CivilDay(2026, 5, 2));
  EXPECT_EQ(*DueForTrigger(v1::REVIEW_TRIGGER_MOVE, ShippedPolicy(), kToday, trace), kToday);
  EXPECT_FALSE(DueForTrigger(v1::REVIEW_TRIGGER_CADENCE, ShippedPolicy(), kToday, trace).ok());
}

TEST(ScheduleTest, OverdueIsCountedFromTheDayAfterTheDueDate) {
  v1::Review review;
  review.set_state(v1::Review::STATE_SCHEDULED);
  review.set_due_date("2026-05-01");
  EXPECT_EQ(OverdueDays(review, kToday), 0);
  EXPECT_EQ(OverdueDays(review, kToday + 1), 1);
  review.set_state(v1::Review::STATE_STARTED);
  EXPECT_EQ(OverdueDays(review, kToday + 30), 30);
  review.set_state(v1::Review::STATE_COMPLETED);
  EXPECT_EQ(OverdueDays(review, kToday + 30), 0);
}

}  // namespace
}  // namespace ipb::reviews
