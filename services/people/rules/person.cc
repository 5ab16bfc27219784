#include "services/people/rules/person.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"

namespace ipb::people::rules {
namespace {

constexpr int kEarliestYear = 1900;

constexpr explain::Rule kPendingOnly{
    "PEOPLE-ACCEPT-PENDING", "{organisation} has no responsibility that waits to be accepted",
    "Care Act 2014 s3 and ss37-38; National Framework 2022: bodies hand over with each other's knowledge",
    "let {organisation} register the person first"};
constexpr explain::Rule kNotOwn{"PEOPLE-ACCEPT-OTHER", "an organisation does not accept its own responsibility",
                                "Care Act 2014 s3: one body lets another in",
                                "let an organisation that is already responsible accept it"};
constexpr explain::Rule kNotResponsible{"PEOPLE-END-HELD", "your organisation holds no responsibility that could end",
                                        "Care Act 2014 ss37-38", "nothing needs to be done"};
constexpr explain::Rule kNotLast{
    "PEOPLE-END-SUCCESSOR", "no other organisation would be responsible for the person on {next_day_date}",
    "Care Act 2014 ss37-38; National Framework for NHS Continuing Healthcare 2022: no withdrawal without a successor",
    "let the organisation that takes over register the person and accept it, then end yours"};
constexpr explain::Rule kRoleOfCouncil{"PEOPLE-ROLE-COUNCIL",
                                       "only a council is responsible in the role asked for",
                                       "Care Act 2014 ss18, 37-39, 76; Mental Health Act 1983 s117",
                                       "give the role in which your organisation is responsible: an NHS body "
                                       "is RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, "
                                       "RESPONSIBILITY_ROLE_PLACING_ICB or RESPONSIBILITY_ROLE_SECTION_117"};
constexpr explain::Rule kRoleOfNhs{
    "PEOPLE-ROLE-NHS", "only an NHS body is responsible in the role asked for", "NHS England, Who Pays?",
    "give the role in which your organisation is responsible: a council is "
    "RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, RESPONSIBILITY_ROLE_HOST, RESPONSIBILITY_ROLE_CONTINUITY, "
    "RESPONSIBILITY_ROLE_SECTION_117 or RESPONSIBILITY_ROLE_PRISON"};
constexpr explain::Rule kRoleOfProvider{
    "PEOPLE-ROLE-PROVIDER", "neither a council nor an NHS body supports a person as their provider",
    "Care Act 2014 s3; Mental Health Act 1983 s117",
    "give the role in which your organisation is responsible"};
constexpr explain::Rule kEndAfterStart{"PEOPLE-END-ORDER", "the responsibility began on {start_date}, after the end given",
                                       "dates of one period are in order", "give a day on or after {start_date}"};

bool Open(const v1::Responsibility& held, absl::CivilDay day) {
  return held.effective_to_date().empty() || dates::Checked(held.effective_to_date()) >= day;
}

// Adds the rule that is not met where a body of this kind cannot be responsible in the role.
void CheckRole(v1::ResponsibilityRole role, v1::CallerKind kind, explain::Refusal& refusal) {
  switch (role) {
    case v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE:
    case v1::RESPONSIBILITY_ROLE_HOST:
    case v1::RESPONSIBILITY_ROLE_CONTINUITY:
    case v1::RESPONSIBILITY_ROLE_PRISON:
      if (kind != v1::CALLER_KIND_COUNCIL) refusal.Add(kRoleOfCouncil, "role");
      return;
    case v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB:
    case v1::RESPONSIBILITY_ROLE_PLACING_ICB:
      if (kind != v1::CALLER_KIND_NHS) refusal.Add(kRoleOfNhs, "role");
      return;
    case v1::RESPONSIBILITY_ROLE_SUPPORT_PROVIDER:
      if (kind != v1::CALLER_KIND_PROVIDER) refusal.Add(kRoleOfProvider, "role");
      return;
    default:
      return;
  }
}

v1::Responsibility Make(const v1::RegisterPersonRequest& request, const Registrant& by,
                        v1::Responsibility::State state, absl::CivilDay today) {
  v1::Responsibility responsibility;
  responsibility.set_organisation(by.organisation);
  responsibility.set_role(request.role());
  responsibility.set_effective_from_date(request.effective_from_date().empty() ? dates::Format(today)
                                                                               : request.effective_from_date());
  responsibility.set_state(state);
  return responsibility;
}

absl::Status Check(const v1::RegisterPersonRequest& request, const Registrant& by, absl::CivilDay today) {
  const std::vector<errors::FieldViolation> wrong = WrongDates(request, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  CheckRole(request.role(), by.kind, refusal);
  return refusal.ToStatus();
}

}  // namespace

std::vector<errors::FieldViolation> WrongDates(const v1::RegisterPersonRequest& request,
                                               absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong;
  const absl::CivilDay birth = dates::Checked(request.birth_date());
  if (birth > today) wrong.push_back({"birth_date", "is in the future"});
  if (birth.year() < kEarliestYear) wrong.push_back({"birth_date", "is before 1900"});
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
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (held.organisation() == by.organisation && Open(held, today)) return person;
  }
  *person.add_responsibilities() = Make(request, by, v1::Responsibility::STATE_PENDING, today);
  return person;
}

bool IsResponsible(const v1::Person& person, const std::string& organisation, absl::CivilDay day) {
  return std::any_of(person.responsibilities().begin(), person.responsibilities().end(),
                     [&](const v1::Responsibility& held) {
                       return held.organisation() == organisation &&
                              held.state() == v1::Responsibility::STATE_ACCEPTED &&
                              dates::Within(day, held.effective_from_date(), held.effective_to_date());
                     });
}

absl::StatusOr<v1::Person> Accept(v1::Person person, const v1::AcceptResponsibilityRequest& request,
                                  const std::string& organisation, absl::CivilDay today) {
  explain::Refusal refusal;
  if (request.organisation() == organisation) refusal.Add(kNotOwn, person.name());
  v1::Responsibility* pending = nullptr;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    const bool waits = held.state() == v1::Responsibility::STATE_PENDING && Open(held, today);
    if (held.organisation() == request.organisation() && waits) pending = &held;
  }
  if (pending == nullptr && request.organisation() != organisation) {
    refusal.Add(kPendingOnly, person.name(), {{"organisation", request.organisation()}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  pending->set_state(v1::Responsibility::STATE_ACCEPTED);
  return person;
}

absl::StatusOr<v1::Person> End(v1::Person person, const v1::EndResponsibilityRequest& request,
                               const std::string& organisation, absl::CivilDay today) {
  const absl::CivilDay last = dates::Checked(request.effective_to_date());
  v1::Responsibility* own = nullptr;
  bool successor = false;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (held.state() != v1::Responsibility::STATE_ACCEPTED) continue;
    if (held.organisation() == organisation && Open(held, today)) own = &held;
    const bool then = dates::Within(last + 1, held.effective_from_date(), held.effective_to_date());
    successor |= held.organisation() != organisation && then;
  }
  explain::Refusal refusal;
  if (own == nullptr) {
    refusal.Add(kNotResponsible, person.name());
  } else if (last < dates::Checked(own->effective_from_date())) {
    refusal.Add(kEndAfterStart, person.name(), {{"start_date", dates::Checked(own->effective_from_date())}});
  }
  if (!successor && person.death_date().empty()) refusal.Add(kNotLast, person.name(), {{"next_day_date", last + 1}});
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  own->set_effective_to_date(request.effective_to_date());
  return person;
}

}  // namespace ipb::people::rules
