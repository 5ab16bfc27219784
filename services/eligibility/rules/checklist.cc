#include "services/eligibility/rules/checklist.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kTool = "NHS Continuing Healthcare Checklist, July 2022";

constexpr explain::Rule kMissing{"CHECKLIST-DOMAIN-MISSING", "Not scored: {domains}", kTool,
                                 "score each of the eleven domains A, B or C."};
constexpr explain::Rule kTwice{"CHECKLIST-DOMAIN-TWICE", "The domain {domain} is scored more than once",
                               kTool, "score each domain once."};
constexpr explain::Rule kNoDomain{"CHECKLIST-DOMAIN-UNKNOWN", "The checklist has no domain {domain}", kTool,
                                  "leave it to the decision support tool."};
constexpr explain::Rule kReasons{"CHECKLIST-JUDGEMENT-REASONS",
                                 "A referral below the thresholds is made without reasons", kTool,
                                 "say why a full assessment is justified."};

constexpr explain::Rule kWaiver{
    "CHECKLIST-WAIVER",
    "The checklist is said not to be required, although it was completed, or for a reason that does not "
    "count or of "
    "which the assessment shows nothing",
    "National Framework, July 2022: when a checklist is not required",
    "leave out the reason or the checklist; for a fast track or for after-care record that part, too."};
constexpr explain::Rule kWaived{"CHECKLIST-NOT-REQUIRED", "No checklist is required: {waiver}.",
                                "National Framework, July 2022: when a checklist is not required"};

constexpr explain::Rule kScores{
    "CHECKLIST-SCORES",
    "{a_domains} domains are scored A, {asterisked_a_domains} of them asterisked, and "
    "{b_domains} are scored B.",
    kTool, "", v1::PURPOSE_HEALTH};
constexpr explain::Rule kThreshold{
    "CHECKLIST-THRESHOLD", "The threshold {threshold} is met: at least {minimum_a} A and {minimum_b} B.",
    kTool, "", v1::PURPOSE_HEALTH};
constexpr explain::Rule kPositive{
    "CHECKLIST-POSITIVE",
    "The checklist is positive: a full assessment of eligibility for NHS continuing "
    "healthcare is required. It does not mean that the person is eligible.",
    "SI 2012/2996 reg 21(2)"};
constexpr explain::Rule kJudgement{
    "CHECKLIST-POSITIVE-BY-JUDGEMENT",
    "The thresholds are not met, and a full assessment is required by judgement, for the "
    "reasons recorded.",
    "SI 2012/2996 reg 21(2)"};
constexpr explain::Rule kNegative{
    "CHECKLIST-NEGATIVE",
    "The checklist is negative: no full assessment is required, and the person is not "
    "eligible for NHS continuing healthcare at this time.",
    kTool};

// How many domains have which score. An A may stand for a B: a threshold's B domains are those left after its
// A ones.
struct Scores {
  int a = 0;
  int asterisked_a = 0;
  int b = 0;
};

int Times(const v1::ChecklistEvidence& evidence, v1::CareDomain domain) {
  int times = 0;
  for (const v1::ChecklistDomain& scored : evidence.domains()) {
    times += scored.domain() == domain && scored.score() != v1::CHECKLIST_SCORE_UNSPECIFIED;
  }
  return times;
}

absl::StatusOr<Scores> Count(const v1::ChecklistEvidence& evidence, const v1::EligibilityPolicy& policy,
                             absl::CivilDay day, explain::Refusal& refusal) {
  Scores scores;
  for (const v1::ChecklistDomain& scored : evidence.domains()) {
    const v1::CareDomainRule* rule =
        dates::InEffect(policy.care_domains(), day,
                        [&](const v1::CareDomainRule& row) { return row.domain() == scored.domain(); });
    if (rule == nullptr) return errors::NoRate("care domains of the checklist", dates::Format(day));
    if (!rule->on_checklist()) {
      refusal.Add(kNoDomain, "checklist", {{"domain", std::string(Words(scored.domain()))}});
      continue;
    }
    scores.a += scored.score() == v1::CHECKLIST_SCORE_A;
    scores.asterisked_a += scored.score() == v1::CHECKLIST_SCORE_A && rule->asterisked();
    scores.b += scored.score() == v1::CHECKLIST_SCORE_B;
  }
  return scores;
}

void CheckCompleteness(const v1::ChecklistEvidence& evidence, const v1::EligibilityPolicy& policy,
                       absl::CivilDay day, explain::Refusal& refusal) {
  std::vector<absl::string_view> missing;
  for (const v1::CareDomainRule& rule : policy.care_domains()) {
    if (!dates::Holds(rule, day) || !rule.on_checklist()) {
      continue;
    }
    const int times = Times(evidence, rule.domain());
    if (times == 0) missing.push_back(Words(rule.domain()));
    if (times > 1) refusal.Add(kTwice, "checklist", {{"domain", std::string(Words(rule.domain()))}});
  }
  if (!missing.empty()) refusal.Add(kMissing, "checklist", {{"domains", absl::StrJoin(missing, "; ")}});
}

bool Meets(const Scores& scores, const v1::ChecklistThreshold& threshold) {
  const int a = threshold.asterisked_only() ? scores.asterisked_a : scores.a;
  if (a < threshold.minimum_a()) return false;
  return scores.b + (scores.a - threshold.minimum_a()) >= threshold.minimum_b();
}

v1::ChecklistFinding::Result Conclude(bool met, bool by_judgement, explain::Trace& trace) {
  if (met) {
    trace.Add(kPositive, {}, "positive");
    return v1::ChecklistFinding::RESULT_POSITIVE;
  }
  if (by_judgement) {
    trace.Add(kJudgement, {}, "positive by judgement");
    return v1::ChecklistFinding::RESULT_POSITIVE_BY_JUDGEMENT;
  }
  trace.Add(kNegative, {}, "negative");
  return v1::ChecklistFinding::RESULT_NEGATIVE;
}

}  // namespace

absl::StatusOr<v1::ChecklistFinding> EvaluateChecklist(const v1::ChecklistEvidence& evidence,
                                                       const v1::EligibilityPolicy& policy,
                                                       explain::Refusal& refusal, explain::Trace& trace) {
  const absl::CivilDay day = dates::Checked(evidence.completed_date());
  if (dates::InEffect(policy.checklist_thresholds(), day) == nullptr) {
    return errors::NoRate("thresholds of the checklist", dates::Format(day));
  }
  IPB_ASSIGN_OR_RETURN(const Scores scores, Count(evidence, policy, day, refusal));
  CheckCompleteness(evidence, policy, day, refusal);
  if (evidence.positive_by_judgement() && evidence.judgement_reasons().empty())
    refusal.Add(kReasons, "checklist");

  trace.Add(kScores, {{"a_domains", int64_t{scores.a}},
                      {"asterisked_a_domains", int64_t{scores.asterisked_a}},
                      {"b_domains", int64_t{scores.b}}});
  v1::ChecklistFinding finding;
  for (const v1::ChecklistThreshold& threshold : policy.checklist_thresholds()) {
    if (!dates::Holds(threshold, day)) continue;
    if (!Meets(scores, threshold)) continue;
    finding.add_thresholds_met(threshold.id());
    trace.Add(kThreshold, {{"threshold", threshold.id()},
                           {"minimum_a", int64_t{threshold.minimum_a()}},
                           {"minimum_b", int64_t{threshold.minimum_b()}}});
  }
  finding.set_result(Conclude(!finding.thresholds_met().empty(), evidence.positive_by_judgement(), trace));
  return finding;
}

void CheckWaiver(const v1::AssessmentEvidence& evidence, const v1::EligibilityPolicy& policy,
                 explain::Refusal& refusal, explain::Trace& trace) {
  const v1::ChecklistWaiver waiver = evidence.checklist_waiver();
  if (waiver == v1::CHECKLIST_WAIVER_UNSPECIFIED) return;
  const bool counts =
      dates::InEffect(policy.checklist_waivers(), dates::Checked(evidence.assessment_date()),
                      [&](const v1::ChecklistWaiverRule& row) { return row.waiver() == waiver; }) != nullptr;
  const bool shown = (waiver != v1::CHECKLIST_WAIVER_FAST_TRACK || evidence.has_fast_track()) &&
                     (waiver != v1::CHECKLIST_WAIVER_AFTER_CARE || evidence.has_after_care());
  if (!counts || !shown || evidence.has_checklist()) refusal.Add(kWaiver, "checklist_waiver");
  trace.Add(kWaived, {{"waiver", std::string(Words(waiver))}});
}

}  // namespace ipb::eligibility
