#include "services/people/rules/person.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "services/people/rules/circumstance.h"
#include "services/people/rules/human.h"
#include "services/people/rules/responsibility.h"
#include "services/people/rules/role.h"

namespace ipb::people::rules {
namespace {

constexpr int kEarliestYear = 1900;
// Of one date of birth: few enough for one record.
constexpr int kMostCorrections = 20;

constexpr explain::Rule kSupportedLiving{
    "PEOPLE-ROLE-PLACING",
    "an ICB that placed a person in supported living does not stay responsible for that",
    "NHS England, Who Pays?: placements in care homes and independent hospitals",
    "let the ICB where the person lives and is registered with a GP register as "
    "RESPONSIBILITY_ROLE_RESPONSIBLE_ICB"};
constexpr explain::Rule kBirthKnown{"PEOPLE-BIRTH-KNOWN", "{birth_date} is the date of birth on record",
                                    "a correction changes something", "nothing needs to be done"};
constexpr explain::Rule kBirthOrder{"PEOPLE-BIRTH-ORDER",
                                    "{recorded_date} is recorded, which is before a birth on {birth_date}",
                                    "nothing of a person is before their birth",
                                    "check the date; where what is recorded is wrong, correct that first"};
constexpr explain::Rule kCorrections{"PEOPLE-BIRTH-MANY", "the date of birth was corrected too often",
                                     "a record holds 20 corrections", "tell whoever operates this service"};

v1::Responsibility Make(const v1::RegisterPersonRequest& request, const Registrant& by,
                        v1::Responsibility::State state, absl::CivilDay today) {
  v1::Responsibility responsibility;
  responsibility.set_organisation(by.organisation);
  responsibility.set_role(request.role());
  responsibility.set_effective_from_date(
      request.effective_from_date().empty() ? dates::Format(today) : request.effective_from_date());
  responsibility.set_state(state);
  responsibility.set_detention_date(request.detention_date());
  responsibility.set_placement(request.placement());
  return responsibility;
}

absl::Status Check(const v1::RegisterPersonRequest& request, const Registrant& by, absl::CivilDay today) {
  const std::vector<errors::FieldViolation> wrong = WrongDates(request, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  CheckRole(request.role(), by.kind, refusal);
  if (request.placement() == v1::PLACEMENT_SUPPORTED_LIVING) refusal.Add(kSupportedLiving, "placement");
  return refusal.ToStatus();
}

void CheckNothingBefore(absl::CivilDay birth, const v1::Person& person, const DatedFacts& facts,
                        explain::Refusal& refusal) {
  const auto check = [&](const std::string& name, const std::string& date) {
    if (!date.empty() && dates::Checked(date) < birth) {
      refusal.Add(kBirthOrder, name, {{"recorded_date", dates::Checked(date)}, {"birth_date", birth}});
    }
  };
  check(person.name(), person.death_date());
  for (const v1::Responsibility& held : person.responsibilities()) {
    // Whoever only asks may not know the date on record.
    const bool accepted = held.state() == v1::Responsibility::STATE_ACCEPTED;
    if (accepted) check(person.name(), held.effective_from_date());
  }
  for (const v1::Circumstance& one : facts.circumstances) {
    if (Stands(one)) check(one.name(), one.effective_from_date());
  }
  for (const v1::Representative& one : facts.representatives) check(one.name(), one.effective_from_date());
  for (const v1::CapacityDecision& one : facts.capacity) check(one.name(), one.assessed_date());
  for (const v1::PaymentExclusion& one : facts.exclusions) check(one.name(), one.effective_from_date());
  // Not every caller may know of a relationship, so it is not named.
  for (const v1::PersonRelationship& one : facts.relationships) {
    check(person.name(), one.effective_from_date());
  }
}

}  // namespace

std::vector<errors::FieldViolation> WrongBirth(const std::string& birth_date, absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong;
  if (birth_date.empty()) {
    wrong.push_back({"birth_date", "is required"});
    return wrong;
  }
  const absl::CivilDay birth = dates::Checked(birth_date);
  if (birth > today) wrong.push_back({"birth_date", "is in the future"});
  if (birth.year() < kEarliestYear) wrong.push_back({"birth_date", "is before 1900"});
  return wrong;
}

std::vector<errors::FieldViolation> WrongDates(const v1::RegisterPersonRequest& request,
                                               absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong = WrongBirth(request.birth_date(), today);
  const absl::CivilDay birth = dates::Checked(request.birth_date());
  if (!request.detention_date().empty() && dates::Checked(request.detention_date()) > today) {
    wrong.push_back({"detention_date", "is in the future"});
  }
  if (!request.detention_date().empty() && dates::Checked(request.detention_date()) < birth) {
    wrong.push_back({"detention_date", "is before the person's birth"});
  }
  if (!request.detention_date().empty() && request.role() != v1::RESPONSIBILITY_ROLE_SECTION_117) {
    wrong.push_back({"detention_date", "belongs to the role of SECTION_117 alone"});
  }
  if (request.placement() != v1::PLACEMENT_UNSPECIFIED &&
      request.role() != v1::RESPONSIBILITY_ROLE_PLACING_ICB) {
    wrong.push_back({"placement", "belongs to the role of PLACING_ICB alone"});
  }
  if (!request.effective_from_date().empty() && dates::Checked(request.effective_from_date()) < birth) {
    wrong.push_back({"effective_from_date", "is before the person's birth"});
  }
  return wrong;
}

absl::StatusOr<v1::Person> Register(const v1::RegisterPersonRequest& request, const Registrant& by,
                                    absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(Check(request, by, today));
  v1::Person person;
  person.set_birth_date(request.birth_date());
  *person.add_responsibilities() = Make(request, by, v1::Responsibility::STATE_ACCEPTED, today);
  return person;
}

absl::StatusOr<v1::Person> AskToJoin(v1::Person person, const v1::RegisterPersonRequest& request,
                                     const Registrant& by, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(Check(request, by, today));
  return Ask(std::move(person), Make(request, by, v1::Responsibility::STATE_PENDING, today), by, today);
}

absl::StatusOr<v1::Person> CorrectBirthDate(v1::Person person, const v1::UpdatePersonRequest& request,
                                            const v1::HumanDecision& decision, const DatedFacts& facts,
                                            absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong = WrongBirth(request.birth_date(), today);
  for (errors::FieldViolation& violation : WrongDecision(decision, today))
    wrong.push_back(std::move(violation));
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  const absl::CivilDay birth = dates::Checked(request.birth_date());
  explain::Refusal refusal;
  if (request.birth_date() == person.birth_date())
    refusal.Add(kBirthKnown, person.name(), {{"birth_date", birth}});
  CheckNothingBefore(birth, person, facts, refusal);
  if (person.superseded_birth_dates_size() >= kMostCorrections) refusal.Add(kCorrections, person.name());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::SupersededBirthDate* earlier = person.add_superseded_birth_dates();
  earlier->set_birth_date(person.birth_date());
  *earlier->mutable_decision() = decision;
  person.set_birth_date(request.birth_date());
  return person;
}

}  // namespace ipb::people::rules
