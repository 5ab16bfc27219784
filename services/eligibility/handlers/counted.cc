#include "services/eligibility/handlers/counted.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/call/call.h"
#include "common/dates/civil.h"

namespace ipb::eligibility::handlers {
namespace {

// After the day, a letter for what a decision counts as; '-' for what it does not.
constexpr size_t kDateLength = sizeof("2026-11-22") - 1;
constexpr char kEligible = 'E';
constexpr char kClocked = 'C';
constexpr char kInTime = 'T';
constexpr char kAcuteHospital = 'H';

std::string KeyOf(const CountedDecision& counted) {
  const auto letter = [](bool is, char of) { return std::string(1, is ? of : '-'); };
  return absl::StrCat(dates::Format(counted.decided), "/", letter(counted.eligible, kEligible),
                      letter(counted.clocked, kClocked), letter(counted.in_time, kInTime),
                      letter(counted.in_acute_hospital, kAcuteHospital));
}

}  // namespace

std::string CountedIndexOf(absl::string_view organisation) {
  return absl::StrCat("chcDecisions/", organisation);
}

std::string CountedKeyFrom(absl::CivilDay day) { return dates::Format(day); }

CountedDecision CountedAt(absl::string_view key) {
  const absl::string_view letters = key.substr(kDateLength);
  const auto has = [letters](char of) { return absl::StrContains(letters, of); };
  return {dates::Checked(key.substr(0, kDateLength)), has(kEligible), has(kClocked), has(kInTime),
          has(kAcuteHospital)};
}

void IndexDecided(const DeterminationDecision& decided, const DeterminationFacts& facts,
                  call::Subject& subject) {
  const v1::Determination& made = decided.determination;
  const std::optional<CountedDecision> counted =
      CountedAs(made, FindAssessment(facts, made.assessment()), decided.answered.value_or(facts.request));
  if (!counted) return;
  subject.AddIndex(CountedIndexOf(made.decision().organisation()), KeyOf(*counted),
                   call::RecordOf(made.name()));
}

void IndexOverturned(const v1::Determination& made, const DeterminationFacts& facts, call::Subject& subject) {
  const v1::Determination& first = facts.determination;
  std::optional<CountedDecision> counted =
      CountedAs(first, FindAssessment(facts, first.assessment()), facts.request);
  if (!counted) return;
  const std::string index = CountedIndexOf(first.decision().organisation());
  subject.RemoveIndex(index, KeyOf(*counted), call::RecordOf(first.name()));
  counted->eligible = true;
  subject.AddIndex(index, KeyOf(*counted), call::RecordOf(made.name()));
}

void IndexEnded(const v1::Determination& ended, const DeterminationFacts& facts, call::Subject& subject) {
  if (ended.end_reason() != v1::Determination::END_REASON_RECORDED_IN_ERROR) return;
  const v1::Determination* first = FirstDecision(ended, facts);
  if (first == nullptr) return;
  std::optional<CountedDecision> counted =
      CountedAs(*first, FindAssessment(facts, ended.assessment()), facts.request);
  if (!counted) return;
  counted->eligible = ended.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
  subject.RemoveIndex(CountedIndexOf(first->decision().organisation()), KeyOf(*counted),
                      call::RecordOf(ended.name()));
}

}  // namespace ipb::eligibility::handlers
