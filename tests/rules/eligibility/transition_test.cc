// The steps to adult care: what shows them, who sees them, and what policy leaves out.
#include "services/eligibility/rules/transition.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/age.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using D = v1::Determination;

constexpr absl::CivilDay kBirth(2009, 5, 4);

D Eligible() {
  D child = Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE,
                    v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kIcb);
  child.set_age_limit_date("2027-05-03");
  child.set_effective_to_date("2027-05-03");
  return child;
}

v1::SupportRequest Request(v1::SupportRequest::Kind kind, const std::string& date) {
  v1::SupportRequest request;
  request.set_kind(kind);
  request.set_received_date(date);
  request.set_name(RequestName(1));
  return request;
}

// The days on which the first two steps were met.
std::vector<std::string> Met(const std::vector<v1::SupportRequest>& requests) {
  const auto steps = TransitionSteps(kBirth, kToday, {requests, {}, {}}, Policy());
  return {steps[0].met_date(), steps[1].met_date()};
}

TEST(TransitionSteps, AreMetByTheEarliestThatShowsThemOrWhatComesAfter) {
  const auto notice = Request(v1::SupportRequest::KIND_TRANSITION, "2024-03-01");
  const auto earlier = Request(v1::SupportRequest::KIND_TRANSITION, "2023-06-01");
  const auto screening = Request(v1::SupportRequest::KIND_CHC_CHECKLIST, "2025-04-01");
  const auto first = Request(v1::SupportRequest::KIND_CHC_CHECKLIST, "2022-04-01");
  EXPECT_THAT(Met({notice, earlier}), testing::ElementsAre("2023-06-01", ""));
  EXPECT_THAT(Met({earlier, notice}), testing::ElementsAre("2023-06-01", ""));
  EXPECT_THAT(Met({notice, screening}), testing::ElementsAre("2024-03-01", "2025-04-01"));
  EXPECT_THAT(Met({notice, first}), testing::ElementsAre("2022-04-01", "2022-04-01"));
  EXPECT_THAT(Met({Request(v1::SupportRequest::KIND_CHC_CHECKLIST, "2026-11-23")}),
              testing::ElementsAre("", ""))
      << "not by what happens after the day";
}

TEST(TransitionSteps, AreSeenByWhoAsksAboutAChildOrOneWhoGrewUpWithoutThem) {
  const auto shows = [](const D& determination, absl::CivilDay day,
                        std::vector<v1::SupportRequest> requests = {}) {
    const PersonRecord record{std::move(requests), {}, {determination}};
    return ShowsTransition(TransitionSteps(kBirth, day, record, Policy()), record, day);
  };
  const absl::CivilDay grown(2028, 1, 1);
  EXPECT_TRUE(shows(Eligible(), kToday));
  EXPECT_TRUE(shows(Eligible(), grown));
  EXPECT_FALSE(shows(Eligible(), absl::CivilDay(2026, 5, 31))) << "before it holds";
  D other = Eligible();
  other.set_regime(v1::ELIGIBILITY_REGIME_CHC);
  EXPECT_FALSE(shows(other, kToday));
  other = Eligible();
  other.set_outcome(v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  EXPECT_FALSE(shows(other, kToday));
  other = Eligible();
  other.set_end_reason(D::END_REASON_RECORDED_IN_ERROR);
  EXPECT_FALSE(shows(other, kToday));
  other = Eligible();
  other.clear_state_changes();
  EXPECT_FALSE(shows(other, kToday)) << "only recommended";
  other = Eligible();
  other.set_effective_to_date("2026-09-30");
  EXPECT_FALSE(shows(other, kToday)) << "ended before the child grew up";
}

TEST(TransitionSteps, AreNotSeenAnyMoreOnceAllAreMet) {
  D adult =
      Decided(DeterminationName(2), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE, kIcb);
  adult.set_effective_from_date("2027-05-04");
  const PersonRecord record{{}, {}, {Eligible(), adult}};
  const auto shows = [&record](absl::CivilDay day) {
    return ShowsTransition(TransitionSteps(kBirth, day, record, Policy()), record, day);
  };
  EXPECT_TRUE(shows(absl::CivilDay(2027, 5, 3)));
  EXPECT_FALSE(shows(absl::CivilDay(2027, 5, 4)));
}

TEST(TransitionMarks, AreMadeWhileTheChildLives) {
  const auto steps = TransitionSteps(kBirth, kToday, {}, Policy());
  EXPECT_EQ(DecideTransition(Eligible(), steps, "", kToday).determination.transition_marks_size(), 3);
  EXPECT_EQ(DecideTransition(Eligible(), steps, "2026-11-23", kToday).determination.transition_marks_size(),
            3)
      << "dies tomorrow";
  EXPECT_EQ(DecideTransition(Eligible(), steps, "2026-11-22", kToday).determination.transition_marks_size(),
            0);
}

TEST(DecisionInPrinciple, WaitsForAdulthoodWherePolicySaysNothing) {
  EXPECT_EQ(AgeOfDecisionInPrinciple(Policy(), kToday), 17);
  EXPECT_EQ(AgeOfDecisionInPrinciple(Policy(), absl::CivilDay(2015, 12, 31)), kAdultAge);
}

}  // namespace
}  // namespace ipb::eligibility
