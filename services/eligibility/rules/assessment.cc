#include "services/eligibility/rules/assessment.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "google/protobuf/util/field_mask_util.h"
#include "services/eligibility/rules/evaluation.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kFuture{"ASSESSMENT-DATE-FUTURE", "The date of {part} is in the future: {part_date}",
                                "Care Act 2014 s9; SI 2012/2996 reg 21", "record it when it has happened."};
constexpr explain::Rule kHidden{
    "ASSESSMENT-PART-HIDDEN",
    "The part {part} holds clinical detail that is hidden outside the NHS, and is recorded",
    "UK GDPR Article 5(1)(b), (d)", "ask the NHS body to change it."};
constexpr explain::Rule kHiddenFaults{
    "ASSESSMENT-PART-HIDDEN-FAULTS",
    "A part that the NHS recorded, whose clinical detail is hidden outside it, lacks something or "
    "contradicts itself",
    "UK GDPR Article 5(1)(b); SI 2012/2996 reg 21", "ask the NHS body to put it right and to complete it."};

void CheckDate(absl::string_view part, const std::string& date, absl::CivilDay today,
               explain::Refusal& refusal) {
  if (date.empty() || dates::Checked(date) <= today) return;
  refusal.Add(kFuture, "evidence", {{"part", std::string(part)}, {"part_date", dates::Checked(date)}});
}

void CheckDates(const v1::AssessmentEvidence& evidence, absl::CivilDay today, explain::Refusal& refusal) {
  CheckDate("the assessment", evidence.assessment_date(), today, refusal);
  CheckDate("the checklist", evidence.checklist().completed_date(), today, refusal);
  CheckDate("the decision support tool", evidence.decision_support_tool().completed_date(), today, refusal);
  CheckDate("the fast track tool", evidence.fast_track().received_date(), today, refusal);
  CheckDate("the children's tool", evidence.childrens_continuing_care().completed_date(), today, refusal);
  CheckDate("the child's fast track", evidence.childrens_fast_track().received_date(), today, refusal);
  CheckDate("the nursing assessment", evidence.nursing_care().assessed_date(), today, refusal);
  CheckDate("leaving hospital", evidence.after_care().left_hospital_date(), today, refusal);
}

// The parts on record whose content is hidden outside the NHS.
std::vector<std::string> HiddenParts(const v1::AssessmentEvidence& evidence) {
  std::vector<std::string> parts;
  for (const char* part : {"checklist", "decision_support_tool", "fast_track", "wheelchair",
                           "childrens_continuing_care", "nursing_care", "childrens_fast_track"}) {
    const auto* field = v1::AssessmentEvidence::descriptor()->FindFieldByName(part);
    if (evidence.GetReflection()->HasField(evidence, field)) parts.push_back(part);
  }
  return parts;
}

// The faults as they may be told to a caller from whom parts are hidden: of those parts only that there are
// any.
absl::Status Tell(absl::Status faults, v1::AssessmentEvidence evidence,
                  const std::vector<std::string>& hidden, const v1::EligibilityPolicy& policy) {
  if (hidden.empty()) return faults;
  for (const std::string& part : hidden) {
    evidence.GetReflection()->ClearField(&evidence,
                                         v1::AssessmentEvidence::descriptor()->FindFieldByName(part));
  }
  // Whether the checklist is needed shows in the parts that are hidden.
  evidence.clear_checklist_waiver();
  if (HasPart(evidence)) {
    IPB_RETURN_IF_ERROR(Evaluate(evidence, policy).status());
  }
  explain::Refusal refusal;
  refusal.Add(kHiddenFaults, "evidence");
  return refusal.ToStatus();
}

absl::StatusOr<AssessmentDecision> Finish(v1::Assessment assessment, bool complete,
                                          const std::vector<std::string>& hidden,
                                          const v1::EligibilityPolicy& policy, absl::CivilDay today) {
  explain::Refusal refusal;
  CheckDates(assessment.evidence(), today, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  AssessmentDecision decision{std::move(assessment), {}};
  decision.assessment.set_state(v1::Assessment::STATE_DRAFT);
  if (!complete) return decision;
  absl::StatusOr<Evaluation> evaluation = Evaluate(decision.assessment.evidence(), policy);
  if (!evaluation.ok()) return Tell(evaluation.status(), decision.assessment.evidence(), hidden, policy);
  decision.assessment.set_state(v1::Assessment::STATE_COMPLETE);
  decision.assessment.set_completed_date(dates::Format(today));
  *decision.assessment.mutable_findings() = std::move(evaluation->findings);
  decision.trace = std::move(evaluation->trace);
  return decision;
}

}  // namespace

absl::StatusOr<AssessmentDecision> DecideRecording(const AssessmentFacts& facts,
                                                   const v1::RecordAssessmentRequest& request,
                                                   const v1::EligibilityPolicy& policy,
                                                   absl::CivilDay today) {
  v1::Assessment assessment;
  *assessment.mutable_evidence() = request.evidence();
  *assessment.mutable_requests() = request.requests();
  assessment.set_organisation(facts.organisation);
  return Finish(std::move(assessment), request.complete(), {}, policy, today);
}

absl::StatusOr<AssessmentDecision> DecideUpdate(const AssessmentFacts& facts,
                                                const v1::UpdateAssessmentRequest& request,
                                                const v1::EligibilityPolicy& policy, absl::CivilDay today) {
  if (facts.assessment.state() != v1::Assessment::STATE_DRAFT) {
    return errors::WrongState(facts.assessment.name(), "COMPLETE", "DRAFT");
  }
  // Who is outside the NHS cannot see what they would overwrite in these.
  std::vector<std::string> hidden;
  if (facts.caller_kind != v1::CALLER_KIND_NHS) hidden = HiddenParts(facts.assessment.evidence());
  std::vector<errors::FieldViolation> unknown;
  explain::Refusal refusal;
  for (const std::string& path : request.update_mask().paths()) {
    if (v1::AssessmentEvidence::descriptor()->FindFieldByName(path) == nullptr) {
      unknown.push_back({"update_mask", absl::StrCat(path, " is not a field of AssessmentEvidence")});
    } else if (std::find(hidden.begin(), hidden.end(), path) != hidden.end()) {
      refusal.Add(kHidden, path, {{"part", path}});
    }
  }
  if (!unknown.empty()) return errors::InvalidFields(unknown);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::Assessment assessment = facts.assessment;
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(request.evidence(), request.update_mask(), options,
                                                        assessment.mutable_evidence());
  return Finish(std::move(assessment), request.complete(), hidden, policy, today);
}

}  // namespace ipb::eligibility
