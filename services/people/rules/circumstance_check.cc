#include "services/people/rules/circumstance_check.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/explain/words.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::Circumstance;
using Details = v1::CircumstanceDetails;

constexpr explain::Rule kOneDeath{
    "PEOPLE-DEATH-ONCE", "the person's death on {death_date} is recorded already",
    "a person dies once; payments and entitlements already rest on the date",
    "where the date is wrong, correct the death on record (CorrectCircumstance)"};
constexpr explain::Rule kNotAfterDeath{
    "PEOPLE-AFTER-DEATH", "the person died on {death_date}, before this began or ended",
    "circumstances end with life", "check the dates; where the death is wrong, correct it"};
constexpr explain::Rule kDeathOrder{
    "PEOPLE-DEATH-ORDER", "a circumstance that began on {start_date}, after this death, is recorded",
    "circumstances end with life", "check the day of death, or correct the circumstance"};
constexpr explain::Rule kDeathDuring{
    "PEOPLE-DEATH-DURING", "a circumstance that ended on {end_date}, after this death, is recorded",
    "circumstances end with life", "check the day of death, or correct the circumstance"};
constexpr explain::Rule kOverlap{
    "PEOPLE-CIRCUMSTANCE-OVERLAP", "another {kind} from {start_date} is on record for the same time",
    "a person is in one such circumstance at a time", "end the other first, correct it, or check the dates"};
constexpr explain::Rule kContradicts{
    "PEOPLE-CIRCUMSTANCE-CONTRADICTS", "a {kind} from {start_date} is on record for the same time",
    "Care Act 2014 s76; Mental Health Act 1983 s17A: a person is in one place at a time",
    "end or correct the other, or give overlap_reasons, such as a prisoner who is treated in hospital"};
constexpr explain::Rule kMoveChain{"PEOPLE-MOVE-CHAIN",
                                   "the move on {move_date} on record is {direction} {council}",
                                   "Care Act 2014 ss37-38: the duty passes from one council to the next",
                                   "record the move in between, or correct the one on record"};

// What every day of an open period is before.
absl::CivilDay LastOf(const v1::Circumstance& row) {
  return row.effective_to_date().empty() ? absl::CivilDay::max() : dates::Checked(row.effective_to_date());
}

// Whether they share more than the day on which one ends and the other begins.
bool Overlap(const v1::Circumstance& one, const v1::Circumstance& other) {
  if (one.effective_from_date() == other.effective_from_date()) return true;
  return dates::Checked(one.effective_from_date()) < LastOf(other) &&
         dates::Checked(other.effective_from_date()) < LastOf(one);
}

Details::DetailsCase NeededBy(Kind::Kind kind) {
  switch (kind) {
    case Kind::KIND_CUSTODY:
      return Details::kCustody;
    case Kind::KIND_MOVE:
      return Details::kMove;
    case Kind::KIND_CARE_HOME_STAY:
      return Details::kCareHomeStay;
    case Kind::KIND_SAFEGUARDING_CONCERN:
      return Details::kSafeguardingConcern;
    case Kind::KIND_PROVIDER_FAILURE:
      return Details::kProviderFailure;
    case Kind::KIND_MENTAL_HEALTH_DETENTION:
      return Details::kDetention;
    default:
      return Details::DETAILS_NOT_SET;
  }
}

// The kind as people name it in a sentence.
std::string WordsOf(Kind::Kind kind) {
  switch (kind) {
    case Kind::KIND_HOSPITAL:
      return "stay in hospital";
    case Kind::KIND_CARE_HOME_STAY:
      return "stay in a care home";
    case Kind::KIND_CUSTODY:
      return "time in custody";
    default:
      return explain::Words(Kind::Kind_Name(kind), "KIND_");
  }
}

void CheckDetails(const v1::Circumstance& candidate, std::vector<errors::FieldViolation>& wrong) {
  const Details::DetailsCase needed = NeededBy(candidate.kind());
  if (candidate.details().details_case() != needed) {
    const auto* field = Details::descriptor()->FindFieldByNumber(needed);
    wrong.push_back({"details", field == nullptr
                                    ? absl::StrCat(Kind::Kind_Name(candidate.kind()), " has none")
                                    : absl::StrCat(Kind::Kind_Name(candidate.kind()), " needs `",
                                                   field->name(), "` and nothing else")});
  }
  const v1::MoveDetails& move = candidate.details().move();
  if (candidate.details().has_move() && move.from_council() == move.to_council()) {
    wrong.push_back({"details.move.to_council", "is the council from which the person moved"});
  }
}

void CheckCouncils(const v1::Circumstance& candidate, const std::vector<std::string>& not_councils,
                   std::vector<errors::FieldViolation>& wrong) {
  const auto check = [&](const char* field, const std::string& code) {
    const bool known = std::find(not_councils.begin(), not_councils.end(), code) != not_councils.end();
    if (known) wrong.push_back({field, "is the code of a body that is no council"});
  };
  check("details.custody.council", candidate.details().custody().council());
  check("details.move.from_council", candidate.details().move().from_council());
  check("details.move.to_council", candidate.details().move().to_council());
}

bool IsOneAtATime(Kind::Kind kind) {
  return kind != Kind::KIND_SAFEGUARDING_CONCERN && kind != Kind::KIND_PROVIDER_FAILURE && !IsOfOneDay(kind);
}

bool IsSame(const v1::Circumstance& one, const v1::Circumstance& other) {
  if (one.kind() != other.kind()) return false;
  const bool one_provider =
      one.kind() == Kind::KIND_PROVIDER_FAILURE &&
      one.details().provider_failure().provider() == other.details().provider_failure().provider();
  return IsOneAtATime(one.kind()) || one_provider;
}

bool Contradict(Kind::Kind one, Kind::Kind other) {
  const auto are = [&](Kind::Kind left, Kind::Kind right) {
    return (one == left && other == right) || (one == right && other == left);
  };
  return are(Kind::KIND_CUSTODY, Kind::KIND_HOSPITAL) || are(Kind::KIND_CUSTODY, Kind::KIND_CARE_HOME_STAY) ||
         are(Kind::KIND_CUSTODY, Kind::KIND_MENTAL_HEALTH_DETENTION) ||
         are(Kind::KIND_COMMUNITY_TREATMENT_ORDER, Kind::KIND_MENTAL_HEALTH_DETENTION);
}

void CheckOverlap(const v1::Circumstance& candidate, const v1::Circumstance& other,
                  explain::Refusal& refusal) {
  if (!Overlap(candidate, other)) return;
  const explain::Inputs inputs = {{"kind", WordsOf(other.kind())},
                                              {"start_date", dates::Checked(other.effective_from_date())}};
  if (IsSame(candidate, other)) refusal.Add(kOverlap, other.name(), inputs);
  const bool explained = !candidate.overlap_reasons().empty() || !other.overlap_reasons().empty();
  if (Contradict(candidate.kind(), other.kind()) && !explained)
    refusal.Add(kContradicts, other.name(), inputs);
}

// A death is compared with everything, everything with a death.
void CheckDeath(const v1::Circumstance& candidate, const v1::Circumstance& other, explain::Refusal& refusal) {
  const absl::CivilDay first = dates::Checked(candidate.effective_from_date());
  const absl::CivilDay began = dates::Checked(other.effective_from_date());
  if (candidate.kind() == Kind::KIND_DEATH && other.kind() == Kind::KIND_DEATH) {
    refusal.Add(kOneDeath, other.name(), {{"death_date", began}});
  } else if (candidate.kind() == Kind::KIND_DEATH) {
    if (began > first) refusal.Add(kDeathOrder, other.name(), {{"start_date", began}});
    if (began <= first && !other.effective_to_date().empty() && LastOf(other) > first) {
      refusal.Add(kDeathDuring, other.name(), {{"end_date", LastOf(other)}});
    }
  } else if (other.kind() == Kind::KIND_DEATH) {
    const bool ends_after = !candidate.effective_to_date().empty() && LastOf(candidate) > began;
    if (first > began || ends_after) refusal.Add(kNotAfterDeath, other.name(), {{"death_date", began}});
  }
}

// The moves next to the candidate by date must lead to where it begins, and begin where it leads.
void CheckMove(const v1::Circumstance& candidate, const std::vector<const v1::Circumstance*>& others,
               explain::Refusal& refusal) {
  const v1::Circumstance* before = nullptr;
  const v1::Circumstance* after = nullptr;
  for (const v1::Circumstance* other : others) {
    if (other->kind() != Kind::KIND_MOVE) continue;
    const std::string& date = other->effective_from_date();
    const bool earlier = date <= candidate.effective_from_date();
    if (earlier && (before == nullptr || date >= before->effective_from_date())) before = other;
    if (!earlier && (after == nullptr || date < after->effective_from_date())) after = other;
  }
  const v1::MoveDetails& move = candidate.details().move();
  if (before != nullptr && before->details().move().to_council() != move.from_council()) {
    refusal.Add(kMoveChain, before->name(),
                {{"move_date", dates::Checked(before->effective_from_date())},
                 {"direction", std::string("to")},
                 {"council", before->details().move().to_council()}});
  }
  if (after != nullptr && after->details().move().from_council() != move.to_council()) {
    refusal.Add(kMoveChain, after->name(),
                {{"move_date", dates::Checked(after->effective_from_date())},
                 {"direction", std::string("from")},
                 {"council", after->details().move().from_council()}});
  }
}

}  // namespace

bool IsOfOneDay(Kind::Kind kind) { return kind == Kind::KIND_DEATH || kind == Kind::KIND_MOVE; }

std::vector<errors::FieldViolation> WrongFields(const v1::Circumstance& candidate,
                                                const CircumstanceFacts& facts, absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong;
  const absl::CivilDay first = dates::Checked(candidate.effective_from_date());
  if (first > today) wrong.push_back({"effective_from_date", "is in the future"});
  if (first < dates::Checked(facts.person.birth_date())) {
    wrong.push_back({"effective_from_date", "is before the person's birth"});
  }
  if (!candidate.effective_to_date().empty()) {
    if (IsOfOneDay(candidate.kind()))
      wrong.push_back({"effective_to_date", "a death or a move does not end"});
    if (LastOf(candidate) > today) wrong.push_back({"effective_to_date", "is in the future"});
    if (LastOf(candidate) < first) wrong.push_back({"effective_to_date", "is before the circumstance began"});
  }
  CheckDetails(candidate, wrong);
  CheckCouncils(candidate, facts.not_councils, wrong);
  return wrong;
}

void CheckBesideOthers(const v1::Circumstance& candidate, const CircumstanceFacts& facts,
                       explain::Refusal& refusal) {
  std::vector<const v1::Circumstance*> others;
  for (const v1::Circumstance& row : facts.known) {
    if (Stands(row) && row.name() != facts.circumstance.name()) others.push_back(&row);
  }
  for (const v1::Circumstance* other : others) {
    CheckDeath(candidate, *other, refusal);
    CheckOverlap(candidate, *other, refusal);
  }
  if (candidate.kind() == Kind::KIND_MOVE) CheckMove(candidate, others, refusal);
}

}  // namespace ipb::people::rules
