#include "services/people/rules/responsibility.h"

#include <algorithm>
#include <optional>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/people/rules/human.h"

namespace ipb::people::rules {
namespace {

constexpr explain::Rule kPendingOnly{
    "PEOPLE-ACCEPT-PENDING", "{organisation} has no responsibility that waits to be accepted",
    "Care Act 2014 s3 and ss37-38; National Framework 2022: bodies hand over with each other's knowledge",
    "let {organisation} register the person first"};
constexpr explain::Rule kNotOwn{"PEOPLE-ACCEPT-OTHER",
                                "an organisation does not accept its own responsibility",
                                "Care Act 2014 s3: one body lets another in",
                                "let an organisation that is already responsible accept it"};
constexpr explain::Rule kNotResponsible{"PEOPLE-END-HELD",
                                        "your organisation holds no responsibility that could end",
                                        "Care Act 2014 ss37-38", "nothing needs to be done"};
constexpr explain::Rule kNotLast{
    "PEOPLE-END-SUCCESSOR", "no other organisation would be responsible for the person on {next_day_date}",
    "Care Act 2014 ss37-38; National Framework for NHS Continuing Healthcare 2022: no withdrawal without a "
    "successor",
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
constexpr explain::Rule kAfterCare{"PEOPLE-ROLE-AFTER-CARE",
                                   "only a council and an NHS body have the duty of after-care",
                                   "Mental Health Act 1983 s117(2)",
                                   "give the role in which your organisation is responsible: a provider is "
                                   "RESPONSIBILITY_ROLE_SUPPORT_PROVIDER"};
constexpr explain::Rule kRoleOfProvider{
    "PEOPLE-ROLE-PROVIDER", "neither a council nor an NHS body supports a person as their provider",
    "Care Act 2014 s3; Mental Health Act 1983 s117",
    "give the role in which your organisation is responsible"};
constexpr explain::Rule kEndAfterStart{
    "PEOPLE-END-ORDER", "the responsibility began on {start_date}, after the end given",
    "dates of one period are in order", "give a day on or after {start_date}"};
constexpr explain::Rule kOffered{"PEOPLE-ACCEPT-OFFER",
                                 "the responsibility was offered to {organisation} by who hands it over",
                                 "Care Act 2014 ss37-38: the second authority takes over knowingly",
                                 "let {organisation} accept it by registering the person"};
constexpr explain::Rule kUnconfirmed{"PEOPLE-ACCEPT-CONFIRMED",
                                     "your own responsibility was claimed urgently and is not confirmed",
                                     "UK GDPR art 5(1)(f): urgent access opens the person to nobody else",
                                     "let another responsible organisation confirm yours first"};
constexpr explain::Rule kHandOverHeld{
    "PEOPLE-TRANSFER-HELD",
    "your organisation has no responsibility on {last_day_date} that it could hand over",
    "Care Act 2014 ss37-38", "give a later day, or let who is responsible hand over"};
constexpr explain::Rule kHandOverOther{"PEOPLE-TRANSFER-OTHER",
                                       "an organisation does not hand over to itself",
                                       "Care Act 2014 ss37-38", "name the organisation that takes over"};
constexpr explain::Rule kBeforeDetention{
    "PEOPLE-ROLE-SECTION-117", "{council} was where the person was ordinarily resident on {day_before_date}",
    "Mental Health Act 1983 s117(3); R (Worcestershire CC) v SSHSC [2023] UKSC 31: residence immediately "
    "before the "
    "detention",
    "let {council} be responsible for the after-care, or put its dates right first"};
constexpr explain::Rule kPrison{
    "PEOPLE-TRANSFER-PRISON", "prison leaves ordinary residence where it is", "Care Act 2014 s76",
    "let the council where the prison is register the person, and accept it beside yours"};
constexpr explain::Rule kUrgentOnce{"PEOPLE-URGENT-ONCE",
                                    "your organisation is responsible for the person already",
                                    "UK GDPR art 5(1)(f)", "nothing needs to be done"};

// The kinds of body that are responsible in a role, one or two, and the rule that refuses all others.
struct Holders {
  v1::ResponsibilityRole role;
  v1::CallerKind kind;
  v1::CallerKind other_kind;
  const explain::Rule* rule;
};

constexpr auto kCouncil = v1::CALLER_KIND_COUNCIL;
constexpr auto kNhs = v1::CALLER_KIND_NHS;
constexpr auto kProvider = v1::CALLER_KIND_PROVIDER;

constexpr Holders kHolders[] = {
    {v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_HOST, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_CONTINUITY, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_PRISON, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_SECTION_117, kCouncil, kNhs, &kAfterCare},
    {v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, kNhs, kNhs, &kRoleOfNhs},
    {v1::RESPONSIBILITY_ROLE_PLACING_ICB, kNhs, kNhs, &kRoleOfNhs},
    {v1::RESPONSIBILITY_ROLE_SUPPORT_PROVIDER, kProvider, kProvider, &kRoleOfProvider},
};

// Whether it waits for the successor to whom it was offered.
bool IsOffer(const v1::Responsibility& held) {
  return held.state() == v1::Responsibility::STATE_PENDING && !held.handed_over_by().empty();
}

// The responsibility of `by` that is in effect on a day and may be handed over: in the role asked for where
// it has one.
const v1::Responsibility* OwnOn(const v1::Person& person, const Registrant& by, v1::ResponsibilityRole role,
                                absl::CivilDay day) {
  const v1::Responsibility* own = nullptr;
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (!by.Is(held.organisation()) || !InEffect(held, day) || !IsConfirmed(held)) continue;
    if (own == nullptr || own->role() != role) own = &held;
  }
  return own;
}

// Adds the rule that is not met where another council was that of ordinary residence on the day before the
// detention.
void CheckDetention(const v1::Person& person, const v1::Responsibility& asked, explain::Refusal& refusal) {
  if (asked.detention_date().empty()) return;
  const absl::CivilDay day_before = dates::Checked(asked.detention_date()) - 1;
  const auto resident = [&](const v1::Responsibility& held) {
    return held.role() == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE && InEffect(held, day_before);
  };
  const auto& all = person.responsibilities();
  const auto other = std::find_if(all.begin(), all.end(), resident);
  const bool own = std::any_of(all.begin(), all.end(), [&](const v1::Responsibility& held) {
    return resident(held) && held.organisation() == asked.organisation();
  });
  if (other == all.end() || own) return;
  refusal.Add(kBeforeDetention, person.name(),
              {{"council", other->organisation()}, {"day_before_date", day_before}});
}

// The first day after the one given on which nobody is responsible; none where there is no such day.
std::optional<absl::CivilDay> GapAfter(const v1::Person& person, absl::CivilDay last) {
  const auto& all = person.responsibilities();
  std::vector<absl::CivilDay> days = {last + 1};
  for (const v1::Responsibility& held : all) {
    if (!held.effective_to_date().empty()) days.push_back(dates::Checked(held.effective_to_date()) + 1);
  }
  std::sort(days.begin(), days.end());
  for (const absl::CivilDay day : days) {
    const bool held = std::any_of(all.begin(), all.end(), [day](const v1::Responsibility& one) {
      return InEffect(one, day) && IsConfirmed(one);
    });
    if (day > last && !held) return day;
  }
  return std::nullopt;
}

// Ends what is in effect after the day, and not before it began.
void EndOn(v1::Responsibility& held, absl::CivilDay last) {
  last = std::max(last, dates::Checked(held.effective_from_date()));
  if (Open(held, last + 1)) held.set_effective_to_date(dates::Format(last));
}

// Ends all that `by` has in the role on the day: a person who was merged may have brought the same once more.
void EndAll(v1::Person& person, const Registrant& by, v1::ResponsibilityRole role, absl::CivilDay last) {
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (by.Is(held.organisation()) && held.role() == role && InEffect(held, last)) EndOn(held, last);
  }
}

void WithdrawOffers(v1::Person& person, const Registrant& by) {
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (IsOffer(held) && by.Is(held.handed_over_by())) held.set_state(v1::Responsibility::STATE_WITHDRAWN);
  }
}

// What the successor has already: accepted and going on from the day, or asked for by itself.
v1::Responsibility* OfSuccessor(v1::Person& person, const std::string& successor, absl::CivilDay day) {
  v1::Responsibility* found = nullptr;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (held.organisation() != successor || !IsConfirmed(held)) continue;
    const bool accepted = InEffect(held, day) && held.effective_to_date().empty();
    const bool asked = held.state() == v1::Responsibility::STATE_PENDING && !IsOffer(held) && Open(held, day);
    if (accepted || (asked && found == nullptr)) found = &held;
  }
  return found;
}

// What is offered to the successor, with what was said of the one that is handed over in the same role.
v1::Responsibility OfferOf(const v1::TransferResponsibilityRequest& request, const v1::Responsibility* own) {
  v1::Responsibility offer;
  offer.set_organisation(request.organisation());
  offer.set_role(request.role());
  offer.set_effective_from_date(request.effective_from_date());
  offer.set_state(v1::Responsibility::STATE_PENDING);
  if (own == nullptr) return offer;
  offer.set_handed_over_by(own->organisation());
  if (own->role() != request.role()) return offer;
  offer.set_detention_date(own->detention_date());
  offer.set_placement(own->placement());
  return offer;
}

}  // namespace

bool Open(const v1::Responsibility& held, absl::CivilDay day) {
  return held.effective_to_date().empty() || dates::Checked(held.effective_to_date()) >= day;
}

bool InEffect(const v1::Responsibility& held, absl::CivilDay day) {
  return held.state() == v1::Responsibility::STATE_ACCEPTED &&
         dates::Within(day, held.effective_from_date(), held.effective_to_date());
}

bool IsConfirmed(const v1::Responsibility& held) {
  return !held.has_urgent() || !held.urgent().confirmed_by().empty();
}

void CheckRole(v1::ResponsibilityRole role, v1::CallerKind kind, explain::Refusal& refusal) {
  for (const Holders& holders : kHolders) {
    const bool may = kind == holders.kind || kind == holders.other_kind;
    if (holders.role == role && !may) refusal.Add(*holders.rule, "role");
  }
}

absl::StatusOr<v1::Person> Accept(v1::Person person, const v1::AcceptResponsibilityRequest& request,
                                  const Registrant& by, v1::CallerKind asking_kind, absl::CivilDay today) {
  v1::Responsibility* waiting = nullptr;
  bool offered = false;
  bool confirmed = false;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    confirmed |= by.Is(held.organisation()) && InEffect(held, today) && IsConfirmed(held);
    const bool asks = held.state() == v1::Responsibility::STATE_PENDING && Open(held, today);
    const bool urgent = InEffect(held, today) && !IsConfirmed(held);
    if (held.organisation() != request.organisation() || !(asks || urgent)) continue;
    offered |= IsOffer(held);
    if (!IsOffer(held)) waiting = &held;
  }
  explain::Refusal refusal;
  const bool own = by.Is(request.organisation());
  if (own) refusal.Add(kNotOwn, person.name());
  if (!confirmed) refusal.Add(kUnconfirmed, person.name());
  if (waiting == nullptr && !own) {
    refusal.Add(offered ? kOffered : kPendingOnly, person.name(), {{"organisation", request.organisation()}});
  }
  if (waiting != nullptr && asking_kind == kCouncil) CheckDetention(person, *waiting, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  waiting->set_state(v1::Responsibility::STATE_ACCEPTED);
  if (!waiting->has_urgent()) return person;
  waiting->mutable_urgent()->set_confirmed_by(by.organisation);
  waiting->clear_effective_to_date();
  return person;
}

absl::StatusOr<v1::Person> End(v1::Person person, const v1::EndResponsibilityRequest& request,
                               const Registrant& by, absl::CivilDay today) {
  const absl::CivilDay last = dates::Checked(request.effective_to_date());
  std::vector<v1::Responsibility*> own;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    const bool accepted = held.state() == v1::Responsibility::STATE_ACCEPTED;
    if (accepted && by.Is(held.organisation()) && Open(held, today)) own.push_back(&held);
  }
  explain::Refusal refusal;
  if (own.empty()) refusal.Add(kNotResponsible, person.name());
  for (const v1::Responsibility* held : own) {
    const absl::CivilDay first = dates::Checked(held->effective_from_date());
    if (last < first) refusal.Add(kEndAfterStart, person.name(), {{"start_date", first}});
  }
  for (v1::Responsibility* held : own) {
    // What was claimed urgently and not confirmed ends by itself, and not later.
    if (IsConfirmed(*held) || Open(*held, last)) held->set_effective_to_date(request.effective_to_date());
  }
  const std::optional<absl::CivilDay> gap = GapAfter(person, last);
  if (gap && person.death_date().empty()) refusal.Add(kNotLast, person.name(), {{"next_day_date", *gap}});
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  return person;
}

absl::StatusOr<v1::Person> HandOver(v1::Person person, const v1::TransferResponsibilityRequest& request,
                                    const v1::HumanDecision& decision, const Registrant& by,
                                    v1::CallerKind successor_kind, absl::CivilDay today) {
  const absl::CivilDay first = dates::Checked(request.effective_from_date());
  std::vector<errors::FieldViolation> wrong = WrongDecision(decision, today);
  if (first < today) wrong.push_back({"effective_from_date", "is in the past"});
  if (successor_kind == v1::CALLER_KIND_UNSPECIFIED) {
    wrong.push_back({"organisation", "is no organisation that policy knows on that day"});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  WithdrawOffers(person, by);
  const v1::Responsibility* own = OwnOn(person, by, request.role(), first - 1);
  explain::Refusal refusal;
  if (own == nullptr) refusal.Add(kHandOverHeld, person.name(), {{"last_day_date", first - 1}});
  if (by.Is(request.organisation())) refusal.Add(kHandOverOther, "organisation");
  CheckRole(request.role(), successor_kind, refusal);
  const bool resident = own != nullptr && own->role() == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE;
  if (resident && request.role() == v1::RESPONSIBILITY_ROLE_PRISON) refusal.Add(kPrison, "role");
  v1::Responsibility* successor = OfSuccessor(person, request.organisation(), first);
  const v1::Responsibility offer = OfferOf(request, own);
  if (successor_kind == kCouncil) {
    const bool asked = successor != nullptr && !successor->detention_date().empty();
    CheckDetention(person, asked ? *successor : offer, refusal);
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  if (successor == nullptr) {
    *person.add_responsibilities() = offer;
    return person;
  }
  successor->set_state(v1::Responsibility::STATE_ACCEPTED);
  if (dates::Checked(successor->effective_from_date()) > first) {
    successor->set_effective_from_date(request.effective_from_date());
  }
  EndAll(person, by, own->role(), first - 1);
  return person;
}

bool TakeOver(const Registrant& by, absl::CivilDay today, v1::Person& person) {
  auto& all = *person.mutable_responsibilities();
  const auto offer = std::find_if(all.begin(), all.end(), [&](const v1::Responsibility& held) {
    return IsOffer(held) && by.Is(held.organisation());
  });
  if (offer == all.end()) return false;
  offer->set_state(v1::Responsibility::STATE_ACCEPTED);
  const absl::CivilDay last = std::max(dates::Checked(offer->effective_from_date()), today) - 1;
  const Registrant before{offer->handed_over_by(), v1::CALLER_KIND_UNSPECIFIED, {}};
  const v1::Responsibility* theirs = OwnOn(person, before, offer->role(), last);
  if (theirs != nullptr) EndAll(person, before, theirs->role(), last);
  return true;
}

absl::StatusOr<v1::Person> ClaimUrgently(v1::Person person,
                                         const v1::ClaimUrgentResponsibilityRequest& request,
                                         const v1::HumanDecision& decision, const Registrant& by,
                                         const v1::PeoplePolicy& policy, absl::CivilDay today) {
  const std::vector<errors::FieldViolation> wrong = WrongDecision(decision, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  const v1::UrgentResponsibility* row = dates::InEffect(policy.urgent_responsibilities(), today);
  if (row == nullptr) return errors::NoRate("urgent responsibility", dates::Format(today));
  explain::Refusal refusal;
  CheckRole(request.role(), by.kind, refusal);
  const bool responsible = std::any_of(
      person.responsibilities().begin(), person.responsibilities().end(),
      [&](const v1::Responsibility& held) { return by.Is(held.organisation()) && InEffect(held, today); });
  if (responsible) refusal.Add(kUrgentOnce, person.name());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  const std::string last = dates::Format(today + row->confirm_within_days() - 1);
  v1::Responsibility* claimed = person.add_responsibilities();
  claimed->set_organisation(by.organisation);
  claimed->set_role(request.role());
  claimed->set_effective_from_date(dates::Format(today));
  claimed->set_effective_to_date(last);
  claimed->set_state(v1::Responsibility::STATE_ACCEPTED);
  *claimed->mutable_urgent()->mutable_decision() = decision;
  claimed->mutable_urgent()->set_confirm_by_date(last);
  return person;
}

}  // namespace ipb::people::rules
