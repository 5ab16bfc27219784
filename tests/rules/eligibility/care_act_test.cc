// SI 2015/313 reg 2, case by case, and as properties over every set of outcomes.
#include "services/eligibility/rules/care_act.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/words.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

struct Outcome {
  v1::CareActFinding finding;
  std::vector<std::string> refused;
  v1::Explanation explanation;
};

Outcome Find(const v1::CareActEvidence& evidence) {
  explain::Refusal refusal;
  explain::Trace trace;
  const auto finding = EvaluateCareAct(evidence, Policy(), absl::CivilDay(2026, 11, 2), refusal, trace);
  EXPECT_TRUE(finding.ok()) << finding.status();
  return {finding.ok() ? *finding : v1::CareActFinding(), refusal.RuleIds(), trace.Render("test", "test")};
}

struct Case {
  const char* name;
  int unable;
  std::function<void(v1::CareActEvidence&)> change;
  bool met;
};

class CareActCases : public testing::TestWithParam<Case> {};

TEST_P(CareActCases, FindsWhatTheRegulationSays) {
  v1::CareActEvidence evidence = CareAct(GetParam().unable);
  GetParam().change(evidence);
  const Outcome outcome = Find(evidence);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_EQ(outcome.finding.conditions_met(), GetParam().met);
}

INSTANTIATE_TEST_SUITE_P(
    Regulation2, CareActCases,
    testing::Values(Case{"NoOutcome", 0, [](auto&) {}, false},
                    Case{"OneOutcomeIsNotEnough", 1, [](auto&) {}, false},
                    Case{"TwoOutcomes", 2, [](auto&) {}, true}, Case{"AllTen", 10, [](auto&) {}, true},
                    Case{"NotFromImpairment", 10,
                         [](auto& evidence) { evidence.set_needs_from_impairment(false); }, false},
                    Case{"NoSignificantImpact", 10,
                         [](auto& evidence) { evidence.set_significant_impact(false); }, false},
                    Case{"ChildcareNotApplicableCountsAsAble", 1,
                         [](auto& evidence) {
                           evidence.mutable_outcomes(9)->set_typical(v1::ACHIEVEMENT_NOT_APPLICABLE);
                         },
                         false},
                    Case{"PainAloneIsUnable", 2,
                         [](auto& evidence) {
                           evidence.mutable_outcomes(1)->set_meanings(
                               0, v1::UNABLE_MEANING_PAIN_DISTRESS_ANXIETY);
                         },
                         true},
                    Case{"TakingLongerAloneIsUnable", 2,
                         [](auto& evidence) {
                           evidence.mutable_outcomes(1)->set_meanings(0, v1::UNABLE_MEANING_TAKES_LONGER);
                         },
                         true},
                    Case{"EndangeringOthersAloneIsUnable", 2,
                         [](auto& evidence) {
                           evidence.mutable_outcomes(1)->set_meanings(0, v1::UNABLE_MEANING_ENDANGERS);
                         },
                         true}),
    [](const auto& info) { return info.param.name; });

// There is no hierarchy among outcomes, and more inability never makes an adult less eligible.
TEST(CareAct, CountsEveryOutcomeAlike) {
  std::vector<bool> met(1 << 10);
  for (int set = 0; set < 1 << 10; ++set) {
    v1::CareActEvidence evidence = CareAct(0);
    for (int i = 0; i < 10; ++i) {
      if (!(set & (1 << i))) continue;
      evidence.mutable_outcomes(i)->set_typical(v1::ACHIEVEMENT_UNABLE);
      evidence.mutable_outcomes(i)->add_meanings(v1::UNABLE_MEANING_NEEDS_ASSISTANCE);
    }
    const Outcome outcome = Find(evidence);
    met[set] = outcome.finding.conditions_met();
    EXPECT_EQ(met[set], __builtin_popcount(set) >= 2) << set;
    for (int i = 0; i < 10; ++i) EXPECT_LE(met[set & ~(1 << i)], met[set]);
  }
}

TEST(CareAct, RefusesEverythingThatIsWrongAtOnce) {
  v1::CareActEvidence evidence = CareAct(2);
  evidence.mutable_outcomes(0)->clear_meanings();
  evidence.mutable_outcomes(3)->add_meanings(v1::UNABLE_MEANING_ENDANGERS);
  evidence.mutable_outcomes(4)->set_typical(v1::ACHIEVEMENT_NOT_APPLICABLE);
  evidence.mutable_outcomes(9)->set_outcome(v1::CARE_ACT_OUTCOME_HYGIENE);
  evidence.clear_well_being_areas();
  EXPECT_THAT(Find(evidence).refused,
              ElementsAre("CARE-ACT-OUTCOME-TWICE", "CARE-ACT-OUTCOME-MISSING", "CARE-ACT-MEANING",
                          "CARE-ACT-MEANING", "CARE-ACT-NOT-APPLICABLE", "CARE-ACT-WELL-BEING-AREA"));
}

TEST(CareAct, DecidesFluctuatingNeedsOnTheWholePeriodAndAsksForAnAccount) {
  v1::CareActEvidence evidence = CareAct(1);
  evidence.mutable_outcomes(1)->set_worst_day(v1::ACHIEVEMENT_UNABLE);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARE-ACT-OBSERVATION", "CARE-ACT-FLUCTUATION-NARRATIVE"));
  evidence.set_observed_from_date("2026-10-01");
  evidence.set_observed_to_date("2026-11-01");
  evidence.set_fluctuation_narrative("Relapsing: two days in ten she cannot wash.");
  const Outcome outcome = Find(evidence);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_FALSE(outcome.finding.conditions_met());
  EXPECT_TRUE(outcome.finding.fluctuation_decisive());
}

TEST(CareAct, AsksForNoAccountWhereEveryDayIsDecidedAlike) {
  v1::CareActEvidence evidence = CareAct(3);
  evidence.mutable_outcomes(4)->set_worst_day(v1::ACHIEVEMENT_UNABLE);
  evidence.set_observed_from_date("2026-10-01");
  evidence.set_observed_to_date("2026-11-02");
  const Outcome outcome = Find(evidence);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_FALSE(outcome.finding.fluctuation_decisive());
}

TEST(CareAct, KeepsTheTypicalBetweenBestAndWorst) {
  v1::CareActEvidence evidence = CareAct(2);
  evidence.mutable_outcomes(0)->set_worst_day(v1::ACHIEVEMENT_ABLE);
  evidence.mutable_outcomes(5)->set_best_day(v1::ACHIEVEMENT_UNABLE);
  const std::vector<std::string> refused = Find(evidence).refused;
  EXPECT_EQ(std::count(refused.begin(), refused.end(), "CARE-ACT-FLUCTUATION-ORDER"), 2);
}

TEST(CareAct, SaysHowItWasFound) {
  v1::CareActEvidence evidence = CareAct(2);
  evidence.set_may_need_continuing_healthcare(true);
  const v1::Explanation explanation = Find(evidence).explanation;
  std::vector<std::string> ids;
  for (const auto& step : explanation.steps()) ids.push_back(step.rule_id());
  EXPECT_THAT(ids, ElementsAre("CARE-ACT-IMPAIRMENT", "CARE-ACT-OUTCOMES", "CARE-ACT-IMPACT",
                               "CARE-ACT-CHC-REFERRAL", "CARE-ACT-RESULT"));
  EXPECT_EQ(explanation.steps(1).sentence(),
            "Without counting help from family or friends, the adult is unable to achieve 2 of the outcomes, "
            "and at "
            "least 2 "
            "are needed: managing and maintaining nutrition; maintaining personal hygiene.");
}

TEST(CareAct, RecordsTheBarsWithoutCountingThemAgainstEligibility) {
  v1::CareActEvidence evidence = CareAct(2);
  evidence.add_bars(v1::CARE_ACT_BAR_NHS_CARE);
  evidence.add_bars(v1::CARE_ACT_BAR_HOUSING);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARE-ACT-BAR-NARRATIVE"));
  evidence.set_bars_narrative("Nursing at night; a ground-floor flat.");
  const Outcome outcome = Find(evidence);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_TRUE(outcome.finding.conditions_met());
  EXPECT_THAT(outcome.finding.bars(), ElementsAre(v1::CARE_ACT_BAR_NHS_CARE, v1::CARE_ACT_BAR_HOUSING));
  EXPECT_EQ(
      outcome.explanation.steps(3).sentence(),
      "The needs count as they are, and the council may not meet those that call for what the NHS has to "
      "provide (s22).");
  evidence.add_bars(v1::CARE_ACT_BAR_HOUSING);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARE-ACT-BAR-NARRATIVE")) << "twice";
}

TEST(CareAct, HasNoTestBeforeTheRegulationsCameIntoForce) {
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_TRUE(EvaluateCareAct(CareAct(2), Policy(), absl::CivilDay(2015, 4, 1), refusal, trace).ok());
  const auto before = EvaluateCareAct(CareAct(2), Policy(), absl::CivilDay(2015, 3, 31), refusal, trace);
  EXPECT_THAT(Refusals(before.status()), Contains("NO_RATE"));
}

}  // namespace
}  // namespace ipb::eligibility
