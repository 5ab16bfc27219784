#include "tests/handlers/eligibility/requests.h"

#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {

v1::AssessmentEvidence WholeEvidence() {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_care_act() = CareAct(4);
  *evidence.mutable_checklist() = Checklist(2, 0);
  *evidence.mutable_decision_support_tool() = Tool();
  DomainOf(v1::CARE_DOMAIN_COGNITION, *evidence.mutable_decision_support_tool())
      .set_level(v1::NEED_LEVEL_SEVERE);
  return evidence;
}

v1::ReceiveRequestRequest Asking(const std::string& person, v1::SupportRequest::Kind kind) {
  v1::ReceiveRequestRequest request;
  request.set_parent(person);
  request.set_kind(kind);
  return request;
}

v1::RecordAssessmentRequest Assessing(const std::string& person, const v1::AssessmentEvidence& evidence) {
  v1::RecordAssessmentRequest request;
  request.set_parent(person);
  *request.mutable_evidence() = evidence;
  return request;
}

v1::RecordRecommendationRequest Recommending(const std::string& person, v1::EligibilityRegime regime,
                                             const std::string& assessment, v1::EligibilityOutcome outcome) {
  v1::RecordRecommendationRequest request;
  request.set_parent(person);
  request.set_regime(regime);
  request.set_assessment(assessment);
  request.set_outcome(outcome);
  request.mutable_recommendation()->set_reasons("As the team found when it met the person.");
  return request;
}

}  // namespace ipb::eligibility
