// Section 117: who has the duty, how it ends only jointly, and what a new detention does to it.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/cohort.h"
#include "services/eligibility/rules/ending.h"
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
constexpr v1::EligibilityRegime kRegime = v1::ELIGIBILITY_REGIME_SECTION_117;

std::vector<std::string> Refused(const v1::AfterCareEvidence& evidence,
                                 absl::CivilDay day = absl::CivilDay(2026, 11, 2)) {
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_TRUE(EvaluateAfterCare(evidence, Policy(), day, refusal, trace).ok());
  return refusal.RuleIds();
}

TEST(AfterCare, IsOwedAfterADetentionThatEndedAndHospitalLeft) {
  for (int code = v1::AFTER_CARE_ROUTE_UNSPECIFIED; code <= v1::AFTER_CARE_ROUTE_OTHER; ++code) {
    v1::AfterCareEvidence evidence = AfterCare();
    evidence.set_route(static_cast<v1::AfterCareRoute>(code));
    explain::Refusal refusal;
    explain::Trace trace;
    EXPECT_EQ(EvaluateAfterCare(evidence, Policy(), absl::CivilDay(2026, 11, 2), refusal, trace)->qualifies,
              code != v1::AFTER_CARE_ROUTE_UNSPECIFIED && code != v1::AFTER_CARE_ROUTE_OTHER)
        << code;
  }
  v1::AfterCareEvidence inside = AfterCare();
  inside.clear_left_hospital_date();
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_FALSE(EvaluateAfterCare(inside, Policy(), absl::CivilDay(2026, 11, 2), refusal, trace)->qualifies)
      << "still in hospital";
}

TEST(AfterCare, HasItsDaysInOrder) {
  EXPECT_THAT(Refused(AfterCare()), IsEmpty());
  EXPECT_THAT(Refused(AfterCare(), absl::CivilDay(2026, 9, 20)), IsEmpty());
  EXPECT_THAT(Refused(AfterCare(), absl::CivilDay(2026, 9, 19)), ElementsAre("S117-DATES"));
  v1::AfterCareEvidence evidence = AfterCare();
  evidence.set_detained_date("2026-09-02");
  EXPECT_THAT(Refused(evidence), ElementsAre("S117-DATES")) << "detained after it ended";
  evidence = AfterCare();
  evidence.set_left_hospital_date("2026-08-31");
  EXPECT_THAT(Refused(evidence), ElementsAre("S117-DATES")) << "left before it ended";
  evidence.clear_left_hospital_date();
  evidence.set_detention_ended_date("2026-11-03");
  EXPECT_THAT(Refused(evidence), ElementsAre("S117-DATES")) << "ends after the assessment";
}

TEST(AfterCare, SaysWhichCouncilHasTheDuty) {
  v1::AfterCareEvidence evidence = AfterCare();
  evidence.clear_residence_council();
  EXPECT_THAT(Refused(evidence), ElementsAre("S117-RESIDENCE"));
  evidence = AfterCare();
  evidence.clear_detained_date();
  EXPECT_THAT(Refused(evidence), ElementsAre("S117-RESIDENCE"));
  evidence.set_route(v1::AFTER_CARE_ROUTE_OTHER);
  EXPECT_THAT(Refused(evidence), IsEmpty()) << "no duty to assign";
  v1::AssessmentEvidence joint = JointEvidence();
  *joint.mutable_after_care() = AfterCare();
  EXPECT_EQ(Complete(joint, AssessmentName(1)).findings().after_care_council(), kCouncil);
}

// The evidence of a community patient or not, and who calls.
DeterminationFacts Facts(v1::CallerKind kind, const v1::AfterCareEvidence& after_care = AfterCare()) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_after_care() = after_care;
  DeterminationFacts facts = FactsOf(kind, evidence);
  facts.by = By(facts.by.organisation(), "manager-2", "Recovered, and settled at home.");
  facts.new_name = DeterminationName(2);
  facts.determination = Decided(DeterminationName(1), kRegime, kYes, kIcb);
  return facts;
}

v1::WithdrawalSafeguards Safeguards(const std::string& other) {
  v1::WithdrawalSafeguards safeguards;
  safeguards.set_reassessment(AssessmentName(1));
  safeguards.set_person_consulted_date("2026-11-10");
  safeguards.set_consulted_organisation(other);
  safeguards.set_organisation_consulted_date("2026-11-11");
  v1::OtherBodyDecision& decision = *safeguards.mutable_other_body_decision();
  decision.set_organisation(other);
  decision.set_decider("head-of-service-4");
  decision.set_role("service_manager");
  decision.set_decision_date("2026-11-20");
  decision.set_reasons("No risk of readmission is left that services would reduce.");
  return safeguards;
}

v1::EndDeterminationRequest Ending(const std::string& other) {
  v1::EndDeterminationRequest request;
  request.set_reason(D::END_REASON_NO_LONGER_ELIGIBLE);
  request.set_effective_to_date("2026-11-30");
  *request.mutable_safeguards() = Safeguards(other);
  return request;
}

std::vector<std::string> Refused(const DeterminationFacts& facts,
                                 const v1::EndDeterminationRequest& request) {
  return Refusals(DecideEnding(facts, request, Policy(), kToday).status());
}

TEST(AfterCareEnding, IsADecisionOfBothBodies) {
  for (const auto kind : {v1::CALLER_KIND_NHS, v1::CALLER_KIND_COUNCIL}) {
    DeterminationFacts facts = Facts(kind);
    const bool council = kind == v1::CALLER_KIND_COUNCIL;
    facts.determination.mutable_decision()->set_organisation(council ? kCouncil : kIcb);
    const auto ended = DecideEnding(facts, Ending(council ? kIcb : kCouncil), Policy(), kToday);
    ASSERT_TRUE(ended.ok()) << ended.status();
    EXPECT_EQ(ended->determination.safeguards().other_body_decision().decider(), "head-of-service-4");
    const v1::Explanation explanation = ended->trace.Render("test", "test");
    EXPECT_EQ(explanation.steps(1).rule_id(), "S117-JOINT-DECISION");
  }
}

TEST(AfterCareEnding, NeedsAllOfTheOtherBodysDecision) {
  const DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  const std::function<void(v1::OtherBodyDecision&)> faults[] = {
      [](auto& decision) { decision.clear_organisation(); },
      [](auto& decision) { decision.set_organisation("E10000099"); },
      [](auto& decision) { decision.set_organisation(kIcb); },
      [](auto& decision) { decision.clear_decider(); },
      [](auto& decision) { decision.clear_role(); },
      [](auto& decision) { decision.clear_reasons(); },
      [](auto& decision) { decision.clear_decision_date(); },
      [](auto& decision) { decision.set_decision_date("2026-11-23"); },
  };
  for (const auto& fault : faults) {
    v1::EndDeterminationRequest request = Ending(kCouncil);
    fault(*request.mutable_safeguards()->mutable_other_body_decision());
    EXPECT_THAT(Refused(facts, request), ElementsAre("S117-BOTH-BODIES"))
        << request.safeguards().other_body_decision().ShortDebugString();
  }
}

TEST(AfterCareEnding, IsNeverOfACommunityPatient) {
  v1::EndDeterminationRequest request = Ending(kCouncil);
  request.set_community_patient(true);
  EXPECT_THAT(Refused(Facts(v1::CALLER_KIND_NHS), request), ElementsAre("END-COMMUNITY-PATIENT"));
  request.set_community_patient(false);
  v1::AfterCareEvidence order = AfterCare();
  order.set_community_patient(true);
  EXPECT_THAT(Refused(Facts(v1::CALLER_KIND_NHS, order), request), ElementsAre("S117-COMMUNITY-PATIENT"));
  request.set_reason(D::END_REASON_DECLINED);
  request.set_community_patient(true);
  EXPECT_THAT(Refused(Facts(v1::CALLER_KIND_NHS), request),
              ElementsAre("END-AFTER-CARE-STAYS", "END-COMMUNITY-PATIENT"));
}

TEST(AfterCareEnding, LooksAtTheAfterCareNeedsAgain) {
  DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.assessments[0].mutable_evidence()->clear_after_care();
  EXPECT_THAT(Refused(facts, Ending(kCouncil)), ElementsAre("WITHDRAWAL-REASSESSMENT"));
  v1::EndDeterminationRequest request = Ending(kCouncil);
  request.mutable_safeguards()->set_reassessment(AssessmentName(7));
  EXPECT_THAT(Refused(Facts(v1::CALLER_KIND_NHS), request), ElementsAre("WITHDRAWAL-REASSESSMENT"));
}

TEST(AfterCareEnding, IsNotByDecliningServicesOrMoving) {
  for (const auto reason : {D::END_REASON_DECLINED, D::END_REASON_MOVED}) {
    v1::EndDeterminationRequest request = Ending(kCouncil);
    request.set_reason(reason);
    EXPECT_THAT(Refused(Facts(v1::CALLER_KIND_NHS), request), Contains("END-AFTER-CARE-STAYS"));
    DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
    facts.determination.set_outcome(kNo);
    EXPECT_THAT(Refused(facts, request), testing::Not(Contains("END-AFTER-CARE-STAYS")))
        << "nothing was owed";
  }
}

TEST(AfterCareEnding, IsByANewDetentionWithoutSafeguards) {
  v1::EndDeterminationRequest request;
  request.set_reason(D::END_REASON_DETAINED_AGAIN);
  request.set_effective_to_date("2026-11-21");
  EXPECT_THAT(Refused(Facts(v1::CALLER_KIND_NHS), request), IsEmpty()) << "detained today";
  request.set_effective_to_date("2026-11-22");
  EXPECT_THAT(Refused(Facts(v1::CALLER_KIND_NHS), request), ElementsAre("END-DETAINED-AGAIN")) << "tomorrow";
  request.set_effective_to_date("2026-11-21");
  DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.determination.set_regime(v1::ELIGIBILITY_REGIME_CHC);
  EXPECT_THAT(Refused(facts, request), ElementsAre("END-DETAINED-AGAIN")) << "another regime goes on";
}

TEST(AfterCareDetermination, IsOfTheCouncilWhereThePersonLivedBeforeTheDetention) {
  DeterminationFacts facts = Facts(v1::CALLER_KIND_COUNCIL);
  EXPECT_TRUE(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).ok());
  facts.by = By("E10000028", "assessor-1");
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).status()),
              ElementsAre("S117-AUTHORITY"));
  facts.caller_kind = v1::CALLER_KIND_NHS;
  facts.by = By(kIcb, "assessor-1");
  EXPECT_TRUE(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).ok())
      << "the ICB with either";
}

// Recommended anew after a second detention from 1 June 2026, with the duty of the first from `first_date`
// on.
DeterminationFacts SecondDischarge(const std::string& first_date) {
  DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.others = {Decided(DeterminationName(1), kRegime, kYes, kIcb)};
  facts.others[0].set_effective_from_date(first_date);
  facts.determination =
      DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday)->determination;
  facts.by = By(kIcb, "decider-1", "As recommended.");
  return facts;
}

TEST(AfterCareDetermination, OfASecondDischargeEndsTheFirstDutyWithTheDetention) {
  v1::RecordDeterminationRequest request;
  request.set_outcome(kYes);
  request.set_effective_from_date("2026-09-20");
  const auto decided = DecideDetermination(SecondDischarge("2024-03-01"), request, Policy(), kToday);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->superseded->effective_to_date(), "2026-05-31");
  const auto same = DecideDetermination(SecondDischarge("2026-06-01"), request, Policy(), kToday);
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->superseded->effective_to_date(), "2026-09-19")
      << "of the same detention: from the new first day";
}

TEST(AfterCareDetermination, WhoseAssessmentIsNotAtHandReplacesFromItsFirstDay) {
  DeterminationFacts facts = SecondDischarge("2024-03-01");
  facts.assessments.clear();
  v1::RecordDeterminationRequest request;
  request.set_outcome(kYes);
  const auto decided = DecideDetermination(facts, request, Policy(), kToday);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->superseded->effective_to_date(), "2026-11-21");
}

TEST(AfterCareDetermination, WithdrawsOnlyJointly) {
  DeterminationFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.others = {Decided(DeterminationName(1), kRegime, kYes, kIcb)};
  facts.determination =
      DecideRecommendation(facts, Recommending(kRegime, kNo), Policy(), kToday)->determination;
  facts.by = By(kIcb, "decider-1", "As recommended.");
  v1::RecordDeterminationRequest request;
  request.set_outcome(kNo);
  *request.mutable_safeguards() = Safeguards(kCouncil);
  EXPECT_TRUE(DecideDetermination(facts, request, Policy(), kToday).ok());
  request.mutable_safeguards()->clear_other_body_decision();
  EXPECT_THAT(Refusals(DecideDetermination(facts, request, Policy(), kToday).status()),
              ElementsAre("S117-BOTH-BODIES"));
}

}  // namespace
}  // namespace ipb::eligibility
