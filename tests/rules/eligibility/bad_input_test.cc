// Bad input of every kind, and what a practitioner reads when it is refused. The test prints the list.
#include <cstdio>
#include <functional>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/assessment.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using Evidence = v1::AssessmentEvidence;

struct Case {
  const char* kind;
  const char* situation;
  std::function<void(Evidence&)> change;
  std::vector<std::string> rules;
};

v1::DecisionSupportToolEvidence& Dst(Evidence& evidence) {
  *evidence.mutable_decision_support_tool() = Tool();
  return *evidence.mutable_decision_support_tool();
}

v1::ChildrensContinuingCareEvidence& Cyp(Evidence& evidence) {
  *evidence.mutable_childrens_continuing_care() = ChildrensTool();
  return *evidence.mutable_childrens_continuing_care();
}

v1::CarerEvidence& CarerPart(Evidence& evidence, int unable) {
  *evidence.mutable_carer() = Carer(unable);
  return *evidence.mutable_carer();
}

v1::NursingCareEvidence& Nursing(Evidence& evidence) {
  *evidence.mutable_nursing_care() = NursingCare();
  return *evidence.mutable_nursing_care();
}

v1::AfterCareEvidence& After(Evidence& evidence) {
  *evidence.mutable_after_care() = AfterCare();
  return *evidence.mutable_after_care();
}

const Case kCases[] = {
    {"unknown code",
     "an outcome of adults that there is none of",
     [](Evidence& evidence) {
       *evidence.mutable_care_act() = CareAct(0);
       evidence.mutable_care_act()->mutable_outcomes(0)->set_outcome(static_cast<v1::CareActOutcome>(11));
     },
     {"CARE-ACT-OUTCOME-MISSING"}},
    {"unknown code",
     "a checklist domain that only the decision support tool has",
     [](Evidence& evidence) {
       *evidence.mutable_checklist() = Checklist(0, 0);
       evidence.mutable_checklist()->mutable_domains(0)->set_domain(v1::CARE_DOMAIN_OTHER);
     },
     {"CHECKLIST-DOMAIN-UNKNOWN", "CHECKLIST-DOMAIN-MISSING"}},
    {"unknown code",
     "a rationale of someone who is not listed",
     [](Evidence& evidence) {
       v1::MemberRationale* rationale = Dst(evidence).add_rationales();
       rationale->set_participant("nobody");
       rationale->set_rationale("Unsure.");
       rationale->set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
     },
     {"DST-RATIONALE-NOT-ASKED"}},
    {"unknown code",
     "a nominated assessor who is not listed",
     [](Evidence& evidence) { Cyp(evidence).set_nominated_assessor("nobody"); },
     {"CYP-ASSESSOR"}},
    {"level not in domain",
     "severe in altered states of consciousness",
     [](Evidence& evidence) {
       DomainOf(v1::CARE_DOMAIN_CONSCIOUSNESS, Dst(evidence)).set_level(v1::NEED_LEVEL_SEVERE);
     },
     {"DST-LEVEL-NOT-ALLOWED"}},
    {"level not in domain",
     "severe in a child's continence",
     [](Evidence& evidence) { Cyp(evidence).mutable_domains(3)->set_level(v1::NEED_LEVEL_SEVERE); },
     {"CYP-LEVEL-NOT-ALLOWED"}},
    {"impossible dates",
     "an observation that ends before it begins",
     [](Evidence& evidence) {
       v1::CarerEvidence& carer = CarerPart(evidence, 1);
       carer.mutable_outcomes(0)->set_best_day(v1::ACHIEVEMENT_ABLE);
       carer.set_observed_from_date("2026-10-31");
       carer.set_observed_to_date("2026-10-01");
       carer.set_fluctuation_narrative("Some days the adult's sister helps.");
     },
     {"CARER-OBSERVATION"}},
    {"end before start",
     "a detention that ended before it began",
     [](Evidence& evidence) { After(evidence).set_detained_date("2026-09-02"); },
     {"S117-DATES"}},
    {"end before start",
     "hospital left before the detention ended",
     [](Evidence& evidence) { After(evidence).set_left_hospital_date("2026-08-01"); },
     {"S117-DATES"}},
    {"end before start",
     "a high band that ended before it began",
     [](Evidence& evidence) {
       Nursing(evidence).set_high_band_from_date("2007-10-01");
       evidence.mutable_nursing_care()->set_high_band_to_date("2006-01-01");
     },
     {"NURSING-BAND-DATES"}},
    {"future date",
     "an assessment of tomorrow",
     [](Evidence& evidence) {
       *evidence.mutable_care_act() = CareAct(0);
       evidence.set_assessment_date("2026-11-23");
     },
     {"ASSESSMENT-DATE-FUTURE"}},
    {"future date",
     "a children's tool of tomorrow",
     [](Evidence& evidence) { Cyp(evidence).set_completed_date("2026-11-23"); },
     {"ASSESSMENT-DATE-FUTURE"}},
    {"future date",
     "a nursing assessment of tomorrow",
     [](Evidence& evidence) { Nursing(evidence).set_assessed_date("2026-11-23"); },
     {"ASSESSMENT-DATE-FUTURE"}},
    {"future date",
     "consent after the tool was completed",
     [](Evidence& evidence) { Cyp(evidence).mutable_consent()->set_consent_date("2026-11-03"); },
     {"CYP-CONSENT"}},
    {"future date",
     "continuing healthcare considered after the nursing assessment",
     [](Evidence& evidence) { Nursing(evidence).set_continuing_healthcare_date("2026-11-03"); },
     {"NURSING-CHC-FIRST"}},
    {"contradicting parts",
     "a checklist that is waived and completed",
     [](Evidence& evidence) {
       *evidence.mutable_checklist() = Checklist(0, 0);
       evidence.set_checklist_waiver(v1::CHECKLIST_WAIVER_AGREED);
     },
     {"CHECKLIST-WAIVER"}},
    {"contradicting parts",
     "a checklist waived for a fast track that there is none of",
     [](Evidence& evidence) {
       Dst(evidence);
       evidence.set_checklist_waiver(v1::CHECKLIST_WAIVER_FAST_TRACK);
     },
     {"CHECKLIST-WAIVER"}},
    {"contradicting parts",
     "a checklist waived for after-care that there is none of",
     [](Evidence& evidence) {
       Dst(evidence);
       evidence.set_checklist_waiver(v1::CHECKLIST_WAIVER_AFTER_CARE);
     },
     {"CHECKLIST-WAIVER"}},
    {"contradicting parts",
     "unable in no way",
     [](Evidence& evidence) { CarerPart(evidence, 1).mutable_outcomes(0)->clear_meanings(); },
     {"CARER-MEANING"}},
    {"contradicting parts",
     "recreation that does not apply to a carer",
     [](Evidence& evidence) {
       CarerPart(evidence, 0).mutable_outcomes(7)->set_typical(v1::ACHIEVEMENT_NOT_APPLICABLE);
     },
     {"CARER-NOT-APPLICABLE"}},
    {"contradicting parts",
     "a team that could not agree, and one member says why",
     [](Evidence& evidence) {
       Dst(evidence).set_no_agreement(true);
       v1::MemberRationale* rationale = evidence.mutable_decision_support_tool()->add_rationales();
       rationale->set_participant("nurse-1");
       rationale->set_rationale("Intensity.");
       rationale->set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
     },
     {"DST-RATIONALE"}},
    {"contradicting parts",
     "a bar on meeting needs without saying which",
     [](Evidence& evidence) {
       *evidence.mutable_care_act() = CareAct(2);
       evidence.mutable_care_act()->add_bars(v1::CARE_ACT_BAR_HOUSING);
     },
     {"CARE-ACT-BAR-NARRATIVE"}},
    {"missing", "nothing at all", [](Evidence&) {}, {"ASSESSMENT-EMPTY"}},
    {"missing",
     "after-care without the residence that decides the duty",
     [](Evidence& evidence) { After(evidence).clear_residence_council(); },
     {"S117-RESIDENCE"}},
    {"missing",
     "care to the adult without the adult's agreement",
     [](Evidence& evidence) { CarerPart(evidence, 1).mutable_care_to_adult(); },
     {"CARER-ADULT-AGREEMENT"}},
    {"missing",
     "a discretionary budget for nobody in particular",
     [](Evidence& evidence) {
       evidence.mutable_discretionary_budget()->set_expected_benefit("Choice of therapist.");
     },
     {"DISCRETION-GROUP"}},
    {"missing",
     "a nursing need found by a therapist",
     [](Evidence& evidence) { Nursing(evidence).set_registered_nurse("therapist-1"); },
     {"NURSING-NURSE"}},
    {"no policy",
     "a children's tool before its framework",
     [](Evidence& evidence) { Cyp(evidence).set_completed_date("2015-12-31"); },
     {"NO_RATE"}},
    {"no policy",
     "a carer before the regulations",
     [](Evidence& evidence) {
       CarerPart(evidence, 1);
       evidence.set_assessment_date("2015-03-31");
     },
     {"NO_RATE"}},
};

// Every sentence that the caller reads.
std::vector<std::string> Sentences(const absl::Status& status) {
  google::rpc::PreconditionFailure failure;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.PreconditionFailure");
  if (!payload || !failure.ParseFromString(std::string(*payload))) return {std::string(status.message())};
  std::vector<std::string> sentences;
  for (const auto& violation : failure.violations()) sentences.push_back(violation.description());
  return sentences;
}

TEST(BadInput, IsRefusedInWordsThatSayWhatToDo) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.situation);
    v1::RecordAssessmentRequest request;
    *request.mutable_evidence() = JointEvidence();
    one.change(*request.mutable_evidence());
    request.set_complete(true);
    const AssessmentFacts facts{v1::CALLER_KIND_NHS, kIcb, {}};
    const absl::Status status = DecideRecording(facts, request, Policy(), kToday).status();
    EXPECT_EQ(Refusals(status), one.rules);
    std::printf("%s: %s\n", one.kind, one.situation);
    for (const std::string& sentence : Sentences(status)) {
      std::printf("    %s\n", sentence.c_str());
      EXPECT_EQ(sentence.find('{'), std::string::npos) << "a value is not filled in: " << sentence;
      EXPECT_TRUE(one.rules[0] == "NO_RATE" || absl::StrContains(sentence, "To make it possible:"))
          << sentence;
    }
  }
}

}  // namespace
}  // namespace ipb::eligibility
