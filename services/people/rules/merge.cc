#include "services/people/rules/merge.h"

#include <algorithm>
#include <optional>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "services/people/rules/human.h"
#include "services/people/rules/person.h"
#include "services/people/rules/responsibility.h"

namespace ipb::people::rules {
namespace {

// Of one person's merges and separations: few enough for one record.
constexpr int kMostMerges = 100;

constexpr char kOneRecord[] = "UK GDPR art 5(1)(d): what is recorded of a person is accurate";

constexpr explain::Rule kSurvivorMerged{"PEOPLE-MERGE-SURVIVOR", "{survivor} was merged into {into}",
                                        kOneRecord, "merge into {into}"};
constexpr explain::Rule kSameBirth{"PEOPLE-MERGE-BIRTH", "the two have different dates of birth", kOneRecord,
                                   "correct the date that is wrong first (UpdatePerson)"};
constexpr explain::Rule kSameDeath{
    "PEOPLE-MERGE-DEATH", "the death of who is merged, on {death_date}, is not that of who goes on",
    kOneRecord, "record the death on who goes on first, or merge the other way round"};
constexpr explain::Rule kManyMerges{"PEOPLE-MERGE-MANY",
                                    "the person took part in {count} merges and separations",
                                    "a record holds at most that many", "tell whoever operates this service"};
constexpr explain::Rule kNotMerged{"PEOPLE-SPLIT-MERGED", "the other person is not merged into this one",
                                   kOneRecord,
                                   "name the person into whom the other was merged: GetPerson shows it"};
constexpr explain::Rule kNotHeld{"PEOPLE-SPLIT-HELD",
                                 "identifiers[{index}] does not lead to this person itself", kOneRecord,
                                 "check it; where it came with a merge, undo the merge"};
constexpr explain::Rule kOneStays{
    "PEOPLE-SPLIT-KEEPS", "no identifier would be left that leads to this person",
    "Care Act 2014 ss37-38: whoever is responsible must be able to find the person",
    "leave the identifiers that are this person's, or add one first"};

// Whether a body is responsible on the day, and on each day after it while the person lives.
bool AnyoneResponsible(const v1::Person& person, absl::CivilDay day) {
  const std::optional<absl::CivilDay> gap = GapAfter(person, day - 1);
  return !gap || (*gap > day && !person.death_date().empty());
}

// The merges of one pair, in the order they were made, as one of the two has them on record.
std::vector<const v1::PersonMerge*> MergesOf(const v1::Person& person, const std::string& merged,
                                             const std::string& survivor) {
  std::vector<const v1::PersonMerge*> found;
  for (const v1::PersonMerge& one : person.merges()) {
    if (one.merged() == merged && one.survivor() == survivor) found.push_back(&one);
  }
  return found;
}

// Adds to the survivor's record the merges of the pair that only the merged person's has.
void RecordMerges(v1::Person& survivor, const v1::Person& merged) {
  const std::vector<const v1::PersonMerge*> all = MergesOf(merged, merged.name(), survivor.name());
  size_t known = MergesOf(survivor, merged.name(), survivor.name()).size();
  for (; known < all.size(); ++known) *survivor.add_merges() = *all[known];
}

// The merge by which a person is merged into the survivor now, as the survivor has it on record; null where
// the person is not, or the survivor does not have it.
const v1::PersonMerge* CurrentIn(const v1::Person& survivor, const v1::Person& merged) {
  if (merged.merged_into() != survivor.name()) return nullptr;
  const size_t count = MergesOf(merged, merged.name(), survivor.name()).size();
  const std::vector<const v1::PersonMerge*> known = MergesOf(survivor, merged.name(), survivor.name());
  return count == 0 || known.size() < count ? nullptr : known[count - 1];
}

// The merge by which a person is merged now.
v1::PersonMerge& MergeOf(v1::Person& merged) { return *merged.mutable_merges()->rbegin(); }

// Whether the survivor has it already. What waits to be accepted comes as the survivor's own: it gives no
// access, and once accepted it was accepted for the survivor.
bool CameBefore(const v1::Person& survivor, const v1::Responsibility& held, const std::string& came_with) {
  return std::any_of(survivor.responsibilities().begin(), survivor.responsibilities().end(),
                     [&](const v1::Responsibility& one) {
                       return one.came_with() == came_with && one.organisation() == held.organisation() &&
                              one.role() == held.role() &&
                              one.state() != v1::Responsibility::STATE_WITHDRAWN &&
                              one.effective_from_date() == held.effective_from_date();
                     });
}

void CheckMerges(const v1::Person& person, explain::Refusal& refusal) {
  const int count = person.merges_size() + person.separations_size();
  if (count >= kMostMerges) refusal.Add(kManyMerges, person.name(), {{"count", int64_t{count}}});
}

// Withdraws the responsibilities that came with a merged person, but for those of `by` where nobody else
// would be left.
v1::Person WithdrawWhatCame(v1::Person survivor, const std::string& merged, const Registrant& by,
                            absl::CivilDay today) {
  const std::vector<v1::Responsibility> before(survivor.responsibilities().begin(),
                                               survivor.responsibilities().end());
  for (v1::Responsibility& held : *survivor.mutable_responsibilities()) {
    if (held.came_with() == merged) held.set_state(v1::Responsibility::STATE_WITHDRAWN);
  }
  if (AnyoneResponsible(survivor, today)) return survivor;
  for (int i = 0; i < survivor.responsibilities_size(); ++i) {
    if (!by.Is(before[i].organisation()) || !InEffect(before[i], today)) continue;
    *survivor.mutable_responsibilities(i) = before[i];
    survivor.mutable_responsibilities(i)->clear_came_with();
  }
  return survivor;
}

// How well a responsibility stands, best first: confirmed, or urgent, in effect; then what was withdrawn or
// has ended.
int RankOf(const v1::Responsibility& held, absl::CivilDay today) {
  if (!InEffect(held, today)) return 2;
  return IsConfirmed(held) ? 0 : 1;
}

// The responsibility of `by` for the survivor by which it becomes responsible for who stands again; null
// where it has none.
const v1::Responsibility* StandIn(const v1::Person& survivor, const Registrant& by, absl::CivilDay today) {
  const v1::Responsibility* best = nullptr;
  for (const v1::Responsibility& held : survivor.responsibilities()) {
    if (!by.Is(held.organisation()) || held.state() == v1::Responsibility::STATE_PENDING) continue;
    if (!IsConfirmed(held) && !InEffect(held, today)) continue;
    if (best == nullptr || RankOf(held, today) < RankOf(*best, today)) best = &held;
  }
  return best;
}

}  // namespace

absl::StatusOr<v1::Person> Merge(v1::Person person, const v1::Person& survivor,
                                 const v1::HumanDecision& decision, absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong = WrongDecision(decision, today);
  if (person.name() == survivor.name()) wrong.push_back({"survivor", "is the person who would be merged"});
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  if (!survivor.merged_into().empty()) {
    refusal.Add(kSurvivorMerged, survivor.name(),
                {{"survivor", survivor.name()}, {"into", survivor.merged_into()}});
  }
  if (person.birth_date() != survivor.birth_date()) refusal.Add(kSameBirth, survivor.name());
  if (!person.death_date().empty() && person.death_date() != survivor.death_date()) {
    refusal.Add(kSameDeath, survivor.name(), {{"death_date", dates::Checked(person.death_date())}});
  }
  CheckMerges(person, refusal);
  CheckMerges(survivor, refusal);
  CheckRoom(survivor, person.responsibilities_size(), refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  person.set_merged_into(survivor.name());
  v1::PersonMerge* merge = person.add_merges();
  merge->set_merged(person.name());
  merge->set_survivor(survivor.name());
  *merge->mutable_decision() = decision;
  return person;
}

v1::Person CarryOver(v1::Person survivor, const v1::Person& merged) {
  RecordMerges(survivor, merged);
  const v1::PersonMerge* current = CurrentIn(survivor, merged);
  if (current == nullptr || current->has_undoing()) return survivor;
  for (const v1::Responsibility& held : merged.responsibilities()) {
    const bool waits = held.state() == v1::Responsibility::STATE_PENDING;
    const std::string came_with = waits ? "" : merged.name();
    const bool withdrawn = held.state() == v1::Responsibility::STATE_WITHDRAWN;
    if (withdrawn || CameBefore(survivor, held, came_with)) continue;
    v1::Responsibility* carried = survivor.add_responsibilities();
    *carried = held;
    carried->set_came_with(came_with);
  }
  return survivor;
}

absl::StatusOr<v1::Person> Undo(v1::Person survivor, const v1::Person& merged,
                                const v1::HumanDecision& decision, const Registrant& by,
                                absl::CivilDay today) {
  const std::vector<errors::FieldViolation> wrong = WrongDecision(decision, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  if (merged.merged_into() == survivor.name()) RecordMerges(survivor, merged);
  const v1::PersonMerge* current = CurrentIn(survivor, merged);
  explain::Refusal refusal;
  if (current == nullptr || current->has_undoing()) refusal.Add(kNotMerged, "merged");
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  for (v1::PersonMerge& merge : *survivor.mutable_merges()) {
    if (&merge == current) *merge.mutable_undoing()->mutable_decision() = decision;
  }
  return WithdrawWhatCame(std::move(survivor), merged.name(), by, today);
}

v1::Person StandAgain(v1::Person merged, const v1::Person& survivor, const Registrant& by,
                      absl::CivilDay today) {
  const v1::PersonMerge* undone = CurrentIn(survivor, merged);
  if (undone == nullptr || !undone->has_undoing()) return merged;
  MergeOf(merged) = *undone;
  merged.clear_merged_into();
  if (AnyoneResponsible(merged, today)) return merged;
  const v1::Responsibility* held = StandIn(survivor, by, today);
  if (held == nullptr || (!IsConfirmed(*held) && IsResponsible(merged, by, today))) return merged;
  v1::Responsibility* kept = merged.add_responsibilities();
  *kept = *held;
  kept->set_state(v1::Responsibility::STATE_ACCEPTED);
  kept->set_effective_from_date(dates::Format(today));
  // What was claimed urgently keeps its last day.
  if (IsConfirmed(*held)) kept->clear_effective_to_date();
  kept->clear_came_with();
  return merged;
}

v1::Person WithoutMerge(v1::Person person) {
  person.clear_merged_into();
  *MergeOf(person).mutable_undoing()->mutable_decision() = MergeOf(person).decision();
  MergeOf(person).mutable_undoing()->mutable_decision()->set_reasons(
      "Each was merged into the other at the same moment: this merge was taken back and the other stands.");
  return person;
}

absl::StatusOr<Separated> Separate(v1::Person person, const std::vector<MetIdentifier>& identifiers,
                                   const std::string& other_name, const v1::SplitPersonRequest& request,
                                   const v1::HumanDecision& decision, absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong = WrongDecision(decision, today);
  for (errors::FieldViolation& violation : WrongBirth(request.birth_date(), today))
    wrong.push_back(std::move(violation));
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  Separated separated;
  for (size_t i = 0; i < identifiers.size(); ++i) {
    const std::string& claim = identifiers[i].shown.claim();
    if (identifiers[i].claims != person.name() || !Holds(person, claim)) {
      refusal.Add(kNotHeld, "identifiers", {{"index", static_cast<int64_t>(i)}});
      continue;
    }
    for (v1::HeldIdentifier& one : *person.mutable_identifiers()) {
      if (one.claim() != claim || one.has_removal()) continue;
      *one.mutable_removal()->mutable_decision() = decision;
      one.mutable_removal()->set_person(other_name);
    }
    *separated.other.add_identifiers() = identifiers[i].shown;
  }
  const bool one_stays = std::any_of(person.identifiers().begin(), person.identifiers().end(),
                                     [](const v1::HeldIdentifier& one) { return !one.has_removal(); });
  if (!one_stays) refusal.Add(kOneStays, person.name());
  CheckMerges(person, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::PersonSeparation* separation = person.add_separations();
  separation->set_from(person.name());
  separation->set_separated(other_name);
  *separation->mutable_decision() = decision;
  separated.other.set_name(other_name);
  separated.other.set_birth_date(request.birth_date());
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (held.state() == v1::Responsibility::STATE_WITHDRAWN || !Open(held, today)) continue;
    v1::Responsibility* shared = separated.other.add_responsibilities();
    *shared = held;
    shared->clear_came_with();
    shared->clear_recorded_time();
    if (shared->effective_from_date() < request.birth_date())
      shared->set_effective_from_date(request.birth_date());
  }
  *separated.other.add_separations() = *separation;
  separated.person = std::move(person);
  return separated;
}

}  // namespace ipb::people::rules
