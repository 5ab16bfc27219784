#include "services/eligibility/rules/childrens_continuing_care.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "services/eligibility/rules/age.h"
#include "services/eligibility/rules/participants.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kFramework =
    "National Framework for Children and Young People's Continuing Care, January 2016";
constexpr char kPart[] = "childrens_continuing_care";

constexpr explain::Rule kMissing{"CYP-DOMAIN-MISSING", "Without a level: {domains}", kFramework,
                                 "record for each of the ten domains the level found."};
constexpr explain::Rule kTwice{"CYP-DOMAIN-TWICE", "The domain {domain} is recorded more than once",
                               kFramework, "record each domain once."};
constexpr explain::Rule kLevel{"CYP-LEVEL-NOT-ALLOWED", "The domain {domain} has no level {level}",
                               kFramework, "choose a level that the tool has for the domain."};
constexpr explain::Rule kArea{"CYP-AREA", "Without a record: {areas}", kFramework,
                              "record all four areas of the assessment."};
constexpr explain::Rule kAssessor{
    "CYP-ASSESSOR", "No nominated children's health assessor who took part led the assessment", kFramework,
    "list the assessor among the participants as a healthcare professional."};
constexpr explain::Rule kConsent{
    "CYP-CONSENT", "No consent is recorded that was given by the day on which the tool was completed",
    "Mental Capacity Act 2005; National Framework, January 2016",
    "record who consented, or that it is in the young person's best interests, and when."};
constexpr explain::Rule kConsentAge{
    "CYP-CONSENT-AGE",
    "The child was {age} years old, and consent is not of whoever can give it: a parent below {age_limit}, "
    "the young person, or their best interests, from then on",
    "Mental Capacity Act 2005 s2(5); Family Law Reform Act 1969 s8", "have whoever can give it consent."};

constexpr explain::Rule kCounted{"CYP-DOMAIN", "In {domain} the need beyond that of the age is {level}.",
                                 kFramework, "", v1::PURPOSE_HEALTH};
constexpr explain::Rule kThreshold{
    "CYP-THRESHOLD", "The threshold {threshold} is met: {domains} domains are at or above {level}.",
    kFramework, "", v1::PURPOSE_HEALTH};
constexpr explain::Rule kLikely{
    "CYP-LIKELY",
    "A continuing care need is likely on these levels. They inform, and professional judgement decides.",
    kFramework};
constexpr explain::Rule kNotLikely{
    "CYP-NOT-LIKELY",
    "A continuing care need is not likely on these levels alone. They inform, and professional judgement "
    "decides.",
    kFramework};

using LevelCounts = std::array<int, v1::NEED_LEVEL_PRIORITY + 1>;

int AtOrAbove(const LevelCounts& counts, v1::NeedLevel level) {
  int domains = 0;
  for (int code = level; code <= v1::NEED_LEVEL_PRIORITY; ++code) domains += counts[code];
  return domains;
}

void CheckCompleteness(const v1::ChildrensContinuingCareEvidence& tool, explain::Refusal& refusal) {
  std::vector<absl::string_view> missing;
  for (int code = v1::CHILD_CARE_DOMAIN_BREATHING; code <= v1::CHILD_CARE_DOMAIN_BEHAVIOUR; ++code) {
    const auto times =
        std::count_if(tool.domains().begin(), tool.domains().end(),
                      [&](const v1::ChildDomainAssessment& domain) { return domain.domain() == code; });
    const absl::string_view domain = Words(static_cast<v1::ChildCareDomain>(code));
    if (times == 0) missing.push_back(domain);
    if (times > 1) refusal.Add(kTwice, kPart, {{"domain", std::string(domain)}});
  }
  if (!missing.empty()) refusal.Add(kMissing, kPart, {{"domains", absl::StrJoin(missing, "; ")}});
  std::vector<absl::string_view> areas;
  if (tool.preferences().empty()) areas.push_back("the preferences of child and family");
  if (tool.holistic_assessment().empty()) areas.push_back("the holistic assessment");
  if (tool.professional_reports().empty()) areas.push_back("the reports and risk assessments");
  if (!areas.empty()) refusal.Add(kArea, kPart, {{"areas", absl::StrJoin(areas, "; ")}});
}

void CheckProcess(const v1::AssessmentEvidence& evidence, absl::CivilDay day, explain::Refusal& refusal) {
  const v1::ChildrensContinuingCareEvidence& tool = evidence.childrens_continuing_care();
  if (!IsHealthcareProfessional(Participant(evidence, tool.nominated_assessor()))) {
    refusal.Add(kAssessor, kPart);
  }
  const v1::ChildConsent& consent = tool.consent();
  if (consent.basis() == v1::ChildConsent::BASIS_UNSPECIFIED || consent.consent_date().empty() ||
      dates::Checked(consent.consent_date()) > day) {
    refusal.Add(kConsent, kPart);
  }
}

// Counts the domains by level; levels that a domain does not have are added to `refusal`.
absl::StatusOr<LevelCounts> Count(const v1::ChildrensContinuingCareEvidence& tool,
                                  const v1::EligibilityPolicy& policy, absl::CivilDay day,
                                  explain::Refusal& refusal, explain::Trace& trace) {
  LevelCounts counts{};
  for (const v1::ChildDomainAssessment& found : tool.domains()) {
    const v1::ChildCareDomainRule* rule =
        dates::InEffect(policy.child_care_domains(), day,
                        [&](const v1::ChildCareDomainRule& row) { return row.domain() == found.domain(); });
    if (rule == nullptr) return errors::NoRate("care domains of the children's tool", dates::Format(day));
    const explain::Inputs inputs = {{"domain", std::string(Words(found.domain()))},
                                                {"level", std::string(Words(found.level()))}};
    if (std::find(rule->levels().begin(), rule->levels().end(), found.level()) == rule->levels().end()) {
      refusal.Add(kLevel, kPart, inputs);
      continue;
    }
    ++counts[found.level()];
    trace.Add(kCounted, inputs);
  }
  return counts;
}

v1::ChildrensContinuingCareFinding Conclude(const LevelCounts& counts, const v1::EligibilityPolicy& policy,
                                            absl::CivilDay day, explain::Trace& trace) {
  v1::ChildrensContinuingCareFinding finding;
  for (const v1::ChildrensThreshold& threshold : policy.childrens_thresholds()) {
    if (!dates::Holds(threshold, day)) continue;
    const int domains = AtOrAbove(counts, threshold.level());
    if (domains < threshold.minimum_domains()) continue;
    finding.add_thresholds_met(threshold.id());
    trace.Add(kThreshold, {{"threshold", threshold.id()},
                           {"domains", int64_t{domains}},
                           {"level", std::string(Words(threshold.level()))}});
  }
  finding.set_need_likely(!finding.thresholds_met().empty());
  trace.Add(finding.need_likely() ? kLikely : kNotLikely);
  for (int code = v1::NEED_LEVEL_PRIORITY; code >= v1::NEED_LEVEL_NO_NEEDS; --code) {
    v1::LevelCount* count = finding.add_level_counts();
    count->set_level(static_cast<v1::NeedLevel>(code));
    count->set_domains(counts[code]);
  }
  return finding;
}

}  // namespace

absl::StatusOr<v1::ChildrensContinuingCareFinding> EvaluateChildrensContinuingCare(
    const v1::AssessmentEvidence& evidence, const v1::EligibilityPolicy& policy, explain::Refusal& refusal,
    explain::Trace& trace) {
  const v1::ChildrensContinuingCareEvidence& tool = evidence.childrens_continuing_care();
  const absl::CivilDay day = dates::Checked(tool.completed_date());
  if (dates::InEffect(policy.childrens_thresholds(), day) == nullptr) {
    return errors::NoRate("thresholds of children's continuing care", dates::Format(day));
  }
  CheckCompleteness(tool, refusal);
  CheckProcess(evidence, day, refusal);
  absl::StatusOr<LevelCounts> counts = Count(tool, policy, day, refusal, trace);
  if (!counts.ok()) return counts.status();
  return Conclude(*counts, policy, day, trace);
}

absl::Status CheckConsent(const v1::ChildConsent& consent, absl::CivilDay birth,
                          const v1::EligibilityPolicy& policy, explain::Refusal& refusal) {
  const absl::CivilDay day = dates::Checked(consent.consent_date());
  const v1::ChildrensConsent* row = dates::InEffect(policy.childrens_consents(), day);
  if (row == nullptr) return errors::NoRate("age of consent to assessment", dates::Format(day));
  const int age = dates::AgeOn(birth, day);
  const bool by_parent = consent.basis() == v1::ChildConsent::BASIS_PARENT;
  if (by_parent != (age < row->parent_below_age_years())) {
    refusal.Add(kConsentAge, "consent",
                {{"age", int64_t{age}}, {"age_limit", int64_t{row->parent_below_age_years()}}});
  }
  return absl::OkStatus();
}

}  // namespace ipb::eligibility
