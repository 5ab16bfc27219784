// Joint assessments: drafts, completion, and what a council may not overwrite.
#include "services/eligibility/rules/assessment.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

AssessmentFacts Facts(v1::CallerKind kind) {
  AssessmentFacts facts;
  facts.caller_kind = kind;
  facts.organisation = kind == v1::CALLER_KIND_COUNCIL ? kCouncil : kIcb;
  return facts;
}

v1::AssessmentEvidence WholeEvidence() {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_care_act() = CareAct(4);
  *evidence.mutable_checklist() = Checklist(2, 1);
  *evidence.mutable_decision_support_tool() = Tool();
  return evidence;
}

TEST(Recording, HoldsThePartsOfBothSectorsInOneAssessment) {
  v1::RecordAssessmentRequest request;
  *request.mutable_evidence() = WholeEvidence();
  request.set_complete(true);
  const auto decision = DecideRecording(Facts(v1::CALLER_KIND_COUNCIL), request, Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->assessment.state(), v1::Assessment::STATE_COMPLETE);
  EXPECT_EQ(decision->assessment.completed_date(), "2026-11-22");
  EXPECT_TRUE(decision->assessment.findings().care_act().conditions_met());
  EXPECT_EQ(decision->assessment.findings().checklist().result(), v1::ChecklistFinding::RESULT_POSITIVE);
  EXPECT_EQ(decision->assessment.findings().decision_support_tool().indication(),
            v1::PRIMARY_HEALTH_NEED_INDICATION_NOT_EXPECTED);
  EXPECT_FALSE(decision->trace.empty());
}

TEST(Recording, KeepsAnIncompleteDraftAndCompletesOnlyAWholeOne) {
  v1::RecordAssessmentRequest request;
  *request.mutable_evidence() = WholeEvidence();
  request.mutable_evidence()->mutable_care_act()->mutable_outcomes()->RemoveLast();
  request.mutable_evidence()->mutable_checklist()->mutable_domains()->RemoveLast();
  const auto draft = DecideRecording(Facts(v1::CALLER_KIND_NHS), request, Policy(), kToday);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->assessment.state(), v1::Assessment::STATE_DRAFT);
  EXPECT_FALSE(draft->assessment.has_findings());
  request.set_complete(true);
  EXPECT_THAT(Refusals(DecideRecording(Facts(v1::CALLER_KIND_NHS), request, Policy(), kToday).status()),
              ElementsAre("CARE-ACT-OUTCOME-MISSING", "CHECKLIST-DOMAIN-MISSING"));
}

TEST(Recording, RefusesAnEmptyAssessmentAndFutureDates) {
  v1::RecordAssessmentRequest request;
  request.mutable_evidence()->set_assessment_date("2026-11-22");
  request.set_complete(true);
  EXPECT_THAT(Refusals(DecideRecording(Facts(v1::CALLER_KIND_NHS), request, Policy(), kToday).status()),
              ElementsAre("ASSESSMENT-EMPTY", "ASSESSMENT-PARTICIPANTS"));
  *request.mutable_evidence() = WholeEvidence();
  request.mutable_evidence()->set_assessment_date("2026-11-23");
  request.mutable_evidence()->mutable_checklist()->set_completed_date("2026-12-01");
  EXPECT_THAT(Refusals(DecideRecording(Facts(v1::CALLER_KIND_NHS), request, Policy(), kToday).status()),
              ElementsAre("ASSESSMENT-DATE-FUTURE", "ASSESSMENT-DATE-FUTURE"));
}

TEST(Update, ReplacesTheNamedPartsAndLeavesTheOthers) {
  AssessmentFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
  *facts.assessment.mutable_evidence() = WholeEvidence();
  v1::UpdateAssessmentRequest request;
  *request.mutable_evidence()->mutable_checklist() = Checklist(0, 0);
  *request.mutable_evidence()->mutable_care_act() = CareAct(0);
  request.mutable_update_mask()->add_paths("checklist");
  request.mutable_update_mask()->add_paths("decision_support_tool");
  request.set_complete(true);
  const auto decision = DecideUpdate(facts, request, Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->assessment.findings().checklist().result(), v1::ChecklistFinding::RESULT_NEGATIVE);
  EXPECT_TRUE(decision->assessment.findings().care_act().conditions_met());
  EXPECT_EQ(decision->assessment.evidence().checklist().domains_size(), 11);
  EXPECT_FALSE(decision->assessment.evidence().has_decision_support_tool());
}

TEST(Update, RefusesUnknownPathsAndCompleteAssessments) {
  AssessmentFacts facts = Facts(v1::CALLER_KIND_NHS);
  facts.assessment = Complete(WholeEvidence(), AssessmentName(1));
  v1::UpdateAssessmentRequest request;
  request.mutable_update_mask()->add_paths("evidence.care_act");
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()), ElementsAre("WRONG_STATE"));
  facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()),
              ElementsAre("INVALID_FIELD"));
}

TEST(Update, KeepsACouncilFromOverwritingWhatItCannotSee) {
  AssessmentFacts facts = Facts(v1::CALLER_KIND_COUNCIL);
  facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
  *facts.assessment.mutable_evidence() = WholeEvidence();
  v1::UpdateAssessmentRequest request;
  *request.mutable_evidence() = WholeEvidence();
  request.mutable_update_mask()->add_paths("decision_support_tool");
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()),
              ElementsAre("ASSESSMENT-PART-HIDDEN"));
  facts.assessment.mutable_evidence()->clear_decision_support_tool();
  EXPECT_TRUE(DecideUpdate(facts, request, Policy(), kToday).ok()) << "adding is not overwriting";
  request.mutable_update_mask()->set_paths(0, "care_act");
  EXPECT_TRUE(DecideUpdate(facts, request, Policy(), kToday).ok());
}

TEST(Update, TellsACouncilNoMoreWhereAllPartsAreHidden) {
  AssessmentFacts facts = Facts(v1::CALLER_KIND_COUNCIL);
  facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
  v1::AssessmentEvidence& evidence = *facts.assessment.mutable_evidence();
  evidence = JointEvidence();
  *evidence.mutable_decision_support_tool() = Tool();
  DomainOf(v1::CARE_DOMAIN_SKIN, *evidence.mutable_decision_support_tool())
      .set_level(v1::NEED_LEVEL_PRIORITY);
  v1::UpdateAssessmentRequest request;
  request.set_complete(true);
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()),
              ElementsAre("ASSESSMENT-PART-HIDDEN-FAULTS"));
}

TEST(Update, DoesNotBlameTheWaiverOnPartsThatACouncilCannotSee) {
  AssessmentFacts facts = Facts(v1::CALLER_KIND_COUNCIL);
  facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
  v1::AssessmentEvidence& evidence = *facts.assessment.mutable_evidence();
  evidence = JointEvidence();
  *evidence.mutable_care_act() = CareAct(2);
  *evidence.mutable_fast_track() = FastTrack();
  evidence.mutable_fast_track()->clear_reasons();
  evidence.set_checklist_waiver(v1::CHECKLIST_WAIVER_FAST_TRACK);
  v1::UpdateAssessmentRequest request;
  request.set_complete(true);
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()),
              ElementsAre("ASSESSMENT-PART-HIDDEN-FAULTS"));
  *evidence.mutable_fast_track() = FastTrack();
  EXPECT_TRUE(DecideUpdate(facts, request, Policy(), kToday).ok());
}

// Whatever holds clinical detail is hidden as a whole from who may not see it; a new part cannot be
// forgotten.
TEST(Update, HidesEveryPartWithClinicalDetail) {
  const auto* descriptor = v1::AssessmentEvidence::descriptor();
  int hidden = 0;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (field->message_type() == nullptr || field->is_repeated()) continue;
    bool clinical = false;
    for (int j = 0; j < field->message_type()->field_count(); ++j) {
      clinical = clinical ||
                 field->message_type()->field(j)->options().GetExtension(v1::purpose) == v1::PURPOSE_HEALTH;
    }
    AssessmentFacts facts = Facts(v1::CALLER_KIND_COUNCIL);
    facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
    v1::AssessmentEvidence& evidence = *facts.assessment.mutable_evidence();
    evidence = JointEvidence();
    evidence.GetReflection()->MutableMessage(&evidence, field);
    v1::UpdateAssessmentRequest request;
    request.mutable_update_mask()->add_paths(field->name());
    const std::vector<std::string> refused =
        Refusals(DecideUpdate(facts, request, Policy(), kToday).status());
    EXPECT_EQ(refused,
              clinical ? std::vector<std::string>{"ASSESSMENT-PART-HIDDEN"} : std::vector<std::string>())
        << field->name();
    hidden += clinical;
  }
  EXPECT_EQ(hidden, 7);
}

TEST(Update, TellsACouncilOfFaultsInHiddenPartsOnlyThatThereAreAny) {
  AssessmentFacts facts = Facts(v1::CALLER_KIND_COUNCIL);
  facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
  *facts.assessment.mutable_evidence() = WholeEvidence();
  v1::DomainAssessment& skin =
      DomainOf(v1::CARE_DOMAIN_SKIN, *facts.assessment.mutable_evidence()->mutable_decision_support_tool());
  skin.set_level(v1::NEED_LEVEL_PRIORITY);
  v1::UpdateAssessmentRequest request;
  request.set_complete(true);
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()),
              ElementsAre("ASSESSMENT-PART-HIDDEN-FAULTS"));
  *request.mutable_evidence()->mutable_care_act() = CareAct(2);
  request.mutable_evidence()->mutable_care_act()->mutable_outcomes()->RemoveLast();
  request.mutable_update_mask()->add_paths("care_act");
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()),
              ElementsAre("CARE-ACT-OUTCOME-MISSING"));
  request.clear_update_mask();
  facts.caller_kind = v1::CALLER_KIND_NHS;
  EXPECT_THAT(Refusals(DecideUpdate(facts, request, Policy(), kToday).status()),
              ElementsAre("DST-LEVEL-NOT-ALLOWED"));
}

}  // namespace
}  // namespace ipb::eligibility
