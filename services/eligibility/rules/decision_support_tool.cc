#include "services/eligibility/rules/decision_support_tool.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "services/eligibility/rules/participants.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kTool = "Decision Support Tool, July 2022";

constexpr explain::Rule kMissing{"DST-DOMAIN-MISSING", "Without a level: {domains}", kTool,
                                 "record for each domain the level that the team found."};
constexpr explain::Rule kTwice{"DST-DOMAIN-TWICE", "The domain {domain} is recorded more than once", kTool,
                               "record each domain once; a need counts in one domain only."};
constexpr explain::Rule kLevel{"DST-LEVEL-NOT-ALLOWED", "The domain {domain} has no level {level}", kTool,
                               "choose a level that the tool has for the domain."};
constexpr explain::Rule kUnmanaged{
    "DST-UNMANAGED-LEVEL",
    "The need in {domain} is well managed, without the level that it would have otherwise",
    "National Framework, July 2022: well-managed needs", "record that level, not below the level found."};
constexpr explain::Rule kReduced{"DST-PERMANENTLY-REDUCED",
                                 "The need in {domain} is said to be permanently reduced without evidence",
                                 "National Framework, July 2022: well-managed needs",
                                 "say what shows that the management has permanently reduced or removed it."};
constexpr explain::Rule kStranger{
    "DST-VIEW-OF-STRANGER", "A differing view on {domain} is of someone who did not take part",
    "Decision Support Tool guidance", "list the member among the participants."};
constexpr explain::Rule kIndicator{"DST-INDICATOR",
                                   "Not reasoned, or more than once: the key indicators {indicators}",
                                   "National Framework, July 2022: primary health need",
                                   "record the team's reasoning on each of the four indicators once."};
constexpr explain::Rule kRationale{
    "DST-RATIONALE", "The team could not agree, and the rationale is not recorded, once each, of: {members}",
    "Decision Support Tool guidance", "record what each member would recommend, and why."};
constexpr explain::Rule kRationaleOfNobody{
    "DST-RATIONALE-NOT-ASKED",
    "A rationale is recorded although the team agreed, or of someone who is no professional or assessor of "
    "the team",
    "Decision Support Tool guidance",
    "record rationales only where the team could not agree, of its members."};
constexpr explain::Rule kInvolvement{
    "DST-INVOLVEMENT", "It is not recorded how the person, or who acts for them, was involved",
    "National Framework, July 2022: consent is no gate, involvement is part of the process",
    "record how they were involved and what they said, or that they were asked and would not take part."};
constexpr explain::Rule kTeam{
    "DST-TEAM",
    "{healthcare_professions} healthcare professions and {council_assessors} council assessors took part",
    "SI 2012/2996 reg 21(13)",
    "a team has two different healthcare professions, or one and an assessor of the council."};
constexpr explain::Rule kClinician{
    "FAST-TRACK-CLINICIAN", "The fast track tool was not completed by an appropriate clinician who took part",
    "SI 2012/2996 reg 21(8), (13)",
    "list the clinician among the participants as a healthcare professional."};
constexpr explain::Rule kCondition{
    "FAST-TRACK-CONDITION",
    "The condition is not one that rapidly deteriorates and may be entering a terminal "
    "phase, or no reasons are given",
    "SI 2012/2996 reg 21(8)", "use the checklist and the decision support tool."};

constexpr explain::Rule kCounted{"DST-DOMAIN",
                                 "In {domain} the level found is {level}, and it counts as {counted_level}.",
                                 kTool, "", v1::PURPOSE_HEALTH};
constexpr explain::Rule kPattern{
    "DST-PATTERN", "{domains} domains count at or above {level}: the pattern {pattern} applies.",
    "Decision Support Tool guidance, 2022", "", v1::PURPOSE_HEALTH};
constexpr explain::Rule kClear{
    "DST-CLEAR",
    "A clear recommendation of eligibility for NHS continuing healthcare would be expected. "
    "The team recommends and the integrated care board decides.",
    "Decision Support Tool guidance, 2022"};
constexpr explain::Rule kMay{
    "DST-MAY-INDICATE",
    "The needs may indicate a primary health need: the team must reason on nature, intensity, "
    "complexity and unpredictability.",
    "Decision Support Tool guidance, 2022"};
constexpr explain::Rule kUnlikely{
    "DST-UNLIKELY", "A primary health need is unlikely on these levels; the team must still give reasons.",
    "Decision Support Tool guidance, 2022"};
constexpr explain::Rule kNotExpected{
    "DST-NOT-EXPECTED", "No domain has needs: a recommendation of not eligible would be expected.",
    "Decision Support Tool guidance, 2022"};
constexpr explain::Rule kNoAgreement{"DST-NO-AGREEMENT",
                                     "The team could not agree on what to recommend; the rationale of each "
                                     "of its {members} members is on record.",
                                     "Decision Support Tool guidance"};
constexpr explain::Rule kBinding{
    "FAST-TRACK-BINDING",
    "A completed fast track tool was received: the integrated care board must decide that "
    "the person is eligible.",
    "SI 2012/2996 reg 21(8)-(9)"};

const v1::CareDomainRule* DomainRule(const v1::EligibilityPolicy& policy, absl::CivilDay day,
                                     v1::CareDomain domain) {
  return dates::InEffect(policy.care_domains(), day,
                         [&](const v1::CareDomainRule& row) { return row.domain() == domain; });
}

bool Allows(const v1::CareDomainRule& rule, int level) {
  return std::find(rule.levels().begin(), rule.levels().end(), level) != rule.levels().end();
}

void CheckLevel(const v1::CareDomainRule& rule, v1::NeedLevel level, explain::Refusal& refusal) {
  if (Allows(rule, level)) return;
  refusal.Add(kLevel, "decision_support_tool",
              {{"domain", std::string(Words(rule.domain()))}, {"level", std::string(Words(level))}});
}

void CheckDomain(const v1::AssessmentEvidence& evidence, const v1::DomainAssessment& domain,
                 const v1::CareDomainRule& rule, explain::Refusal& refusal) {
  const explain::Inputs inputs = {{"domain", std::string(Words(domain.domain()))}};
  CheckLevel(rule, domain.level(), refusal);
  for (const v1::DifferingView& view : domain.differing_views()) {
    CheckLevel(rule, view.level(), refusal);
    if (Participant(evidence, view.participant()) == nullptr)
      refusal.Add(kStranger, "decision_support_tool", inputs);
  }
  if (domain.well_managed()) {
    if (domain.level_if_unmanaged() < domain.level()) {
      refusal.Add(kUnmanaged, "decision_support_tool", inputs);
    } else {
      CheckLevel(rule, domain.level_if_unmanaged(), refusal);
    }
  }
  if (domain.permanently_reduced() && domain.permanently_reduced_reasons().empty()) {
    refusal.Add(kReduced, "decision_support_tool", inputs);
  }
}

void CheckCompleteness(const v1::DecisionSupportToolEvidence& tool, const v1::EligibilityPolicy& policy,
                       absl::CivilDay day, explain::Refusal& refusal) {
  std::vector<absl::string_view> missing;
  for (int code = v1::CARE_DOMAIN_BREATHING; code <= v1::CARE_DOMAIN_OTHER; ++code) {
    const v1::CareDomainRule* rule = DomainRule(policy, day, static_cast<v1::CareDomain>(code));
    if (rule == nullptr) continue;
    const auto times =
        std::count_if(tool.domains().begin(), tool.domains().end(),
                      [&](const v1::DomainAssessment& domain) { return domain.domain() == code; });
    const absl::string_view domain = Words(rule->domain());
    if (times == 0 && !rule->optional()) missing.push_back(domain);
    if (times > 1) refusal.Add(kTwice, "decision_support_tool", {{"domain", std::string(domain)}});
  }
  if (!missing.empty()) {
    refusal.Add(kMissing, "decision_support_tool", {{"domains", absl::StrJoin(missing, "; ")}});
  }
  std::vector<absl::string_view> unreasoned;
  for (int code = v1::KEY_INDICATOR_NATURE; code <= v1::KEY_INDICATOR_UNPREDICTABILITY; ++code) {
    const auto times = std::count_if(tool.indicators().begin(), tool.indicators().end(),
                                     [&](const v1::IndicatorAssessment& found) {
                                       return found.indicator() == code && !found.narrative().empty();
                                     });
    if (times != 1) unreasoned.push_back(Words(static_cast<v1::KeyIndicator>(code)));
  }
  if (!unreasoned.empty()) {
    refusal.Add(kIndicator, "decision_support_tool", {{"indicators", absl::StrJoin(unreasoned, ", ")}});
  }
}

void CheckTeam(const v1::AssessmentEvidence& evidence, const v1::EligibilityPolicy& policy,
               absl::CivilDay day, explain::Refusal& refusal) {
  std::set<std::string> professions;
  int council_assessors = 0;
  for (const v1::AssessmentParticipant& participant : evidence.participants()) {
    if (participant.capacity() == v1::AssessmentParticipant::CAPACITY_HEALTHCARE_PROFESSIONAL) {
      professions.insert(participant.profession());
    }
    council_assessors += participant.capacity() == v1::AssessmentParticipant::CAPACITY_COUNCIL_ASSESSOR;
  }
  const auto fits = [&](const v1::TeamComposition& row) {
    return static_cast<int>(professions.size()) >= row.minimum_healthcare_professions() &&
           council_assessors >= row.minimum_council_assessors();
  };
  if (dates::InEffect(policy.team_compositions(), day, fits) != nullptr) return;
  refusal.Add(kTeam, "participants",
              {{"healthcare_professions", static_cast<int64_t>(professions.size())},
               {"council_assessors", int64_t{council_assessors}}});
}

bool IsOfTheTeam(const v1::AssessmentParticipant* participant) {
  return IsHealthcareProfessional(participant) ||
         (participant != nullptr &&
          participant->capacity() == v1::AssessmentParticipant::CAPACITY_COUNCIL_ASSESSOR);
}

// Where the team could not agree, each of its members says why, and nobody else.
void CheckAgreement(const v1::AssessmentEvidence& evidence, explain::Refusal& refusal,
                    explain::Trace& trace) {
  const v1::DecisionSupportToolEvidence& tool = evidence.decision_support_tool();
  std::map<std::string, int> times;
  bool asked = true;
  for (const v1::MemberRationale& rationale : tool.rationales()) {
    ++times[rationale.participant()];
    asked = asked && tool.no_agreement() && IsOfTheTeam(Participant(evidence, rationale.participant()));
  }
  if (!asked) refusal.Add(kRationaleOfNobody, "decision_support_tool");
  if (!tool.no_agreement()) return;
  std::vector<std::string> silent;
  for (const v1::AssessmentParticipant& participant : evidence.participants()) {
    if (IsOfTheTeam(&participant) && times[participant.reference()] != 1)
      silent.push_back(participant.reference());
  }
  if (!silent.empty()) {
    refusal.Add(kRationale, "decision_support_tool", {{"members", absl::StrJoin(silent, ", ")}});
  }
  trace.Add(kNoAgreement, {{"members", int64_t{tool.rationales_size()}}});
}

const explain::Rule& Says(v1::PrimaryHealthNeedIndication indication) {
  switch (indication) {
    case v1::PRIMARY_HEALTH_NEED_INDICATION_CLEAR:
      return kClear;
    case v1::PRIMARY_HEALTH_NEED_INDICATION_MAY_INDICATE:
      return kMay;
    case v1::PRIMARY_HEALTH_NEED_INDICATION_UNLIKELY:
      return kUnlikely;
    default:
      return kNotExpected;
  }
}

using LevelCounts = std::array<int, v1::NEED_LEVEL_PRIORITY + 1>;

int AtOrAbove(const LevelCounts& counts, v1::NeedLevel level) {
  int domains = 0;
  for (int code = level; code <= v1::NEED_LEVEL_PRIORITY; ++code) domains += counts[code];
  return domains;
}

absl::StatusOr<v1::DecisionSupportToolFinding> Conclude(const LevelCounts& counts,
                                                        const v1::EligibilityPolicy& policy,
                                                        absl::CivilDay day, explain::Trace& trace) {
  const v1::LevelPattern* pattern = dates::InEffect(
      policy.level_patterns(), day,
      [&](const v1::LevelPattern& row) { return AtOrAbove(counts, row.level()) >= row.minimum_domains(); });
  if (pattern == nullptr) return errors::NoRate("patterns of the decision support tool", dates::Format(day));
  trace.Add(kPattern, {{"domains", int64_t{AtOrAbove(counts, pattern->level())}},
                       {"level", std::string(Words(pattern->level()))},
                       {"pattern", pattern->id()}});
  trace.Add(Says(pattern->indication()));
  v1::DecisionSupportToolFinding finding;
  finding.set_indication(pattern->indication());
  finding.set_pattern(pattern->id());
  for (int code = v1::NEED_LEVEL_PRIORITY; code >= v1::NEED_LEVEL_NO_NEEDS; --code) {
    v1::LevelCount* count = finding.add_level_counts();
    count->set_level(static_cast<v1::NeedLevel>(code));
    count->set_domains(counts[code]);
  }
  return finding;
}

}  // namespace

v1::NeedLevel CountedLevel(const v1::DomainAssessment& domain, const v1::LevelCounting& counting) {
  v1::NeedLevel level = domain.level();
  if (counting.unmanaged_level_counts() && domain.well_managed() && !domain.permanently_reduced()) {
    level = std::max(level, domain.level_if_unmanaged());
  }
  for (const v1::DifferingView& view : domain.differing_views()) {
    if (counting.highest_view_counts()) level = std::max(level, view.level());
  }
  return level;
}

absl::StatusOr<v1::DecisionSupportToolFinding> EvaluateDecisionSupportTool(
    const v1::AssessmentEvidence& evidence, const v1::EligibilityPolicy& policy, explain::Refusal& refusal,
    explain::Trace& trace) {
  const v1::DecisionSupportToolEvidence& tool = evidence.decision_support_tool();
  const absl::CivilDay day = dates::Checked(tool.completed_date());
  const v1::LevelCounting* counting = dates::InEffect(policy.level_countings(), day);
  if (counting == nullptr) return errors::NoRate("counting of levels", dates::Format(day));
  if (dates::InEffect(policy.team_compositions(), day) == nullptr) {
    return errors::NoRate("composition of a multidisciplinary team", dates::Format(day));
  }
  CheckTeam(evidence, policy, day, refusal);
  if (tool.involvement().empty()) refusal.Add(kInvolvement, "decision_support_tool");
  CheckCompleteness(tool, policy, day, refusal);
  CheckAgreement(evidence, refusal, trace);
  LevelCounts counts{};
  for (const v1::DomainAssessment& domain : tool.domains()) {
    const v1::CareDomainRule* rule = DomainRule(policy, day, domain.domain());
    if (rule == nullptr)
      return errors::NoRate("care domains of the decision support tool", dates::Format(day));
    CheckDomain(evidence, domain, *rule, refusal);
    const v1::NeedLevel counted = CountedLevel(domain, *counting);
    if (v1::NeedLevel_IsValid(counted)) ++counts[counted];
    trace.Add(kCounted, {{"domain", std::string(Words(domain.domain()))},
                         {"level", std::string(Words(domain.level()))},
                         {"counted_level", std::string(Words(counted))}});
  }
  absl::StatusOr<v1::DecisionSupportToolFinding> finding = Conclude(counts, policy, day, trace);
  if (finding.ok()) finding->set_no_agreement(tool.no_agreement());
  return finding;
}

bool EvaluateFastTrack(const v1::AssessmentEvidence& evidence, explain::Refusal& refusal,
                       explain::Trace& trace) {
  const v1::FastTrackEvidence& tool = evidence.fast_track();
  const bool appropriate =
      tool.appropriate_clinician() && IsHealthcareProfessional(Participant(evidence, tool.clinician()));
  const bool condition = tool.rapidly_deteriorating() && !tool.reasons().empty();
  if (!appropriate) refusal.Add(kClinician, "fast_track");
  if (!condition) refusal.Add(kCondition, "fast_track");
  if (!appropriate || !condition) return false;
  trace.Add(kBinding, {{"received_date", dates::Checked(tool.received_date())}}, "eligible");
  return true;
}

}  // namespace ipb::eligibility
