// SI 2015/313 reg 3, case by case, and as properties over every set of outcomes.
#include "services/eligibility/rules/carer.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/determination.h"
#include "services/eligibility/rules/ending.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/indication.h"
#include "services/eligibility/rules/recommendation.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
constexpr v1::EligibilityOutcome kNo = v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
constexpr v1::EligibilityRegime kRegime = v1::ELIGIBILITY_REGIME_CARE_ACT_CARER;

struct Outcome {
  v1::CarerFinding finding;
  std::vector<std::string> refused;
  v1::Explanation explanation;
};

Outcome Find(const v1::CarerEvidence& evidence) {
  explain::Refusal refusal;
  explain::Trace trace;
  const auto finding = EvaluateCarer(evidence, Policy(), absl::CivilDay(2026, 11, 2), refusal, trace);
  EXPECT_TRUE(finding.ok()) << finding.status();
  return {finding.ok() ? *finding : v1::CarerFinding(), refusal.RuleIds(), trace.Render("test", "test")};
}

std::vector<std::string> Steps(const v1::Explanation& explanation) {
  std::vector<std::string> ids;
  for (const auto& step : explanation.steps()) ids.push_back(step.rule_id());
  return ids;
}

void Deteriorate(v1::CarerEvidence& evidence) {
  evidence.set_health_deteriorating(true);
  evidence.set_health_narrative("Back injury from lifting; low mood.");
}

struct Case {
  const char* name;
  int unable;
  std::function<void(v1::CarerEvidence&)> change;
  bool met;
  bool by_health = false;
};

class CarerCases : public testing::TestWithParam<Case> {};

TEST_P(CarerCases, FindsWhatTheRegulationSays) {
  v1::CarerEvidence evidence = Carer(GetParam().unable);
  GetParam().change(evidence);
  const Outcome outcome = Find(evidence);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_EQ(outcome.finding.conditions_met(), GetParam().met);
  EXPECT_EQ(outcome.finding.by_health(), GetParam().by_health);
}

INSTANTIATE_TEST_SUITE_P(
    Regulation3, CarerCases,
    testing::Values(Case{"NeitherHealthNorOutcome", 0, [](auto&) {}, false},
                    Case{"OneOutcomeIsEnough", 1, [](auto&) {}, true},
                    Case{"AllEight", 8, [](auto&) {}, true},
                    Case{"HealthAloneIsEnough", 0, Deteriorate, true, true},
                    Case{"HealthAndAnOutcome", 1, Deteriorate, true},
                    Case{"CareThatIsNotNecessary", 8,
                         [](auto& evidence) {
                           Deteriorate(evidence);
                           evidence.set_needs_from_necessary_care(false);
                         },
                         false},
                    Case{"NoSignificantImpact", 8,
                         [](auto& evidence) {
                           Deteriorate(evidence);
                           evidence.set_significant_impact(false);
                         },
                         false},
                    Case{"NoChildAndNoOtherPersonCountAsAble", 0,
                         [](auto& evidence) {
                           evidence.mutable_outcomes(0)->set_typical(v1::ACHIEVEMENT_NOT_APPLICABLE);
                           evidence.mutable_outcomes(1)->set_typical(v1::ACHIEVEMENT_NOT_APPLICABLE);
                         },
                         false},
                    Case{"PainAloneIsUnable", 1,
                         [](auto& evidence) {
                           evidence.mutable_outcomes(0)->set_meanings(
                               0, v1::CARER_UNABLE_MEANING_PAIN_DISTRESS_ANXIETY);
                         },
                         true},
                    Case{"EndangeringOthersAloneIsUnable", 1,
                         [](auto& evidence) {
                           evidence.mutable_outcomes(0)->set_meanings(0, v1::CARER_UNABLE_MEANING_ENDANGERS);
                         },
                         true}),
    [](const auto& info) { return info.param.name; });

// No outcome weighs more than another, and more inability or worse health never makes a carer less eligible.
TEST(Carer, CountsEveryOutcomeAlikeAndNeverLessForMore) {
  for (const bool deteriorating : {false, true}) {
    std::vector<bool> met(1 << 8);
    for (int set = 0; set < 1 << 8; ++set) {
      v1::CarerEvidence evidence = Carer(0);
      if (deteriorating) Deteriorate(evidence);
      for (int i = 0; i < 8; ++i) {
        if (!(set & (1 << i))) continue;
        evidence.mutable_outcomes(i)->set_typical(v1::ACHIEVEMENT_UNABLE);
        evidence.mutable_outcomes(i)->add_meanings(v1::CARER_UNABLE_MEANING_NEEDS_ASSISTANCE);
      }
      met[set] = Find(evidence).finding.conditions_met();
      EXPECT_EQ(met[set], deteriorating || set != 0) << set;
      for (int i = 0; i < 8; ++i) EXPECT_LE(met[set & ~(1 << i)], met[set]);
    }
  }
}

TEST(Carer, KnowsThreeMeaningsOfUnableAndNotTheFourthOfAdults) {
  EXPECT_EQ(v1::CarerUnableMeaning_descriptor()->value_count(), 4) << "three and the unspecified";
  EXPECT_EQ(v1::UnableMeaning_descriptor()->value_count(), 5);
}

TEST(Carer, RefusesEverythingThatIsWrongAtOnce) {
  v1::CarerEvidence evidence = Carer(2);
  evidence.set_health_deteriorating(true);
  evidence.mutable_outcomes(0)->clear_meanings();
  evidence.mutable_outcomes(3)->add_meanings(v1::CARER_UNABLE_MEANING_ENDANGERS);
  evidence.mutable_outcomes(4)->set_best_day(v1::ACHIEVEMENT_NOT_APPLICABLE);
  evidence.mutable_outcomes(7)->set_outcome(v1::CARER_OUTCOME_OTHER_CARE);
  evidence.mutable_outcomes(2)->clear_typical();
  evidence.clear_well_being_areas();
  evidence.mutable_care_to_adult()->set_basis_date("2026-10-20");
  EXPECT_THAT(Find(evidence).refused,
              ElementsAre("CARER-OUTCOME-TWICE", "CARER-OUTCOME-MISSING", "CARER-MEANING", "CARER-MEANING",
                          "CARER-NOT-APPLICABLE", "CARER-HEALTH-NARRATIVE", "CARER-WELL-BEING-AREA",
                          "CARER-ADULT-AGREEMENT"));
}

TEST(Carer, DecidesFluctuatingNeedsOnTheWholePeriodAndAsksForAnAccount) {
  v1::CarerEvidence evidence = Carer(0);
  evidence.mutable_outcomes(4)->set_worst_day(v1::ACHIEVEMENT_UNABLE);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARER-OBSERVATION", "CARER-FLUCTUATION-NARRATIVE"));
  evidence.set_observed_from_date("2026-10-01");
  evidence.set_observed_to_date("2026-11-03");
  evidence.set_fluctuation_narrative("When the adult is in a crisis there is time for nobody else.");
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARER-OBSERVATION")) << "after the assessment";
  evidence.set_observed_to_date("2026-11-02");
  const Outcome outcome = Find(evidence);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_FALSE(outcome.finding.conditions_met());
  EXPECT_TRUE(outcome.finding.fluctuation_decisive());
  EXPECT_THAT(Steps(outcome.explanation), Contains("CARER-FLUCTUATION"));
  Deteriorate(evidence);
  EXPECT_FALSE(Find(evidence).finding.fluctuation_decisive()) << "health decides every day alike";
}

TEST(Carer, KeepsTheTypicalBetweenBestAndWorst) {
  v1::CarerEvidence evidence = Carer(2);
  evidence.mutable_outcomes(0)->set_worst_day(v1::ACHIEVEMENT_ABLE);
  evidence.mutable_outcomes(5)->set_best_day(v1::ACHIEVEMENT_UNABLE);
  const std::vector<std::string> refused = Find(evidence).refused;
  EXPECT_EQ(std::count(refused.begin(), refused.end(), "CARER-FLUCTUATION-ORDER"), 2);
}

TEST(Carer, IsMetByCareToTheAdultOnlyWithTheAdultsPart) {
  v1::CarerEvidence evidence = Carer(1);
  v1::CareToAdult& care = *evidence.mutable_care_to_adult();
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARER-ADULT-AGREEMENT")) << "nothing recorded";
  care.set_basis(v1::CareToAdult::BASIS_AGREEMENT);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARER-ADULT-AGREEMENT")) << "no date";
  care.set_basis_date("2026-11-03");
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARER-ADULT-AGREEMENT")) << "after the assessment";
  care.set_basis_date("2026-11-02");
  const Outcome agreed = Find(evidence);
  EXPECT_THAT(agreed.refused, IsEmpty());
  EXPECT_EQ(agreed.explanation.steps().rbegin()->sentence(),
            "The carer's needs are to be met by care to the adult, by the adult's agreement of 2 November "
            "2026: the "
            "adult is assessed and charged for it, never the carer.");
  care.set_basis(v1::CareToAdult::BASIS_BEST_INTERESTS);
  EXPECT_THAT(Find(evidence).refused, IsEmpty());
}

TEST(Carer, DescribesTheImpactThatItFinds) {
  v1::CarerEvidence evidence = Carer(1);
  evidence.clear_impact_narrative();
  EXPECT_THAT(Find(evidence).refused, ElementsAre("CARER-WELL-BEING-AREA"));
}

TEST(Carer, SaysHowItWasFound) {
  const v1::Explanation explanation = Find(Carer(1)).explanation;
  EXPECT_THAT(Steps(explanation), ElementsAre("CARER-NECESSARY-CARE", "CARER-HEALTH", "CARER-OUTCOMES",
                                              "CARER-IMPACT", "CARER-RESULT"));
  EXPECT_EQ(explanation.steps(2).sentence(),
            "The carer is unable to achieve 1 of the outcomes, and 1 is enough: caring for a child.");
}

TEST(Carer, HasNoTestBeforeTheRegulationsCameIntoForce) {
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_TRUE(EvaluateCarer(Carer(1), Policy(), absl::CivilDay(2015, 4, 1), refusal, trace).ok());
  const auto before = EvaluateCarer(Carer(1), Policy(), absl::CivilDay(2015, 3, 31), refusal, trace);
  EXPECT_THAT(Refusals(before.status()), ElementsAre("NO_RATE"));
}

// What a council decides on a carer.
DeterminationFacts Facts(const v1::CarerEvidence& carer) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_carer() = carer;
  return FactsOf(v1::CALLER_KIND_COUNCIL, evidence);
}

TEST(CarerDetermination, IsTheDutyOfTheCouncilWhereTheAdultLives) {
  DeterminationFacts facts = Facts(Carer(1));
  const auto recommended = DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday);
  ASSERT_TRUE(recommended.ok()) << recommended.status();
  facts.by = By("E10000028", "assessor-1");
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).status()),
              ElementsAre("CARER-AUTHORITY"));
  facts.determination = recommended->determination;
  v1::RecordDeterminationRequest request;
  request.set_outcome(kYes);
  EXPECT_THAT(Refusals(DecideDetermination(facts, request, Policy(), kToday).status()),
              ElementsAre("CARER-AUTHORITY"));
  facts.by = By(kCouncil, "decider-1");
  const auto decided = DecideDetermination(facts, request, Policy(), kToday);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->determination.outcome(), kYes);
}

TEST(CarerDetermination, IsForAdultCarersAndOfTheCouncil) {
  DeterminationFacts facts = Facts(Carer(1));
  facts.person.set_birth_date("2008-11-23");
  facts.caller_kind = v1::CALLER_KIND_NHS;
  facts.by = By(kIcb, "assessor-1");
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-RECOMMENDER", "CARER-AUTHORITY", "RECOMMENDATION-AGE"));
}

TEST(CarerDetermination, NeedsTheCarerPartAndReasonsToDepartFromIt) {
  DeterminationFacts facts = Facts(Carer(0));
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-REASONS"));
  facts.assessments[0].clear_findings();
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kNo), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-NO-PART"));
}

TEST(CarerDetermination, GivesInformationAndAdviceWhereNotEligible) {
  DeterminationFacts facts = Facts(Carer(0));
  facts.determination = Decided(DeterminationName(1), kRegime, kNo, kCouncil);
  v1::NotifyDeterminationRequest request;
  request.set_letter_date("2026-11-20");
  EXPECT_THAT(Refusals(DecideNotification(facts, request, kToday).status()),
              ElementsAre("NOTIFICATION-ADVICE"));
  request.set_information_and_advice("The carers' centre, and a break from its fund.");
  EXPECT_TRUE(DecideNotification(facts, request, kToday).ok());
}

TEST(CarerDetermination, EndsOnACarersReassessment) {
  DeterminationFacts facts = Facts(Carer(0));
  facts.by = By(kCouncil, "decider-1", "The adult has moved into a care home.");
  facts.determination = Decided(DeterminationName(1), kRegime, kYes, kCouncil);
  v1::EndDeterminationRequest request;
  request.set_effective_to_date("2026-11-30");
  request.set_reason(v1::Determination::END_REASON_NO_LONGER_ELIGIBLE);
  request.mutable_safeguards()->set_reassessment(AssessmentName(1));
  request.mutable_safeguards()->set_person_consulted_date("2026-11-10");
  EXPECT_TRUE(DecideEnding(facts, request, Policy(), kToday).ok());
  facts.assessments[0].mutable_evidence()->clear_carer();
  EXPECT_THAT(Refusals(DecideEnding(facts, request, Policy(), kToday).status()),
              ElementsAre("WITHDRAWAL-REASSESSMENT"));
}

TEST(CarerEntitlement, IsAPersonalBudgetForWhichTheCarerIsNeverCharged) {
  const auto entitlements =
      EntitlementsOn(kToday, std::nullopt, {Decided(DeterminationName(1), kRegime, kYes, kCouncil)},
                     std::nullopt, Policy(), "test");
  ASSERT_TRUE(entitlements.ok()) << entitlements.status();
  ASSERT_EQ(entitlements->size(), 1u);
  EXPECT_EQ(entitlements->front().budget(), v1::BUDGET_KIND_PERSONAL_BUDGET);
  EXPECT_THAT(Steps(entitlements->front().explanation()), ElementsAre("ENTITLEMENT-CARERS-BUDGET"));
}

}  // namespace
}  // namespace ipb::eligibility
