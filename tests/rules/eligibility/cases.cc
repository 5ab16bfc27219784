#include "tests/rules/eligibility/cases.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/eligibility/rules/evaluation.h"
#include "tests/rules/support/case_file.h"
#include "tests/rules/support/policy_file.h"

namespace ipb::eligibility {
namespace {

constexpr char kPerson[] = "people/3f9c0a7d51e84b2c9d60";

void AddResponsibility(const std::string& organisation, v1::ResponsibilityRole role, v1::Person& person) {
  v1::Responsibility* held = person.add_responsibilities();
  held->set_organisation(organisation);
  held->set_role(role);
  held->set_effective_from_date("2020-01-01");
  held->set_state(v1::Responsibility::STATE_ACCEPTED);
}

void AddParticipant(const std::string& reference, const std::string& organisation,
                    v1::AssessmentParticipant::Capacity capacity, const std::string& profession,
                    v1::AssessmentEvidence& evidence) {
  v1::AssessmentParticipant* participant = evidence.add_participants();
  participant->set_reference(reference);
  participant->set_organisation(organisation);
  participant->set_capacity(capacity);
  participant->set_profession(profession);
}

}  // namespace

const v1::EligibilityPolicy& Policy() {
  static const v1::PolicyDocument* document =
      new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/national/eligibility.textproto"));
  return document->eligibility();
}

std::vector<std::string> Refusals(const absl::Status& status) { return tests::RuleIdsOf(status); }

v1::Person Adult() {
  v1::Person person;
  person.set_name(kPerson);
  person.set_birth_date("1948-03-15");
  AddResponsibility(kCouncil, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, person);
  AddResponsibility(kIcb, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, person);
  return person;
}

v1::Person Child() {
  v1::Person person = Adult();
  person.set_birth_date("2016-05-04");
  return person;
}

v1::AssessmentEvidence JointEvidence() {
  using Participant = v1::AssessmentParticipant;
  v1::AssessmentEvidence evidence;
  evidence.set_assessment_date("2026-11-02");
  AddParticipant("nurse-1", kIcb, Participant::CAPACITY_HEALTHCARE_PROFESSIONAL, "registered_nurse",
                 evidence);
  AddParticipant("therapist-1", kIcb, Participant::CAPACITY_HEALTHCARE_PROFESSIONAL, "occupational_therapist",
                 evidence);
  AddParticipant("worker-1", kCouncil, Participant::CAPACITY_COUNCIL_ASSESSOR, "social_worker", evidence);
  return evidence;
}

v1::CareActEvidence CareAct(int unable) {
  v1::CareActEvidence evidence;
  evidence.set_needs_from_impairment(true);
  for (int code = 1; code <= 10; ++code) {
    v1::OutcomeRecord* record = evidence.add_outcomes();
    record->set_outcome(static_cast<v1::CareActOutcome>(code));
    record->set_typical(code <= unable ? v1::ACHIEVEMENT_UNABLE : v1::ACHIEVEMENT_ABLE);
    if (code <= unable) record->add_meanings(v1::UNABLE_MEANING_NEEDS_ASSISTANCE);
  }
  evidence.set_significant_impact(true);
  evidence.add_well_being_areas(v1::WELL_BEING_AREA_DIGNITY);
  evidence.set_impact_narrative("Spends the day unwashed and without a hot meal, and is distressed by it.");
  return evidence;
}

v1::CarerEvidence Carer(int unable) {
  v1::CarerEvidence evidence;
  evidence.set_adult_council(kCouncil);
  evidence.set_needs_from_necessary_care(true);
  for (int code = v1::CARER_OUTCOME_CHILDCARE; code <= v1::CARER_OUTCOME_RECREATION; ++code) {
    v1::CarerOutcomeRecord* record = evidence.add_outcomes();
    record->set_outcome(static_cast<v1::CarerOutcome>(code));
    record->set_typical(code <= unable ? v1::ACHIEVEMENT_UNABLE : v1::ACHIEVEMENT_ABLE);
    if (code <= unable) record->add_meanings(v1::CARER_UNABLE_MEANING_NEEDS_ASSISTANCE);
  }
  evidence.set_significant_impact(true);
  evidence.add_well_being_areas(v1::WELL_BEING_AREA_HEALTH);
  evidence.set_impact_narrative("Has not slept through a night since spring.");
  return evidence;
}

v1::ChildrensContinuingCareEvidence ChildrensTool() {
  v1::ChildrensContinuingCareEvidence tool;
  tool.set_completed_date("2026-11-02");
  tool.set_nominated_assessor("nurse-1");
  tool.mutable_consent()->set_basis(v1::ChildConsent::BASIS_PARENT);
  tool.mutable_consent()->set_consent_date("2026-10-20");
  tool.set_preferences("To be cared for at home and to stay at the same school.");
  tool.set_holistic_assessment("Lives with both parents and a sister; the home has been adapted.");
  tool.set_professional_reports("Reports of the paediatrician, the school nurse and the therapists.");
  for (int code = v1::CHILD_CARE_DOMAIN_BREATHING; code <= v1::CHILD_CARE_DOMAIN_BEHAVIOUR; ++code) {
    v1::ChildDomainAssessment* domain = tool.add_domains();
    domain->set_domain(static_cast<v1::ChildCareDomain>(code));
    domain->set_level(v1::NEED_LEVEL_NO_NEEDS);
  }
  return tool;
}

v1::NursingCareEvidence NursingCare() {
  v1::NursingCareEvidence evidence;
  evidence.set_assessed_date("2026-11-02");
  evidence.set_registered_nurse("nurse-1");
  evidence.set_needs_registered_nurse(true);
  evidence.set_care_home_with_nursing(true);
  evidence.set_continuing_healthcare(v1::CONTINUING_HEALTHCARE_CONSIDERED_NEGATIVE_CHECKLIST);
  evidence.set_continuing_healthcare_date("2026-10-26");
  return evidence;
}

v1::AfterCareEvidence AfterCare() {
  v1::AfterCareEvidence evidence;
  evidence.set_route(v1::AFTER_CARE_ROUTE_SECTION_3);
  evidence.set_detained_date("2026-06-01");
  evidence.set_detention_ended_date("2026-09-01");
  evidence.set_left_hospital_date("2026-09-20");
  evidence.set_residence_council(kCouncil);
  return evidence;
}

v1::ChecklistEvidence Checklist(int a, int b) {
  v1::ChecklistEvidence evidence;
  evidence.set_completed_date("2026-11-02");
  for (int code = v1::CARE_DOMAIN_BREATHING; code <= v1::CARE_DOMAIN_CONSCIOUSNESS; ++code) {
    const bool asterisked = code == v1::CARE_DOMAIN_BREATHING || code >= v1::CARE_DOMAIN_BEHAVIOUR;
    v1::ChecklistDomain* domain = evidence.add_domains();
    domain->set_domain(static_cast<v1::CareDomain>(code));
    domain->set_score(v1::CHECKLIST_SCORE_C);
    if (asterisked) continue;
    if (a > 0) {
      domain->set_score(v1::CHECKLIST_SCORE_A);
      --a;
    } else if (b > 0) {
      domain->set_score(v1::CHECKLIST_SCORE_B);
      --b;
    }
  }
  return evidence;
}

v1::DecisionSupportToolEvidence Tool() {
  v1::DecisionSupportToolEvidence tool;
  tool.set_completed_date("2026-11-02");
  tool.set_involvement("Was there throughout with a daughter, and said what the nights are like.");
  for (int code = v1::CARE_DOMAIN_BREATHING; code <= v1::CARE_DOMAIN_CONSCIOUSNESS; ++code) {
    v1::DomainAssessment* domain = tool.add_domains();
    domain->set_domain(static_cast<v1::CareDomain>(code));
    domain->set_level(v1::NEED_LEVEL_NO_NEEDS);
  }
  for (int code = v1::KEY_INDICATOR_NATURE; code <= v1::KEY_INDICATOR_UNPREDICTABILITY; ++code) {
    v1::IndicatorAssessment* indicator = tool.add_indicators();
    indicator->set_indicator(static_cast<v1::KeyIndicator>(code));
    indicator->set_concern(v1::IndicatorAssessment::CONCERN_MEDIUM);
    indicator->set_narrative("Considered by the team across all domains.");
  }
  return tool;
}

v1::DomainAssessment& DomainOf(v1::CareDomain domain, v1::DecisionSupportToolEvidence& tool) {
  for (v1::DomainAssessment& found : *tool.mutable_domains()) {
    if (found.domain() == domain) return found;
  }
  v1::DomainAssessment* added = tool.add_domains();
  added->set_domain(domain);
  return *added;
}

v1::FastTrackEvidence FastTrack() {
  v1::FastTrackEvidence tool;
  tool.set_received_date("2026-11-02");
  tool.set_clinician("nurse-1");
  tool.set_appropriate_clinician(true);
  tool.set_rapidly_deteriorating(true);
  tool.set_reasons("Rapid decline over two weeks.");
  return tool;
}

v1::ChildrensFastTrackEvidence ChildrensFastTrack() {
  v1::ChildrensFastTrackEvidence track;
  track.set_received_date("2026-11-02");
  track.set_clinician("nurse-1");
  track.set_appropriate_clinician(true);
  track.set_rapidly_deteriorating(true);
  track.set_reasons("The tumour does not respond any more.");
  track.mutable_consent()->set_basis(v1::ChildConsent::BASIS_PARENT);
  track.mutable_consent()->set_consent_date("2026-10-20");
  return track;
}

v1::Assessment Complete(const v1::AssessmentEvidence& evidence, const std::string& name,
                        const v1::EligibilityPolicy& policy) {
  const absl::StatusOr<Evaluation> evaluation = Evaluate(evidence, policy);
  EXPECT_TRUE(evaluation.ok()) << evaluation.status();
  v1::Assessment assessment;
  assessment.set_name(name);
  assessment.set_state(v1::Assessment::STATE_COMPLETE);
  *assessment.mutable_evidence() = evidence;
  if (evaluation.ok()) *assessment.mutable_findings() = evaluation->findings;
  return assessment;
}

DeterminationFacts FactsOf(v1::CallerKind kind, const v1::AssessmentEvidence& evidence) {
  DeterminationFacts facts;
  facts.person = Adult();
  facts.caller_kind = kind;
  facts.by = By(kind == v1::CALLER_KIND_COUNCIL ? kCouncil : kIcb, "assessor-1");
  facts.new_name = DeterminationName(1);
  facts.assessments = {Complete(evidence, AssessmentName(1))};
  return facts;
}

v1::RecordRecommendationRequest Recommending(v1::EligibilityRegime regime, v1::EligibilityOutcome outcome) {
  v1::RecordRecommendationRequest request;
  request.set_regime(regime);
  request.set_assessment(AssessmentName(1));
  request.set_outcome(outcome);
  return request;
}

v1::HumanDecision By(const std::string& organisation, const std::string& decider,
                     const std::string& reasons) {
  v1::HumanDecision decision;
  decision.set_organisation(organisation);
  decision.set_decider(decider);
  decision.set_role("decision_maker");
  decision.set_reasons(reasons);
  return decision;
}

v1::Determination Decided(const std::string& name, v1::EligibilityRegime regime,
                          v1::EligibilityOutcome outcome, const std::string& organisation) {
  v1::Determination determination;
  determination.set_name(name);
  determination.set_state(v1::Determination::STATE_DETERMINED);
  determination.set_regime(regime);
  determination.set_assessment(AssessmentName(90));
  determination.set_recommended_outcome(outcome);
  determination.set_outcome(outcome);
  *determination.mutable_decision() = By(organisation, "decider-9");
  determination.mutable_decision()->set_decision_date("2026-06-01");
  determination.set_effective_from_date("2026-06-01");
  determination.add_state_changes()->set_state(v1::Determination::STATE_RECOMMENDED);
  determination.add_state_changes()->set_state(v1::Determination::STATE_DETERMINED);
  return determination;
}

std::string RequestName(int n) { return absl::StrCat(kPerson, "/requests/", n); }

std::string AssessmentName(int n) { return absl::StrCat(kPerson, "/assessments/", n); }

std::string DeterminationName(int n) { return absl::StrCat(kPerson, "/determinations/", n); }

}  // namespace ipb::eligibility
