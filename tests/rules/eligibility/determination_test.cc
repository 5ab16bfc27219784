// Recommending and deciding: departures need reasons, bodies keep to their regimes, and only humans decide.
#include "services/eligibility/rules/determination.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/indication.h"
#include "services/eligibility/rules/recommendation.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using D = v1::Determination;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
constexpr v1::EligibilityOutcome kNo = v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
constexpr v1::EligibilityRegime kCareAct = v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT;
constexpr v1::EligibilityRegime kChc = v1::ELIGIBILITY_REGIME_CHC;

// A joint assessment that meets the Care Act test and may indicate a primary health need.
v1::AssessmentEvidence WholeEvidence() {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_care_act() = CareAct(4);
  *evidence.mutable_decision_support_tool() = Tool();
  *evidence.mutable_checklist() = Checklist(2, 0);
  DomainOf(v1::CARE_DOMAIN_COGNITION, *evidence.mutable_decision_support_tool())
      .set_level(v1::NEED_LEVEL_SEVERE);
  return evidence;
}

DeterminationFacts Facts(v1::CallerKind kind, const v1::AssessmentEvidence& evidence = WholeEvidence()) {
  return FactsOf(kind, evidence);
}

// The facts of deciding on a recommendation that another person made.
DeterminationFacts Recommended(v1::CallerKind kind, v1::EligibilityRegime regime,
                               v1::EligibilityOutcome outcome,
                               const v1::AssessmentEvidence& evidence = WholeEvidence()) {
  DeterminationFacts facts = Facts(kind, evidence);
  facts.by = By(facts.by.organisation(), "assessor-1", "As the team found.");
  const auto recommended = DecideRecommendation(facts, Recommending(regime, outcome), Policy(), kToday);
  EXPECT_TRUE(recommended.ok()) << recommended.status();
  if (recommended.ok()) facts.determination = recommended->determination;
  facts.by = By(facts.by.organisation(), "decider-1");
  return facts;
}

v1::RecordDeterminationRequest Decision(v1::EligibilityOutcome outcome) {
  v1::RecordDeterminationRequest request;
  request.set_name(DeterminationName(1));
  request.set_outcome(outcome);
  return request;
}

TEST(RecommendationRules, FollowTheFindingsOfTheAssessment) {
  const auto decision =
      DecideRecommendation(Facts(v1::CALLER_KIND_COUNCIL), Recommending(kCareAct, kYes), Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->determination.state(), D::STATE_RECOMMENDED);
  EXPECT_EQ(decision->determination.indication(), v1::ELIGIBILITY_INDICATION_ELIGIBLE);
  EXPECT_EQ(decision->determination.recommendation().decision_date(), "2026-11-22");
  EXPECT_EQ(decision->determination.outcome(), v1::ELIGIBILITY_OUTCOME_UNSPECIFIED);
  EXPECT_FALSE(decision->superseded.has_value());
}

TEST(RecommendationRules, WantReasonsForDepartingAndForJudging) {
  EXPECT_THAT(Refusals(DecideRecommendation(Facts(v1::CALLER_KIND_COUNCIL), Recommending(kCareAct, kNo),
                                            Policy(), kToday)
                           .status()),
              ElementsAre("RECOMMENDATION-REASONS"));
  DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kChc, kYes), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-REASONS"));
  facts.by.set_reasons("Intensity and unpredictability together.");
  const auto judged = DecideRecommendation(facts, Recommending(kChc, kYes), Policy(), kToday);
  ASSERT_TRUE(judged.ok());
  EXPECT_EQ(judged->determination.indication(), v1::ELIGIBILITY_INDICATION_JUDGEMENT);
}

TEST(RecommendationRules, AreForAdults) {
  DeterminationFacts facts = Facts(v1::CALLER_KIND_COUNCIL);
  facts.person.set_birth_date("2008-11-23");
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kCareAct, kYes), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-AGE"));
  facts.person.set_birth_date("2008-11-22");
  EXPECT_TRUE(DecideRecommendation(facts, Recommending(kCareAct, kYes), Policy(), kToday).ok()) << "18 today";
}

TEST(RecommendationRules, RefuseAllThatIsWrongAtOnce) {
  DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.by = v1::HumanDecision();
  facts.by.set_decision_date("2026-11-23");
  facts.person.set_birth_date("2015-01-01");
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kCareAct, kNo), Policy(), kToday).status()),
              ElementsAre("DETERMINATION-HUMAN", "DETERMINATION-DATE-FUTURE", "RECOMMENDATION-RECOMMENDER",
                          "RECOMMENDATION-AGE", "RECOMMENDATION-REASONS"));
}

TEST(RecommendationRules, NeedACompleteAssessmentOfTheRegime) {
  DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.assessments[0].set_state(v1::Assessment::STATE_DRAFT);
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kChc, kYes), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-ASSESSMENT"));
  facts.assessments.clear();
  EXPECT_EQ(DecideRecommendation(facts, Recommending(kChc, kYes), Policy(), kToday).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_THAT(
      Refusals(DecideRecommendation(Facts(v1::CALLER_KIND_NHS),
                                    Recommending(v1::ELIGIBILITY_REGIME_WHEELCHAIR, kYes), Policy(), kToday)
                   .status()),
      ElementsAre("RECOMMENDATION-NO-PART"));
}

// A negative checklist is a finding of not eligible; a positive one only asks for a full assessment.
TEST(RecommendationRules, TakeAChecklistForWhatItIs) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_checklist() = Checklist(0, 0);
  EXPECT_TRUE(
      DecideRecommendation(Facts(v1::CALLER_KIND_NHS, evidence), Recommending(kChc, kNo), Policy(), kToday)
          .ok());
  *evidence.mutable_checklist() = Checklist(2, 0);
  EXPECT_THAT(Refusals(DecideRecommendation(Facts(v1::CALLER_KIND_NHS, evidence), Recommending(kChc, kNo),
                                            Policy(), kToday)
                           .status()),
              ElementsAre("RECOMMENDATION-NO-PART"));
}

TEST(RecommendationRules, ReplaceAnOpenRecommendation) {
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_COUNCIL, kCareAct, kYes);
  facts.others = {facts.determination};
  facts.new_name = DeterminationName(2);
  const auto decision = DecideRecommendation(facts, Recommending(kCareAct, kYes), Policy(), kToday);
  ASSERT_TRUE(decision.ok());
  ASSERT_TRUE(decision->superseded.has_value());
  EXPECT_EQ(decision->superseded->state(), D::STATE_SUPERSEDED);
  EXPECT_EQ(decision->superseded->superseded_by(), DeterminationName(2));
}

TEST(DeterminationRules, RecordTheDecisionOfANamedHuman) {
  const DeterminationFacts facts = Recommended(v1::CALLER_KIND_COUNCIL, kCareAct, kYes);
  const auto decision = DecideDetermination(facts, Decision(kYes), Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->determination.state(), D::STATE_DETERMINED);
  EXPECT_EQ(decision->determination.outcome(), kYes);
  EXPECT_EQ(decision->determination.decision().decider(), "decider-1");
  EXPECT_EQ(decision->determination.decision().organisation(), kCouncil);
  EXPECT_EQ(decision->determination.effective_from_date(), "2026-11-22");
  EXPECT_EQ(decision->determination.state_changes_size(), 2);
}

// Whatever the tools find and whoever calls, nothing is decided without a decider, an organisation and a
// role.
TEST(DeterminationRules, NeverDecideWithoutAHuman) {
  for (const v1::EligibilityRegime regime : {kCareAct, kChc}) {
    const v1::CallerKind kind = regime == kCareAct ? v1::CALLER_KIND_COUNCIL : v1::CALLER_KIND_NHS;
    for (const v1::EligibilityOutcome outcome : {kYes, kNo}) {
      DeterminationFacts facts = Recommended(kind, regime, outcome);
      for (int missing = 0; missing < 3; ++missing) {
        facts.by = By(facts.by.organisation(), "decider-1", "Because.");
        if (missing == 0) facts.by.clear_decider();
        if (missing == 1) facts.by.clear_role();
        if (missing == 2) facts.by.clear_organisation();
        EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(outcome), Policy(), kToday).status()),
                    Contains("DETERMINATION-HUMAN"));
        facts.by = By(kCouncil, "decider-1");
      }
    }
  }
}

struct Body {
  v1::EligibilityRegime regime;
  v1::CallerKind kind;
  bool may;
};

class Bodies : public testing::TestWithParam<Body> {};

TEST_P(Bodies, DecideOnlyUnderTheirRegimes) {
  explain::Refusal refusal;
  CheckMayDecide(GetParam().regime, GetParam().kind, refusal);
  EXPECT_EQ(refusal.empty(), GetParam().may);
}

INSTANTIATE_TEST_SUITE_P(
    Law, Bodies,
    testing::Values(Body{kCareAct, v1::CALLER_KIND_COUNCIL, true}, Body{kCareAct, v1::CALLER_KIND_NHS, false},
                    Body{kChc, v1::CALLER_KIND_NHS, true}, Body{kChc, v1::CALLER_KIND_COUNCIL, false},
                    Body{v1::ELIGIBILITY_REGIME_SECTION_117, v1::CALLER_KIND_NHS, true},
                    Body{v1::ELIGIBILITY_REGIME_SECTION_117, v1::CALLER_KIND_COUNCIL, true},
                    Body{v1::ELIGIBILITY_REGIME_WHEELCHAIR, v1::CALLER_KIND_COUNCIL, false},
                    Body{v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB, v1::CALLER_KIND_NHS, true},
                    Body{kChc, v1::CALLER_KIND_PROVIDER, false},
                    Body{kCareAct, v1::CALLER_KIND_SERVICE, false}));

TEST(DeterminationRules, WantReasonsForDepartingAndASecondPerson) {
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_NHS, kChc, kYes);
  EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(kNo), Policy(), kToday).status()),
              ElementsAre("DETERMINATION-DEPARTURE"));
  facts.by.set_reasons("The panel found the evidence on cognition to be of another person.");
  const auto departing = DecideDetermination(facts, Decision(kNo), Policy(), kToday);
  ASSERT_TRUE(departing.ok()) << departing.status();
  EXPECT_EQ(departing->trace.Render("test", "test").steps(0).rule_id(), "DETERMINATION-DEPARTS");
  facts.by.set_decider("assessor-1");
  EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(kYes), Policy(), kToday).status()),
              ElementsAre("DETERMINATION-SECOND-PERSON"));
}

TEST(DeterminationRules, AreBoundByAFastTrack) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_fast_track() = FastTrack();
  EXPECT_THAT(Refusals(DecideRecommendation(Facts(v1::CALLER_KIND_NHS, evidence), Recommending(kChc, kNo),
                                            Policy(), kToday)
                           .status()),
              ElementsAre("FAST-TRACK-BOUND"));
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_NHS, kChc, kYes, evidence);
  facts.by.set_reasons("No budget.");
  EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(kNo), Policy(), kToday).status()),
              ElementsAre("FAST-TRACK-BOUND"));
  EXPECT_TRUE(DecideDetermination(facts, Decision(kYes), Policy(), kToday).ok());
}

TEST(DeterminationRules, DecideARecommendationOnce) {
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_COUNCIL, kCareAct, kYes);
  facts.determination.set_state(D::STATE_DETERMINED);
  EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(kYes), Policy(), kToday).status()),
              ElementsAre("WRONG_STATE"));
}

TEST(DeterminationRules, CountTheDaysOverTheClock) {
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_NHS, kChc, kYes);
  facts.determination.set_request(facts.person.name() + "/requests/1");
  v1::RequestClock* clock = facts.request.add_clocks();
  clock->set_clock("CHC-DECISION");
  for (const auto& [due, overrun] : {std::pair("2026-11-22", 0), std::pair("2026-11-21", 1),
                                     std::pair("2026-10-31", 22), std::pair("2026-12-01", 0)}) {
    clock->set_due_date(due);
    const auto decision = DecideDetermination(facts, Decision(kYes), Policy(), kToday);
    ASSERT_TRUE(decision.ok());
    EXPECT_EQ(decision->determination.overrun_days(), overrun) << due;
  }
}

TEST(DeterminationRules, ReplaceAnEarlierDeterminationFromTheFirstDay) {
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_COUNCIL, kCareAct, kYes);
  facts.others = {Decided(DeterminationName(9), kCareAct, kYes, kCouncil)};
  v1::RecordDeterminationRequest request = Decision(kYes);
  request.set_effective_from_date("2026-12-01");
  const auto decision = DecideDetermination(facts, request, Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  ASSERT_TRUE(decision->superseded.has_value());
  EXPECT_EQ(decision->superseded->state(), D::STATE_SUPERSEDED);
  EXPECT_EQ(decision->superseded->superseded_by(), DeterminationName(1));
  EXPECT_EQ(decision->superseded->effective_to_date(), "2026-11-30");
}

TEST(DeterminationRules, DoNotWithdrawContinuingHealthcareWithoutSafeguards) {
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_NHS, kChc, kNo);
  facts.others = {Decided(DeterminationName(9), kChc, kYes, kIcb)};
  v1::RecordDeterminationRequest request = Decision(kNo);
  EXPECT_THAT(Refusals(DecideDetermination(facts, request, Policy(), kToday).status()),
              ElementsAre("WITHDRAWAL-REASSESSMENT", "WITHDRAWAL-PERSON", "WITHDRAWAL-OTHER-BODY",
                          "WITHDRAWAL-SUCCESSOR"));
  v1::WithdrawalSafeguards& safeguards = *request.mutable_safeguards();
  safeguards.set_reassessment(AssessmentName(1));
  safeguards.set_person_consulted_date("2026-11-03");
  safeguards.set_consulted_organisation(kCouncil);
  safeguards.set_organisation_consulted_date("2026-11-04");
  safeguards.set_successor(DeterminationName(8));
  facts.others.push_back(Decided(DeterminationName(8), kCareAct, kYes, kCouncil));
  const auto decision = DecideDetermination(facts, request, Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->superseded->name(), DeterminationName(9));
  EXPECT_EQ(decision->determination.safeguards().successor(), DeterminationName(8));
  request.set_effective_from_date("2026-11-21");
  EXPECT_THAT(Refusals(DecideDetermination(facts, request, Policy(), kToday).status()),
              ElementsAre("WITHDRAWAL-BACKDATED"));
}

TEST(DeterminationRules, DoNotBeginAfterDeath) {
  DeterminationFacts facts = Recommended(v1::CALLER_KIND_NHS, kChc, kYes);
  facts.person.set_death_date("2026-11-20");
  EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(kYes), Policy(), kToday).status()),
              ElementsAre("DETERMINATION-AFTER-DEATH"));
  v1::RecordDeterminationRequest request = Decision(kYes);
  request.set_effective_from_date("2026-11-02");
  EXPECT_TRUE(DecideDetermination(facts, request, Policy(), kToday).ok()) << "for the time before";
}

TEST(DeterminationRules, BeginNotBeforeAnybodyAskedOrAssessed) {
  v1::AssessmentEvidence evidence = WholeEvidence();
  *evidence.mutable_after_care() = AfterCare();
  const struct {
    v1::EligibilityRegime regime;
    const char* received_date;
    const char* earliest_date;
    const char* day_before;
  } cases[] = {{kChc, "", "2026-11-02", "2026-11-01"},
               {kChc, "2026-10-10", "2026-10-10", "2026-10-09"},
               {kChc, "2026-11-10", "2026-11-02", "1966-03-15"},
               {v1::ELIGIBILITY_REGIME_SECTION_117, "2026-10-10", "2026-09-20", "2026-09-19"}};
  for (const auto& one : cases) {
    DeterminationFacts facts = Recommended(v1::CALLER_KIND_NHS, one.regime, kYes, evidence);
    facts.request.set_received_date(one.received_date);
    v1::RecordDeterminationRequest request = Decision(kYes);
    request.set_effective_from_date(one.earliest_date);
    EXPECT_TRUE(DecideDetermination(facts, request, Policy(), kToday).ok()) << one.earliest_date;
    request.set_effective_from_date(one.day_before);
    EXPECT_THAT(Refusals(DecideDetermination(facts, request, Policy(), kToday).status()),
                ElementsAre("DETERMINATION-BEFORE-ASKED"))
        << one.day_before;
  }
}

TEST(RecommendationRules, TakeNoChecklistOrReasonForNoneFromADraft) {
  v1::AssessmentEvidence evidence = WholeEvidence();
  evidence.clear_checklist();
  DeterminationFacts facts = FactsOf(v1::CALLER_KIND_NHS, evidence);
  facts.by.set_reasons("As the team found.");
  v1::Assessment waived;
  waived.mutable_evidence()->set_assessment_date("2026-10-20");
  waived.mutable_evidence()->set_checklist_waiver(v1::CHECKLIST_WAIVER_AGREED);
  waived.set_state(v1::Assessment::STATE_DRAFT);
  facts.assessments.push_back(waived);
  const auto recommend = [&facts] {
    return DecideRecommendation(facts, Recommending(kChc, kYes), Policy(), kToday).status();
  };
  EXPECT_THAT(Refusals(recommend()), ElementsAre("CHECKLIST-FIRST"));
  facts.assessments[1].set_state(v1::Assessment::STATE_COMPLETE);
  EXPECT_TRUE(recommend().ok());
}

TEST(Cohorts, FollowTheirOwnTests) {
  v1::AssessmentEvidence evidence = JointEvidence();
  v1::AfterCareEvidence& after_care = *evidence.mutable_after_care();
  after_care = AfterCare();
  evidence.mutable_wheelchair()->set_meets_service_criteria(true);
  evidence.mutable_discretionary_budget()->set_expected_benefit("Choice of therapist.");
  evidence.mutable_discretionary_budget()->set_group(v1::DISCRETIONARY_GROUP_LONG_TERM_CONDITION);
  const v1::Assessment assessment = Complete(evidence, AssessmentName(1));
  using v1::EligibilityIndication;
  EXPECT_EQ(*Indication(v1::ELIGIBILITY_REGIME_SECTION_117, assessment), v1::ELIGIBILITY_INDICATION_ELIGIBLE);
  EXPECT_EQ(*Indication(v1::ELIGIBILITY_REGIME_WHEELCHAIR, assessment),
            v1::ELIGIBILITY_INDICATION_NOT_ELIGIBLE)
      << "a short-term loan";
  EXPECT_EQ(*Indication(v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB, assessment),
            v1::ELIGIBILITY_INDICATION_JUDGEMENT);
  after_care.set_route(v1::AFTER_CARE_ROUTE_OTHER);
  EXPECT_EQ(*Indication(v1::ELIGIBILITY_REGIME_SECTION_117, Complete(evidence, AssessmentName(1))),
            v1::ELIGIBILITY_INDICATION_NOT_ELIGIBLE);
}

}  // namespace
}  // namespace ipb::eligibility
