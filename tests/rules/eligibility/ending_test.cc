// Telling the person, and ending: death is never delayed, nothing else stops without what fairness requires.
#include "services/eligibility/rules/ending.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using D = v1::Determination;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
constexpr v1::EligibilityOutcome kNo = v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
constexpr v1::EligibilityRegime kCareAct = v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT;
constexpr v1::EligibilityRegime kChc = v1::ELIGIBILITY_REGIME_CHC;
constexpr v1::EligibilityRegime kAfterCare = v1::ELIGIBILITY_REGIME_SECTION_117;

DeterminationFacts Facts(v1::EligibilityRegime regime, v1::EligibilityOutcome outcome) {
  const bool council = regime == kCareAct;
  DeterminationFacts facts;
  facts.person = Adult();
  facts.caller_kind = council ? v1::CALLER_KIND_COUNCIL : v1::CALLER_KIND_NHS;
  facts.by = By(council ? kCouncil : kIcb, "manager-2", "Reasons.");
  facts.determination = Decided(DeterminationName(1), regime, outcome, council ? kCouncil : kIcb);
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_care_act() = CareAct(1);
  *evidence.mutable_decision_support_tool() = Tool();
  facts.assessments = {Complete(evidence, AssessmentName(2))};
  return facts;
}

v1::EndDeterminationRequest End(D::EndReason reason, const std::string& last_date = "2026-11-30") {
  v1::EndDeterminationRequest request;
  request.set_name(DeterminationName(1));
  request.set_reason(reason);
  request.set_effective_to_date(last_date);
  return request;
}

v1::EndDeterminationRequest Safeguarded(const std::string& consulted) {
  v1::EndDeterminationRequest request = End(D::END_REASON_NO_LONGER_ELIGIBLE);
  v1::WithdrawalSafeguards& safeguards = *request.mutable_safeguards();
  safeguards.set_reassessment(AssessmentName(2));
  safeguards.set_person_consulted_date("2026-11-10");
  safeguards.set_consulted_organisation(consulted);
  safeguards.set_organisation_consulted_date("2026-11-11");
  safeguards.set_successor(DeterminationName(3));
  return request;
}

std::vector<std::string> Refused(const DeterminationFacts& facts,
                                 const v1::EndDeterminationRequest& request) {
  return Refusals(DecideEnding(facts, request, Policy(), kToday).status());
}

TEST(NotificationRules, TellThePersonOnTheDateOfTheLetter) {
  v1::NotifyDeterminationRequest request;
  request.set_letter_date("2026-06-03");
  request.set_letter_reference("L-17");
  const auto decision = DecideNotification(Facts(kChc, kNo), request, kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->determination.state(), D::STATE_NOTIFIED);
  EXPECT_EQ(decision->determination.notification().letter_date(), "2026-06-03");
  DeterminationFacts facts = Facts(kChc, kNo);
  facts.determination = decision->determination;
  EXPECT_THAT(Refusals(DecideNotification(facts, request, kToday).status()), ElementsAre("WRONG_STATE"));
}

TEST(NotificationRules, WantInformationAndAdviceWhereAnAdultIsNotEligible) {
  v1::NotifyDeterminationRequest request;
  request.set_letter_date("2026-06-03");
  EXPECT_THAT(Refusals(DecideNotification(Facts(kCareAct, kNo), request, kToday).status()),
              ElementsAre("NOTIFICATION-ADVICE"));
  request.set_information_and_advice("The falls service takes self-referrals.");
  EXPECT_TRUE(DecideNotification(Facts(kCareAct, kNo), request, kToday).ok());
  request.clear_information_and_advice();
  EXPECT_TRUE(DecideNotification(Facts(kCareAct, kYes), request, kToday).ok());
}

TEST(NotificationRules, DateTheLetterBetweenDecisionAndToday) {
  v1::NotifyDeterminationRequest request;
  for (const auto& [date, ok] : {std::pair("2026-05-31", false), std::pair("2026-06-01", true),
                                 std::pair("2026-11-22", true), std::pair("2026-11-23", false)}) {
    request.set_letter_date(date);
    EXPECT_EQ(DecideNotification(Facts(kChc, kYes), request, kToday).ok(), ok) << date;
  }
}

TEST(EndingRules, NeverDelayDeath) {
  for (const v1::EligibilityRegime regime : {kCareAct, kChc, kAfterCare}) {
    DeterminationFacts facts = Facts(regime, kYes);
    facts.by.clear_reasons();
    v1::EndDeterminationRequest request = End(D::END_REASON_DEATH, "2026-11-12");
    request.set_community_patient(true);
    EXPECT_THAT(Refused(facts, request), ElementsAre("END-DEATH-DATE")) << "not recorded";
    facts.person.set_death_date("2026-11-12");
    const auto decision = DecideEnding(facts, request, Policy(), kToday);
    ASSERT_TRUE(decision.ok()) << decision.status();
    EXPECT_EQ(decision->determination.state(), D::STATE_ENDED);
    EXPECT_EQ(decision->determination.effective_to_date(), "2026-11-12");
  }
}

TEST(EndingRules, KeepContinuingHealthcareUntilASuccessorIsInEffect) {
  DeterminationFacts facts = Facts(kChc, kYes);
  EXPECT_THAT(Refused(facts, End(D::END_REASON_NO_LONGER_ELIGIBLE)),
              ElementsAre("WITHDRAWAL-REASSESSMENT", "WITHDRAWAL-PERSON", "WITHDRAWAL-OTHER-BODY",
                          "WITHDRAWAL-SUCCESSOR"));
  EXPECT_THAT(Refused(facts, Safeguarded(kCouncil)), ElementsAre("WITHDRAWAL-SUCCESSOR"));
  facts.others = {Decided(DeterminationName(3), kCareAct, kYes, kCouncil)};
  facts.others[0].set_effective_from_date("2026-12-02");
  EXPECT_THAT(Refused(facts, Safeguarded(kCouncil)), ElementsAre("WITHDRAWAL-SUCCESSOR")) << "a day's gap";
  facts.others[0].set_effective_from_date("2026-12-01");
  EXPECT_TRUE(DecideEnding(facts, Safeguarded(kCouncil), Policy(), kToday).ok());
  facts.others[0].set_state(D::STATE_RECOMMENDED);
  EXPECT_THAT(Refused(facts, Safeguarded(kCouncil)), ElementsAre("WITHDRAWAL-SUCCESSOR"))
      << "only recommended";
}

TEST(EndingRules, ConsultTheResponsibleBodyOfTheOtherSector) {
  DeterminationFacts facts = Facts(kChc, kYes);
  facts.others = {Decided(DeterminationName(3), kCareAct, kYes, kCouncil)};
  EXPECT_THAT(Refused(facts, Safeguarded(kIcb)), ElementsAre("WITHDRAWAL-OTHER-BODY"));
  EXPECT_THAT(Refused(facts, Safeguarded("E10000099")), ElementsAre("WITHDRAWAL-OTHER-BODY"));
  v1::EndDeterminationRequest request = Safeguarded(kCouncil);
  request.mutable_safeguards()->set_organisation_consulted_date("2026-11-23");
  EXPECT_THAT(Refused(facts, request), ElementsAre("WITHDRAWAL-OTHER-BODY")) << "tomorrow";
}

TEST(EndingRules, ReassessJointlyAndAfterTheDecision) {
  DeterminationFacts facts = Facts(kChc, kYes);
  facts.others = {Decided(DeterminationName(3), kCareAct, kYes, kCouncil)};
  facts.assessments[0].mutable_evidence()->mutable_participants()->RemoveLast();
  EXPECT_THAT(Refused(facts, Safeguarded(kCouncil)), ElementsAre("WITHDRAWAL-JOINT"));
  facts.assessments[0].mutable_evidence()->set_assessment_date("2026-05-31");
  EXPECT_THAT(Refused(facts, Safeguarded(kCouncil)), ElementsAre("WITHDRAWAL-REASSESSMENT"));
}

TEST(EndingRules, AskLessOfACouncilAloneAndAsMuchBesideTheNhs) {
  DeterminationFacts facts = Facts(kCareAct, kYes);
  v1::EndDeterminationRequest request = Safeguarded(kIcb);
  request.mutable_safeguards()->clear_consulted_organisation();
  request.mutable_safeguards()->clear_successor();
  EXPECT_TRUE(DecideEnding(facts, request, Policy(), kToday).ok())
      << "reassessed, and the person consulted (s27)";
  facts.others = {Decided(DeterminationName(3), kChc, kYes, kIcb)};
  EXPECT_THAT(Refused(facts, request), ElementsAre("WITHDRAWAL-OTHER-BODY", "WITHDRAWAL-SUCCESSOR"));
  EXPECT_TRUE(DecideEnding(facts, Safeguarded(kIcb), Policy(), kToday).ok())
      << "continuing healthcare carries on";
}

TEST(EndingRules, LeaveNobodyWithoutAResponsibleBodyOnAMove) {
  DeterminationFacts facts = Facts(kCareAct, kYes);
  EXPECT_THAT(Refused(facts, End(D::END_REASON_MOVED)), ElementsAre("END-NOBODY-RESPONSIBLE"));
  v1::Responsibility* next = facts.person.add_responsibilities();
  next->set_organisation("E10000020");
  next->set_role(v1::RESPONSIBILITY_ROLE_CONTINUITY);
  next->set_effective_from_date("2026-12-01");
  next->set_state(v1::Responsibility::STATE_PENDING);
  EXPECT_THAT(Refused(facts, End(D::END_REASON_MOVED)), ElementsAre("END-NOBODY-RESPONSIBLE"))
      << "not accepted";
  next->set_state(v1::Responsibility::STATE_ACCEPTED);
  EXPECT_TRUE(DecideEnding(facts, End(D::END_REASON_MOVED), Policy(), kToday).ok());
}

TEST(EndingRules, UndoAnErrorByAnotherPersonOnly) {
  DeterminationFacts facts = Facts(kChc, kYes);
  EXPECT_TRUE(DecideEnding(facts, End(D::END_REASON_RECORDED_IN_ERROR), Policy(), kToday).ok());
  facts.by.set_decider("decider-9");
  EXPECT_THAT(Refused(facts, End(D::END_REASON_RECORDED_IN_ERROR)), ElementsAre("END-ERROR-SECOND-PERSON"));
}

TEST(EndingRules, WantReasonsAndAnOrderOfDaysAndALiveDetermination) {
  DeterminationFacts facts = Facts(kCareAct, kYes);
  facts.by.clear_reasons();
  EXPECT_THAT(Refused(facts, End(D::END_REASON_DECLINED, "2026-05-31")),
              ElementsAre("END-BEFORE-BEGINNING", "END-REASONS"));
  facts.determination.set_state(D::STATE_ENDED);
  EXPECT_THAT(Refused(facts, End(D::END_REASON_DECLINED)), ElementsAre("WRONG_STATE"));
  facts = Facts(kCareAct, kYes);
  facts.caller_kind = v1::CALLER_KIND_NHS;
  EXPECT_THAT(Refused(facts, End(D::END_REASON_DECLINED)), ElementsAre("DETERMINATION-DECIDER"));
}

}  // namespace
}  // namespace ipb::eligibility
