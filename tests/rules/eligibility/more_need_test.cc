// More need never makes an adult or a carer less eligible: over random evidence, from which one thing gets
// worse. The tools of NHS care are held to the same beside their own tests.
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/care_act.h"
#include "services/eligibility/rules/carer.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

constexpr absl::CivilDay kDay(2026, 11, 2);
constexpr int kRounds = 4000;

class MoreNeed : public ::testing::Test {
 protected:
  // True as often as `percent` says.
  bool Chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  int Pick(int below) { return static_cast<int>(random_() % below); }

  // Of the outcomes, some are unable in one to three ways.
  template <typename Evidence>
  void Scatter(Evidence& evidence) {
    const int unable = Pick(100);
    for (auto& outcome : *evidence.mutable_outcomes()) {
      if (Chance(unable)) Worsen(outcome);
    }
    evidence.set_significant_impact(Chance(70));
    if (!evidence.significant_impact()) evidence.clear_well_being_areas();
  }
  template <typename Outcome>
  void Worsen(Outcome& outcome) {
    if (outcome.typical() == v1::ACHIEVEMENT_UNABLE) return;
    outcome.set_typical(v1::ACHIEVEMENT_UNABLE);
    for (int meaning = 1 + Pick(3); meaning <= 3; ++meaning) {
      outcome.add_meanings(static_cast<std::decay_t<decltype(outcome.meanings(0))>>(meaning));
    }
  }
  // One outcome that could be achieved cannot be any more, or there is an impact where there was none.
  template <typename Evidence>
  void WorsenOne(Evidence& evidence) {
    if (Chance(20) && !evidence.significant_impact()) {
      evidence.set_significant_impact(true);
      evidence.add_well_being_areas(v1::WELL_BEING_AREA_DIGNITY);
    } else {
      Worsen(*evidence.mutable_outcomes(Pick(evidence.outcomes_size())));
    }
  }

  bool Met(const v1::CareActEvidence& evidence) {
    explain::Refusal refusal;
    explain::Trace trace;
    const auto finding = EvaluateCareAct(evidence, Policy(), kDay, refusal, trace);
    EXPECT_THAT(refusal.RuleIds(), ::testing::IsEmpty()) << evidence.ShortDebugString();
    return finding.ok() && finding->conditions_met();
  }
  bool Met(const v1::CarerEvidence& evidence) {
    explain::Refusal refusal;
    explain::Trace trace;
    const auto finding = EvaluateCarer(evidence, Policy(), kDay, refusal, trace);
    EXPECT_THAT(refusal.RuleIds(), ::testing::IsEmpty()) << evidence.ShortDebugString();
    return finding.ok() && finding->conditions_met();
  }

  // Never from met to unmet; and often enough from unmet to met, or nothing was shown.
  template <typename Evidence>
  void Judge(const Evidence& before, const Evidence& after) {
    EXPECT_LE(Met(before), Met(after)) << before.ShortDebugString() << "\nthen\n" << after.ShortDebugString();
    if (!Met(before) && Met(after)) ++became_eligible_;
  }

  std::mt19937 random_{2015313};
  int became_eligible_ = 0;
};

TEST_F(MoreNeed, NeverMakesAnAdultLessEligible) {
  for (int round = 0; round < kRounds; ++round) {
    v1::CareActEvidence before = CareAct(1);
    before.mutable_outcomes(0)->set_typical(v1::ACHIEVEMENT_ABLE);
    before.mutable_outcomes(0)->clear_meanings();
    before.set_needs_from_impairment(Chance(80));
    Scatter(before);
    v1::CareActEvidence after = before;
    if (Chance(20)) {
      after.set_needs_from_impairment(true);
    } else {
      WorsenOne(after);
    }
    Judge(before, after);
  }
  EXPECT_GT(became_eligible_, 100);
}

TEST_F(MoreNeed, NeverMakesACarerLessEligible) {
  for (int round = 0; round < kRounds; ++round) {
    v1::CarerEvidence before = Carer(1);
    before.mutable_outcomes(0)->set_typical(v1::ACHIEVEMENT_ABLE);
    before.mutable_outcomes(0)->clear_meanings();
    before.set_needs_from_necessary_care(Chance(80));
    Scatter(before);
    v1::CarerEvidence after = before;
    if (Chance(20)) {
      after.set_health_deteriorating(true);
      after.set_health_narrative("Back pain since the spring.");
    } else {
      WorsenOne(after);
    }
    Judge(before, after);
  }
  EXPECT_GT(became_eligible_, 100);
}

}  // namespace
}  // namespace ipb::eligibility
