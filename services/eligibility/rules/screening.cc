#include "services/eligibility/rules/screening.h"

#include <algorithm>
#include <string>

#include "common/dates/civil.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kFramework = "SI 2012/2996 reg 21(2), (4)-(5); National Framework, July 2022";

constexpr explain::Rule kMissing{
    "CHECKLIST-FIRST",
    "The decision support tool of {tool_date} was used without a positive checklist before it, and without a "
    "reason on record for none",
    kFramework,
    "record the positive checklist that came before it, as an assessment of its own or the request that is "
    "answered, or in an assessment why none is required: a fast track tool, after-care that covers the need, "
    "or "
    "that it was agreed."};

constexpr explain::Rule kScreened{
    "CHECKLIST-SCREENED", "A positive checklist of {checklist_date} came before the decision support tool.",
    kFramework};
constexpr explain::Rule kWaived{
    "CHECKLIST-WAIVED", "The decision support tool was used without a checklist: {waiver}.", kFramework};
constexpr explain::Rule kReceived{
    "CHECKLIST-RECEIVED",
    "A positive checklist, or other notice that the person may be eligible, was received on {received_date}.",
    kFramework};
constexpr explain::Rule kReassessed{
    "CHECKLIST-REASSESSMENT", "The person is eligible already, and is assessed again without a checklist.",
    "National Framework, July 2022: reviews"};

bool IsPositive(const v1::ChecklistFinding& finding) {
  return finding.result() == v1::ChecklistFinding::RESULT_POSITIVE ||
         finding.result() == v1::ChecklistFinding::RESULT_POSITIVE_BY_JUDGEMENT;
}

bool IsEligibleAlready(const DeterminationFacts& facts) {
  return std::any_of(facts.others.begin(), facts.others.end(), [](const v1::Determination& other) {
    return other.regime() == v1::ELIGIBILITY_REGIME_CHC && IsLive(other) &&
           other.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
  });
}

// Whether what was screened on the day was answered since by a decision that stands.
bool IsAnswered(const DeterminationFacts& facts, const std::string& screened_date) {
  return std::any_of(facts.others.begin(), facts.others.end(), [&](const v1::Determination& other) {
    return other.regime() == v1::ELIGIBILITY_REGIME_CHC &&
           other.outcome() == v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE &&
           other.state() != v1::Determination::STATE_OVERTURNED &&
           other.end_reason() != v1::Determination::END_REASON_RECORDED_IN_ERROR &&
           other.decision().decision_date() >= screened_date;
  });
}

}  // namespace

void CheckScreened(const DeterminationFacts& facts, const v1::Assessment& assessment,
                   explain::Refusal& refusal, explain::Trace& trace) {
  if (IsEligibleAlready(facts)) return trace.Add(kReassessed);
  const std::string& tool_date = assessment.evidence().decision_support_tool().completed_date();
  const auto in_time = [&](const std::string& date) { return date <= tool_date && !IsAnswered(facts, date); };
  for (const v1::Assessment& one : facts.assessments) {
    if (one.state() != v1::Assessment::STATE_COMPLETE) continue;
    const v1::AssessmentEvidence& evidence = one.evidence();
    if (IsPositive(one.findings().checklist()) && in_time(evidence.checklist().completed_date())) {
      return trace.Add(kScreened,
                       {{"checklist_date", dates::Checked(evidence.checklist().completed_date())}});
    }
    if (evidence.checklist_waiver() != v1::CHECKLIST_WAIVER_UNSPECIFIED &&
        in_time(evidence.assessment_date())) {
      return trace.Add(kWaived, {{"waiver", std::string(Words(evidence.checklist_waiver()))}});
    }
  }
  const v1::SupportRequest& answered = facts.request;
  if (answered.kind() == v1::SupportRequest::KIND_CHC_CHECKLIST && in_time(answered.received_date())) {
    return trace.Add(kReceived, {{"received_date", dates::Checked(answered.received_date())}});
  }
  refusal.Add(kMissing, assessment.name(), {{"tool_date", dates::Checked(tool_date)}});
}

}  // namespace ipb::eligibility
