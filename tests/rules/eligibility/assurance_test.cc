// Which decisions on NHS continuing healthcare count, for which period, and as what; the targets are in the
// case files.
#include "services/eligibility/rules/assurance.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;

v1::Determination Healthcare(int n) {
  return Decided(DeterminationName(n), v1::ELIGIBILITY_REGIME_CHC, kYes, kIcb);
}

v1::Assessment OnTool() {
  v1::Assessment assessment;
  *assessment.mutable_evidence()->mutable_decision_support_tool() = Tool();
  return assessment;
}

// The counts of so many in time of so many with a clock, and in hospital of so many decided.
DecisionCounts Counts(int64_t in_time, int64_t clocked, int64_t in_hospital, int64_t decided) {
  return {decided, 0, clocked, in_time, in_hospital};
}

Assurance Held(const DecisionCounts& counts) {
  const auto held = HoldAgainstTargets(counts, kIcb, kToday - 30, kToday, Policy());
  EXPECT_TRUE(held.ok()) << held.status();
  return held.ok() ? *held : Assurance();
}

TEST(CountedDecisions, AreMadeOnADecisionSupportTool) {
  const v1::Assessment assessment = OnTool();
  const auto counted = CountedAs(Healthcare(1), &assessment, {});
  ASSERT_TRUE(counted.has_value());
  EXPECT_EQ(counted->decided, absl::CivilDay(2026, 6, 1));
  EXPECT_TRUE(counted->eligible);
  EXPECT_FALSE(counted->clocked || counted->in_time || counted->in_acute_hospital);
  EXPECT_FALSE(CountedAs(Healthcare(1), nullptr, {}).has_value());
  v1::Determination recommended = Healthcare(1);
  recommended.clear_decision();
  EXPECT_FALSE(CountedAs(recommended, &assessment, {}).has_value());
}

TEST(CountedDecisions, AreInTimeOnlyWhereTheyMetAClock) {
  const v1::Assessment assessment = OnTool();
  v1::SupportRequest request;
  v1::RequestClock& clock = *request.add_clocks();
  v1::Determination determination = Healthcare(1);
  EXPECT_FALSE(CountedAs(determination, &assessment, request)->clocked) << "not met";
  clock.set_met_date("2026-06-01");
  EXPECT_TRUE(CountedAs(determination, &assessment, request)->in_time);
  determination.set_overrun_days(1);
  EXPECT_TRUE(CountedAs(determination, &assessment, request)->clocked);
  EXPECT_FALSE(CountedAs(determination, &assessment, request)->in_time);
  clock.set_met_date("2026-05-31");
  EXPECT_FALSE(CountedAs(determination, &assessment, request)->clocked) << "met by an earlier one";
}

TEST(CountedDecisions, OfAMatterThatWasOverturnedAreTheFirst) {
  DeterminationFacts facts;
  facts.others = {Healthcare(1), Healthcare(2)};
  const v1::Determination alone = Healthcare(4);
  EXPECT_EQ(FirstDecision(alone, facts), &alone);
  v1::Determination overturning = Healthcare(3);
  overturning.set_overturns(DeterminationName(2));
  EXPECT_EQ(FirstDecision(overturning, facts), &facts.others[1]);
  overturning.set_overturns(DeterminationName(9));
  EXPECT_EQ(FirstDecision(overturning, facts), nullptr);
}

TEST(AssurancePeriod, HasItsDaysInOrderAndAYearAtMost) {
  EXPECT_TRUE(CheckPeriod(kToday, kToday).ok());
  EXPECT_TRUE(CheckPeriod(absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 12, 31)).ok()) << "366 days";
  const absl::Status reversed = CheckPeriod(kToday, kToday - 1);
  EXPECT_EQ(reversed.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(reversed.message(), HasSubstr("before from_date"));
  const absl::Status long_one = CheckPeriod(absl::CivilDay(2024, 1, 1), absl::CivilDay(2025, 1, 1));
  EXPECT_EQ(long_one.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(long_one.message(), HasSubstr("366"));
}

// One row: the counts, and whether each target is met.
struct Row {
  int64_t in_time, clocked, in_hospital, decided;
  bool in_time_met, in_hospital_met;
};

constexpr Row kRows[] = {
    {0, 0, 0, 0, false, false},
    {0, 1, 1, 1, false, false},
    {1, 1, 0, 1, true, true},
    {4, 5, 0, 5, true, true},
    {3, 4, 1, 7, false, true},
    {80, 100, 15, 100, true, false},
    {79, 100, 14, 100, false, true},
    {81, 100, 16, 100, true, false},
    {800, 1000, 149, 1000, true, true},
    {799, 1000, 150, 1000, false, false},
    {0, 0, 3, 20, false, false},
    {4'000'000'000'000'000'000, 5'000'000'000'000'000'000, 749'999'999'999'999'999, 5'000'000'000'000'000'000,
     true, true},
};

TEST(AssuranceTargets, AreHeldToTheLastDecision) {
  for (const Row& row : kRows) {
    const Assurance held = Held(Counts(row.in_time, row.clocked, row.in_hospital, row.decided));
    EXPECT_EQ(held.response.in_time_target_met(), row.in_time_met) << row.in_time << " of " << row.clocked;
    EXPECT_EQ(held.response.acute_hospital_target_met(), row.in_hospital_met)
        << row.in_hospital << " of " << row.decided;
  }
}

// With one more in time, or one fewer in hospital, a target that was met stays met.
TEST(AssuranceTargets, AreMetFromOneNumberOn) {
  for (int64_t whole = 1; whole <= 60; ++whole) {
    bool in_time_before = false, hospital_before = true;
    for (int64_t part = 0; part <= whole; ++part) {
      const Assurance held = Held(Counts(part, whole, part, whole));
      EXPECT_EQ(held.response.in_time_target_met(), part * 5 >= whole * 4) << part << " of " << whole;
      EXPECT_GE(held.response.in_time_target_met(), in_time_before);
      EXPECT_LE(held.response.acute_hospital_target_met(), hospital_before);
      in_time_before = held.response.in_time_target_met();
      hospital_before = held.response.acute_hospital_target_met();
    }
  }
}

TEST(AssuranceExplanation, SaysTheSharesAsTheyAre) {
  const v1::Explanation explanation = Held(Counts(7, 9, 1, 11)).trace.Render("rules", "policy");
  ASSERT_EQ(explanation.steps_size(), 3);
  EXPECT_THAT(explanation.steps(0).sentence(), HasSubstr("QZZ made 11 decisions"));
  EXPECT_THAT(explanation.steps(1).sentence(), HasSubstr("7/9 of them, not rounded. At least 80/100"));
  EXPECT_THAT(explanation.steps(1).sentence(), HasSubstr("the target is missed"));
  EXPECT_THAT(explanation.steps(2).sentence(), HasSubstr("1/11 of them, not rounded. Less than 15/100"));
  EXPECT_THAT(explanation.steps(2).sentence(), HasSubstr("the target is met"));
  for (const auto& step : explanation.steps()) EXPECT_FALSE(step.legal_source().empty());
}

TEST(AssuranceTargets, AreNotGuessedWherePolicyHasNone) {
  v1::EligibilityPolicy policy = Policy();
  policy.clear_assurance_targets();
  EXPECT_THAT(Refusals(HoldAgainstTargets({}, kIcb, kToday, kToday, policy).status()),
              ElementsAre("NO_RATE"));
  EXPECT_THAT(Refusals(HoldAgainstTargets({}, kIcb, kToday, kToday, Policy()).status()), IsEmpty());
}

}  // namespace
}  // namespace ipb::eligibility
