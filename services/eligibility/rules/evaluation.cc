#include "services/eligibility/rules/evaluation.h"

#include <set>
#include <string>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/care_act.h"
#include "services/eligibility/rules/carer.h"
#include "services/eligibility/rules/checklist.h"
#include "services/eligibility/rules/childrens_continuing_care.h"
#include "services/eligibility/rules/childrens_fast_track.h"
#include "services/eligibility/rules/cohort.h"
#include "services/eligibility/rules/decision_support_tool.h"
#include "services/eligibility/rules/nursing_care.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kEmpty{"ASSESSMENT-EMPTY", "The assessment has no part",
                               "Care Act 2014 s9; SI 2012/2996 reg 21", "record at least one part."};
constexpr explain::Rule kNobody{"ASSESSMENT-PARTICIPANTS",
                                "Nobody is recorded as having taken part in the assessment",
                                "SI 2014/2827 reg 5; SI 2012/2996 reg 21", "record who assessed."};
constexpr explain::Rule kReference{"ASSESSMENT-PARTICIPANT-TWICE",
                                   "The participant {participant} is listed twice", "SI 2012/2996 reg 21(13)",
                                   "list each participant once."};
constexpr explain::Rule kGroup{"DISCRETION-GROUP", "It is not said to which group the person belongs",
                               "NHS Act 2006 s3; NHS England, personal health budgets",
                               "name the group; for anyone else, OTHER."};
constexpr explain::Rule kBenefit{"DISCRETION-BENEFIT",
                                 "A budget at the integrated care board's discretion is proposed: {answer}.",
                                 "NHS Act 2006 s3; Think Local Act Personal, personal health budgets"};

void CheckParticipants(const v1::AssessmentEvidence& evidence, explain::Refusal& refusal) {
  if (evidence.participants().empty()) refusal.Add(kNobody, "participants");
  std::set<std::string> references;
  for (const v1::AssessmentParticipant& participant : evidence.participants()) {
    if (references.insert(participant.reference()).second) continue;
    refusal.Add(kReference, "participants", {{"participant", participant.reference()}});
  }
}

}  // namespace

bool HasPart(const v1::AssessmentEvidence& evidence) {
  return evidence.has_care_act() || evidence.has_checklist() || evidence.has_decision_support_tool() ||
         evidence.has_fast_track() || evidence.has_after_care() || evidence.has_wheelchair() ||
         evidence.has_discretionary_budget() || evidence.has_carer() ||
         evidence.has_childrens_continuing_care() || evidence.has_nursing_care() ||
         evidence.has_childrens_fast_track();
}

absl::StatusOr<Evaluation> Evaluate(const v1::AssessmentEvidence& evidence,
                                    const v1::EligibilityPolicy& policy) {
  const absl::CivilDay day = dates::Checked(evidence.assessment_date());
  Evaluation evaluation;
  explain::Refusal refusal;
  v1::EligibilityFindings& findings = evaluation.findings;
  explain::Trace& trace = evaluation.trace;
  if (!HasPart(evidence)) refusal.Add(kEmpty, "evidence");
  CheckParticipants(evidence, refusal);
  if (evidence.has_care_act()) {
    IPB_ASSIGN_OR_RETURN(*findings.mutable_care_act(),
                         EvaluateCareAct(evidence.care_act(), policy, day, refusal, trace));
  }
  if (evidence.has_carer()) {
    IPB_ASSIGN_OR_RETURN(*findings.mutable_carer(),
                         EvaluateCarer(evidence.carer(), policy, day, refusal, trace));
  }
  if (evidence.has_checklist()) {
    IPB_ASSIGN_OR_RETURN(*findings.mutable_checklist(),
                         EvaluateChecklist(evidence.checklist(), policy, refusal, trace));
  }
  if (evidence.has_decision_support_tool()) {
    IPB_ASSIGN_OR_RETURN(*findings.mutable_decision_support_tool(),
                         EvaluateDecisionSupportTool(evidence, policy, refusal, trace));
  }
  if (evidence.has_childrens_continuing_care()) {
    IPB_ASSIGN_OR_RETURN(*findings.mutable_childrens_continuing_care(),
                         EvaluateChildrensContinuingCare(evidence, policy, refusal, trace));
  }
  if (evidence.has_nursing_care()) {
    IPB_ASSIGN_OR_RETURN(*findings.mutable_nursing_care(),
                         EvaluateNursingCare(evidence, policy, refusal, trace));
  }
  if (evidence.has_fast_track()) findings.set_fast_track_binding(EvaluateFastTrack(evidence, refusal, trace));
  if (evidence.has_childrens_fast_track()) {
    findings.set_childrens_fast_track_met(EvaluateChildrensFastTrack(evidence, refusal, trace));
  }
  if (evidence.has_after_care()) {
    IPB_ASSIGN_OR_RETURN(AfterCareFinding found,
                         EvaluateAfterCare(evidence.after_care(), policy, day, refusal, trace));
    findings.set_after_care_qualifies(found.qualifies);
    if (found.qualifies) {
      findings.set_after_care_council(std::move(found.council));
      findings.set_after_care_needs(CountAfterCareNeeds(evidence.after_care(), trace));
    }
  }
  if (evidence.has_wheelchair())
    findings.set_wheelchair_qualifies(EvaluateWheelchair(evidence.wheelchair(), trace));
  CheckWaiver(evidence, policy, refusal, trace);
  if (evidence.has_discretionary_budget()) {
    if (evidence.discretionary_budget().group() == v1::DISCRETIONARY_GROUP_UNSPECIFIED) {
      refusal.Add(kGroup, "discretionary_budget");
    }
    trace.Add(kBenefit, {{"answer", evidence.discretionary_budget().expected_benefit()}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  return evaluation;
}

}  // namespace ipb::eligibility
