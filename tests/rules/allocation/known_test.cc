// Which budgets hold on a day, and how they were known to stand.
#include "services/allocation/rules/known.h"

#include <gtest/gtest.h>

#include "tests/support/text.h"

namespace ipb::allocation {
namespace {

// Agreed at 100, cut and replaced at 200, cut again at 300.
v1::Budget Replaced() {
  return testing::Text<v1::Budget>(
      "name: 'people/a/budgets/1' plan: 'people/a/plans/1' state: STATE_SUPERSEDED effective_from_date: "
      "'2025-06-02' "
      "effective_to_date: '2025-07-06' superseded_by: 'people/a/budgets/3' recorded_time { seconds: 100 } "
      "state_changes { state: STATE_AGREED recorded_time { seconds: 100 } } "
      "state_changes { state: STATE_SUPERSEDED effective_to_date: '2025-08-03' superseded_by: "
      "'people/a/budgets/2' "
      "  recorded_time { seconds: 200 } } "
      "state_changes { state: STATE_SUPERSEDED effective_to_date: '2025-07-06' superseded_by: "
      "'people/a/budgets/3' "
      "  recorded_time { seconds: 300 } }");
}

TEST(Known, ABudgetIsAsItsLogOfStatesSaysAtTheInstant) {
  const struct {
    int64_t seconds;
    v1::Budget::State state;
    const char* last_date;
    const char* superseded_by;
  } cases[] = {
      {100, v1::Budget::STATE_AGREED, "", ""},
      {199, v1::Budget::STATE_AGREED, "", ""},
      {200, v1::Budget::STATE_SUPERSEDED, "2025-08-03", "people/a/budgets/2"},
      {299, v1::Budget::STATE_SUPERSEDED, "2025-08-03", "people/a/budgets/2"},
      {300, v1::Budget::STATE_SUPERSEDED, "2025-07-06", "people/a/budgets/3"},
  };
  for (const auto& one : cases) {
    const auto known = AsKnown(Replaced(), absl::FromUnixSeconds(one.seconds));
    ASSERT_TRUE(known.has_value()) << one.seconds;
    EXPECT_EQ(known->state(), one.state) << one.seconds;
    EXPECT_EQ(known->effective_to_date(), one.last_date) << one.seconds;
    EXPECT_EQ(known->superseded_by(), one.superseded_by) << one.seconds;
  }
  EXPECT_FALSE(AsKnown(Replaced(), absl::FromUnixSeconds(99)).has_value());
}

TEST(Known, WhyFundingEndedIsKnownOnceItEnded) {
  v1::Budget ended = Replaced();
  ended.set_state(v1::Budget::STATE_ENDED);
  ended.mutable_state_changes(1)->set_state(v1::Budget::STATE_ENDED);
  ended.mutable_state_changes(2)->set_state(v1::Budget::STATE_ENDED);
  ended.set_end_reason(v1::Budget::END_REASON_DEATH);
  ended.mutable_end_decision()->set_reasons("The person died.");
  EXPECT_FALSE(AsKnown(ended, absl::FromUnixSeconds(100))->has_end_decision());
  EXPECT_EQ(AsKnown(ended, absl::FromUnixSeconds(200))->end_reason(), v1::Budget::END_REASON_DEATH);
}

TEST(Known, WithoutALogItIsAsItStandsFromWhenItWasRecorded) {
  v1::Budget older = Replaced();
  older.clear_state_changes();
  EXPECT_FALSE(AsKnown(older, absl::FromUnixSeconds(99)).has_value());
  EXPECT_EQ(AsKnown(older, absl::FromUnixSeconds(100))->state(), v1::Budget::STATE_SUPERSEDED);
}

TEST(Known, WhatWasAgreedHoldsForItsDaysAndAnEstimateUntilItIsReplaced) {
  const v1::Budget agreed = Replaced();
  EXPECT_FALSE(HoldsOn(agreed, absl::CivilDay(2025, 6, 1)));
  EXPECT_TRUE(HoldsOn(agreed, absl::CivilDay(2025, 6, 2)));
  EXPECT_TRUE(HoldsOn(agreed, absl::CivilDay(2025, 7, 6)));
  EXPECT_FALSE(HoldsOn(agreed, absl::CivilDay(2025, 7, 7)));
  v1::Budget estimate = agreed;
  estimate.clear_plan();
  EXPECT_FALSE(HoldsOn(estimate, absl::CivilDay(2025, 6, 2)));
  estimate.set_state(v1::Budget::STATE_INDICATIVE);
  EXPECT_TRUE(HoldsOn(estimate, absl::CivilDay(2025, 6, 2)));
}

}  // namespace
}  // namespace ipb::allocation
