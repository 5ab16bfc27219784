#include "services/people/rules/identifier.h"

#include <algorithm>

#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "services/people/rules/human.h"

namespace ipb::people::rules {
namespace {

// Of a person's identifiers, past ones included: far more than any human has, and few enough for one record.
constexpr int kMostIdentifiers = 100;

constexpr char kIdentifiersSource[] = "NHS Data Dictionary: an NHS number identifies one patient";

constexpr explain::Rule kFree{
    "PEOPLE-IDENTIFIER-FREE", "the identifier leads to somebody else already", kIdentifiersSource,
    "check it; where the two are one, register the person by it and, once you are responsible "
    "for both, merge them; where it is wrong there, let who is responsible remove it"};
constexpr explain::Rule kLeaving{"PEOPLE-IDENTIFIER-LEAVING",
                                 "the identifier is just being taken away from the person",
                                 kIdentifiersSource, "try again in a moment"};
constexpr explain::Rule kMany{"PEOPLE-IDENTIFIER-MANY",
                              "the person has {count} identifiers, past ones included",
                              "a record holds at most that many", "tell whoever operates this service"};
constexpr explain::Rule kHeld{"PEOPLE-IDENTIFIER-HELD", "the identifier does not lead to this person",
                              kIdentifiersSource, "check it: look the person up by it"};
constexpr explain::Rule kMerged{
    "PEOPLE-IDENTIFIER-MERGED", "the identifier came with a person who was merged into this one",
    kIdentifiersSource, "split the person, remove it from who came with it, and merge again"};
constexpr explain::Rule kNotLast{"PEOPLE-IDENTIFIER-LAST", "nothing else would lead to the person",
                                 "Care Act 2014 ss37-38: whoever is responsible must be able to find the person",
                                 "add another identifier first, such as your own number for the person"};

int CountHeld(const v1::Person& person) {
  return static_cast<int>(std::count_if(person.identifiers().begin(), person.identifiers().end(),
                                        [](const v1::HeldIdentifier& one) { return !one.has_removal(); }));
}

v1::HeldIdentifier* MutableLatest(v1::Person& person, const std::string& claim) {
  v1::HeldIdentifier* latest = nullptr;
  for (v1::HeldIdentifier& one : *person.mutable_identifiers()) {
    if (one.claim() == claim) latest = &one;
  }
  return latest;
}

}  // namespace

const v1::HeldIdentifier* LatestOf(const v1::Person& person, const std::string& claim) {
  const v1::HeldIdentifier* latest = nullptr;
  for (const v1::HeldIdentifier& one : person.identifiers()) {
    if (one.claim() == claim) latest = &one;
  }
  return latest;
}

bool Holds(const v1::Person& person, const std::string& claim) {
  const v1::HeldIdentifier* latest = LatestOf(person, claim);
  return latest != nullptr && !latest->has_removal();
}

v1::Person Hold(v1::Person person, const MetIdentifier& identifier) {
  if (!Holds(person, identifier.shown.claim())) *person.add_identifiers() = identifier.shown;
  return person;
}

absl::StatusOr<v1::Person> AddIdentifier(v1::Person person, const MetIdentifier& identifier) {
  const bool comes_here = identifier.leads_to == person.name();
  const v1::HeldIdentifier* latest = LatestOf(person, identifier.shown.claim());
  if (comes_here && identifier.claims != person.name()) return person;
  explain::Refusal refusal;
  if (!identifier.leads_to.empty() && !comes_here) refusal.Add(kFree, "identifier");
  if (comes_here && latest != nullptr && latest->has_removal()) refusal.Add(kLeaving, "identifier");
  const bool full = person.identifiers_size() >= kMostIdentifiers && !Holds(person, identifier.shown.claim());
  if (full) refusal.Add(kMany, person.name(), {{"count", int64_t{person.identifiers_size()}}});
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  return Hold(std::move(person), identifier);
}

absl::StatusOr<v1::Person> RemoveIdentifier(v1::Person person, const MetIdentifier& identifier,
                                            const v1::HumanDecision& decision, absl::CivilDay today) {
  const std::vector<errors::FieldViolation> wrong = WrongDecision(decision, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  const bool comes_here = identifier.leads_to == person.name();
  const v1::HeldIdentifier* latest = LatestOf(person, identifier.shown.claim());
  const bool gone = latest != nullptr && latest->has_removal();
  explain::Refusal refusal;
  if (comes_here && identifier.claims != person.name()) {
    refusal.Add(kMerged, "identifier");
  } else if (!comes_here || gone) {
    refusal.Add(kHeld, "identifier");
  } else if (CountHeld(person) - (latest == nullptr ? 0 : 1) < 1) {
    refusal.Add(kNotLast, person.name());
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  // One from before identifiers were listed is listed as it goes.
  if (latest == nullptr) person = Hold(std::move(person), identifier);
  *MutableLatest(person, identifier.shown.claim())->mutable_removal()->mutable_decision() = decision;
  return person;
}

}  // namespace ipb::people::rules
