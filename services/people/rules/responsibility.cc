#include "services/people/rules/responsibility.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/people/rules/human.h"
#include "services/people/rules/role.h"

namespace ipb::people::rules {
namespace {

// Of one person, past ones included: few enough for one record, and for the copy that each service reads.
constexpr int kMostResponsibilities = 100;

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
    "before the detention",
    "let {council}, or the council that succeeded it, be responsible for the after-care"};
constexpr explain::Rule kResident{
    "PEOPLE-ROLE-RESIDENT",
    "your council is where the person is ordinarily resident on {start_date}: it does not host them or "
    "continue another's care",
    "Care Act 2014 ss18, 37-39",
    "nothing needs to be done; where the person is resident elsewhere, hand over "
    "(TransferResponsibility)"};
constexpr explain::Rule kManyResponsibilities{
    "PEOPLE-RESPONSIBILITY-MANY", "{count} responsibilities would be on record, past ones included",
    "a record holds at most 100", "tell whoever operates this service"};
constexpr explain::Rule kUrgentOnce{
    "PEOPLE-URGENT-ONCE", "your organisation is responsible for the person already", "UK GDPR art 5(1)(f)",
    "nothing needs to be done; for a further role register the person (RegisterPerson)"};

// Whether it waits for the successor to whom it was offered.
bool IsOffer(const v1::Responsibility& held) {
  return held.state() == v1::Responsibility::STATE_PENDING && !held.handed_over_by().empty();
}

// How far a responsibility in one role is from what is handed over as another. After-care and prison pass as
// themselves.
int Distance(v1::ResponsibilityRole held, v1::ResponsibilityRole role) {
  if (held == role) return 0;
  if (held == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE) return 1;
  return held == v1::RESPONSIBILITY_ROLE_SECTION_117 || held == v1::RESPONSIBILITY_ROLE_PRISON ? 3 : 2;
}

// The responsibility of `by` that is in effect on a day and may be handed over: the nearest to the role asked
// for.
const v1::Responsibility* OwnOn(const v1::Person& person, const Registrant& by, v1::ResponsibilityRole role,
                                absl::CivilDay day) {
  const v1::Responsibility* own = nullptr;
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (!by.Is(held.organisation()) || !InEffect(held, day) || !IsConfirmed(held)) continue;
    if (own == nullptr || Distance(held.role(), role) < Distance(own->role(), role)) own = &held;
  }
  return own;
}

// The ordinary residence on the day before the detention that keeps the after-care asked for from a council,
// as it was that of another; null where nothing does. Who was dissolved since is of no kind.
const v1::Responsibility* ResidenceElsewhere(const v1::Person& person, const v1::Responsibility& asked,
                                             const Registrant& asking) {
  const bool council = asking.kind == v1::CALLER_KIND_COUNCIL || asking.kind == v1::CALLER_KIND_UNSPECIFIED;
  if (!council || asked.detention_date().empty()) return nullptr;
  const absl::CivilDay day_before = dates::Checked(asked.detention_date()) - 1;
  const v1::Responsibility* elsewhere = nullptr;
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (held.role() != v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE || !InEffect(held, day_before)) continue;
    if (asking.Is(held.organisation())) return nullptr;
    if (elsewhere == nullptr) elsewhere = &held;
  }
  return elsewhere;
}

void CheckDetention(const v1::Person& person, const v1::Responsibility& asked, const Registrant& asking,
                    explain::Refusal& refusal) {
  const v1::Responsibility* elsewhere = ResidenceElsewhere(person, asked, asking);
  if (elsewhere == nullptr) return;
  refusal.Add(kBeforeDetention, person.name(),
              {{"council", elsewhere->organisation()},
               {"day_before_date", dates::Checked(asked.detention_date()) - 1}});
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

// Accepts it; nobody is responsible before the birth.
void Begin(const v1::Person& person, v1::Responsibility& held) {
  held.set_state(v1::Responsibility::STATE_ACCEPTED);
  if (held.effective_from_date() < person.birth_date()) held.set_effective_from_date(person.birth_date());
}

// A council that has become that of ordinary residence does not host or continue any more: it ends the day
// before.
void EndWhatResidenceReplaces(v1::Person& person, const Registrant& whose, const v1::Responsibility& begun) {
  if (begun.role() != v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE) return;
  const absl::CivilDay last = dates::Checked(begun.effective_from_date()) - 1;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    const bool replaced = IsReplacedByResidence(held.role()) && whose.Is(held.organisation());
    if (replaced && held.state() == v1::Responsibility::STATE_ACCEPTED) EndOn(held, last);
  }
}

// Takes back what `by` offered before of the responsibility that it has in the role.
void WithdrawOffers(v1::Person& person, const Registrant& by, v1::ResponsibilityRole role) {
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (!IsOffer(held) || !by.Is(held.handed_over_by())) continue;
    const absl::CivilDay last = dates::Checked(held.effective_from_date()) - 1;
    const v1::Responsibility* own = OwnOn(person, by, held.role(), last);
    if (own == nullptr || own->role() == role) held.set_state(v1::Responsibility::STATE_WITHDRAWN);
  }
}

// What the successor has already of what is handed over in the role: accepted and going on from the day, or
// asked for by itself, in that role sooner than in another of the same duty.
v1::Responsibility* OfSuccessor(v1::Person& person, const Registrant& successor, v1::ResponsibilityRole role,
                                absl::CivilDay day) {
  v1::Responsibility* found = nullptr;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (!successor.Is(held.organisation()) || !IsConfirmed(held) || !IsOneDuty(held.role(), role)) continue;
    const bool same = held.role() == role;
    const bool enough = same || held.role() == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE;
    if (enough && InEffect(held, day) && held.effective_to_date().empty()) return &held;
    const bool asked = held.state() == v1::Responsibility::STATE_PENDING && !IsOffer(held) && Open(held, day);
    if (asked && (found == nullptr || (same && found->role() != role))) found = &held;
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

// What was offered to `by`: in the role asked for, or in any where it does not know the person and so cannot
// tell. Null where nothing was.
v1::Responsibility* OfferTo(v1::Person& person, const Registrant& by, v1::ResponsibilityRole role,
                            absl::CivilDay today) {
  const bool knows = IsResponsible(person, by, today);
  v1::Responsibility* found = nullptr;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (!IsOffer(held) || !by.Is(held.organisation())) continue;
    if (held.role() == role) return &held;
    if (!knows && found == nullptr) found = &held;
  }
  return found;
}

// Accepts the offer, and ends that of who made it the day before.
void TakeOver(v1::Responsibility& offer, const Registrant& by, absl::CivilDay today, v1::Person& person) {
  Begin(person, offer);
  EndWhatResidenceReplaces(person, by, offer);
  const absl::CivilDay last = std::max(dates::Checked(offer.effective_from_date()), today) - 1;
  const Registrant before{offer.handed_over_by(), v1::CALLER_KIND_UNSPECIFIED, {}};
  const v1::Responsibility* theirs = OwnOn(person, before, offer.role(), last);
  if (theirs != nullptr && PassesAs(theirs->role(), offer.role())) {
    EndAll(person, before, theirs->role(), last);
  }
}

// What `by` has in the role, or waits for by itself, and has not ended; null where there is none.
v1::Responsibility* StandingOf(v1::Person& person, const Registrant& by, v1::ResponsibilityRole role,
                               absl::CivilDay today) {
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    const bool stands = held.state() != v1::Responsibility::STATE_WITHDRAWN && !IsOffer(held);
    if (stands && by.Is(held.organisation()) && held.role() == role && Open(held, today)) return &held;
  }
  return nullptr;
}

// Whether `by` is responsible, and nobody else is or will be who could accept what it asks for.
bool IsAlone(const v1::Person& person, const Registrant& by, absl::CivilDay today) {
  bool responsible = false;
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (held.state() != v1::Responsibility::STATE_ACCEPTED || !IsConfirmed(held)) continue;
    if (!by.Is(held.organisation()) && Open(held, today)) return false;
    responsible |= by.Is(held.organisation()) && InEffect(held, today);
  }
  return responsible;
}

void CheckNotResident(const v1::Person& person, const v1::Responsibility& asked, const Registrant& by,
                      explain::Refusal& refusal) {
  const absl::CivilDay first = dates::Checked(asked.effective_from_date());
  const bool resident =
      std::any_of(person.responsibilities().begin(), person.responsibilities().end(), [&](const auto& held) {
        return held.role() == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE && by.Is(held.organisation()) &&
               InEffect(held, first);
      });
  if (resident && IsReplacedByResidence(asked.role()))
    refusal.Add(kResident, "role", {{"start_date", first}});
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

bool IsResponsible(const v1::Person& person, const Registrant& by, absl::CivilDay day) {
  return std::any_of(
      person.responsibilities().begin(), person.responsibilities().end(),
      [&](const v1::Responsibility& held) { return by.Is(held.organisation()) && InEffect(held, day); });
}

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

void CheckRoom(const v1::Person& person, int more, explain::Refusal& refusal) {
  const int count = person.responsibilities_size() + more;
  if (count > kMostResponsibilities) {
    refusal.Add(kManyResponsibilities, person.name(), {{"count", int64_t{count}}});
  }
}

absl::StatusOr<v1::Person> Ask(v1::Person person, const v1::Responsibility& asked, const Registrant& by,
                               absl::CivilDay today) {
  if (v1::Responsibility* offer = OfferTo(person, by, asked.role(), today)) {
    TakeOver(*offer, by, today, person);
    return person;
  }
  const bool alone = IsAlone(person, by, today);
  v1::Responsibility* standing = StandingOf(person, by, asked.role(), today);
  if (standing != nullptr && (standing->state() == v1::Responsibility::STATE_ACCEPTED || !alone))
    return person;
  explain::Refusal refusal;
  if (standing == nullptr) CheckRoom(person, 1, refusal);
  CheckNotResident(person, asked, by, refusal);
  if (alone) CheckDetention(person, standing == nullptr ? asked : *standing, by, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  if (standing == nullptr) {
    standing = person.add_responsibilities();
    *standing = asked;
    standing->set_state(v1::Responsibility::STATE_PENDING);
  }
  if (!alone) return person;
  Begin(person, *standing);
  EndWhatResidenceReplaces(person, by, *standing);
  return person;
}

absl::StatusOr<v1::Person> Accept(v1::Person person, const Registrant& asking, const Registrant& by,
                                  absl::CivilDay today) {
  std::vector<v1::Responsibility*> waiting;
  bool offered = false;
  bool confirmed = false;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    confirmed |= by.Is(held.organisation()) && InEffect(held, today) && IsConfirmed(held);
    const bool asks = held.state() == v1::Responsibility::STATE_PENDING && Open(held, today);
    const bool urgent = InEffect(held, today) && !IsConfirmed(held);
    if (!asking.Is(held.organisation()) || !(asks || urgent)) continue;
    offered |= IsOffer(held);
    if (!IsOffer(held)) waiting.push_back(&held);
  }
  std::vector<v1::Responsibility*> accepted;
  for (v1::Responsibility* held : waiting) {
    if (ResidenceElsewhere(person, *held, asking) == nullptr) accepted.push_back(held);
  }
  explain::Refusal refusal;
  const bool own = by.Is(asking.organisation);
  if (own) refusal.Add(kNotOwn, person.name());
  if (!confirmed) refusal.Add(kUnconfirmed, person.name());
  if (waiting.empty() && !own) {
    refusal.Add(offered ? kOffered : kPendingOnly, person.name(), {{"organisation", asking.organisation}});
  }
  // What cannot be does not keep the organisation from what can.
  for (const v1::Responsibility* held : waiting) {
    if (accepted.empty()) CheckDetention(person, *held, asking, refusal);
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  for (v1::Responsibility* held : accepted) {
    Begin(person, *held);
    if (!held->has_urgent()) continue;
    held->mutable_urgent()->set_confirmed_by(by.organisation);
    held->clear_effective_to_date();
  }
  for (const v1::Responsibility* held : accepted) EndWhatResidenceReplaces(person, asking, *held);
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
    const bool begun = first <= today;
    if (last < first && begun) refusal.Add(kEndAfterStart, person.name(), {{"start_date", first}});
  }
  for (v1::Responsibility* held : own) {
    if (dates::Checked(held->effective_from_date()) > last) {
      held->set_state(v1::Responsibility::STATE_WITHDRAWN);
    } else if (Open(*held, last + 1)) {
      // What ends sooner, as it was handed over, replaced or claimed urgently, does not last longer by this.
      held->set_effective_to_date(request.effective_to_date());
    }
  }
  const std::optional<absl::CivilDay> gap = GapAfter(person, last);
  if (gap && person.death_date().empty()) refusal.Add(kNotLast, person.name(), {{"next_day_date", *gap}});
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  return person;
}

std::vector<std::string> StayResponsible(absl::CivilDay today, v1::Person& person) {
  const std::optional<absl::CivilDay> gap = GapAfter(person, today - 1);
  if (!gap) return {};
  std::vector<v1::Responsibility*> last;
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    const bool accepted = held.state() == v1::Responsibility::STATE_ACCEPTED && IsConfirmed(held);
    if (!accepted || Open(held, *gap)) continue;
    if (!last.empty() && held.effective_to_date() > last.front()->effective_to_date()) last.clear();
    if (last.empty() || held.effective_to_date() == last.front()->effective_to_date()) last.push_back(&held);
  }
  std::vector<std::string> stay;
  for (v1::Responsibility* held : last) {
    held->clear_effective_to_date();
    stay.push_back(held->organisation());
  }
  return stay;
}

absl::StatusOr<v1::Person> HandOver(v1::Person person, const v1::TransferResponsibilityRequest& request,
                                    const v1::HumanDecision& decision, const Registrant& by,
                                    const Registrant& successor, absl::CivilDay today) {
  const absl::CivilDay first = dates::Checked(request.effective_from_date());
  std::vector<errors::FieldViolation> wrong = WrongDecision(decision, today);
  if (first < today) wrong.push_back({"effective_from_date", "is in the past"});
  if (successor.kind == v1::CALLER_KIND_UNSPECIFIED) {
    wrong.push_back({"organisation", "is no organisation that policy knows on that day"});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  const v1::Responsibility* own = OwnOn(person, by, request.role(), first - 1);
  if (own != nullptr) WithdrawOffers(person, by, own->role());
  v1::Responsibility* known = OfSuccessor(person, successor, request.role(), first);
  const v1::Responsibility offer = OfferOf(request, own);
  explain::Refusal refusal;
  if (own == nullptr) refusal.Add(kHandOverHeld, person.name(), {{"last_day_date", first - 1}});
  if (by.Is(request.organisation())) refusal.Add(kHandOverOther, "organisation");
  CheckRole(request.role(), successor.kind, refusal);
  if (own != nullptr) CheckPassesAs(own->role(), request.role(), refusal);
  if (known == nullptr) CheckRoom(person, 1, refusal);
  const bool asked = known != nullptr && !known->detention_date().empty();
  CheckDetention(person, asked ? *known : offer, successor, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  if (known == nullptr) {
    *person.add_responsibilities() = offer;
    return person;
  }
  Begin(person, *known);
  if (dates::Checked(known->effective_from_date()) > first) {
    known->set_effective_from_date(request.effective_from_date());
  }
  EndWhatResidenceReplaces(person, successor, *known);
  EndAll(person, by, own->role(), first - 1);
  return person;
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
  if (IsResponsible(person, by, today)) refusal.Add(kUrgentOnce, person.name());
  CheckRoom(person, 1, refusal);
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
