#include "services/people/rules/representative.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/people/rules/appointment.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::Representative;

constexpr explain::Rule kNominated{"PEOPLE-S31",
                                   "They receive council money for the person from {start_date}, as the "
                                   "person asks; every condition is met",
                                   "Care Act 2014 s31"};
constexpr explain::Rule kNominee{"PEOPLE-REG6",
                                 "They receive NHS money for the person from {start_date}, as the person "
                                 "asks; every condition is met",
                                 "SI 2013/1617 reg 6"};
constexpr explain::Rule kAuthorised{
    "PEOPLE-S32",
    "They act for the person from {start_date} as authorised person: {ground}; every "
    "condition is met",
    "Care Act 2014 s32"};
constexpr explain::Rule kRepresents{
    "PEOPLE-REG5", "They act for the person from {start_date} as representative; every condition is met",
    "SI 2013/1617 reg 5"};
constexpr explain::Rule kParent{"PEOPLE-PARENT",
                                "They act by parental responsibility from {start_date}, until the "
                                "person's 16th birthday",
                                "Children Act 1989 s17A; SI 2009/1887; SI 2013/1617 reg 4"};
constexpr explain::Rule kAdvocate{"PEOPLE-S67",
                                  "They support the person to be involved from {start_date}, and neither "
                                  "sign nor receive",
                                  "Care Act 2014 s67"};
constexpr explain::Rule kMca{"PEOPLE-MCA",
                             "They decide within the scopes of the instrument from {start_date}",
                             "Mental Capacity Act 2005 ss9-11, 16-20"};

constexpr explain::Rule kAdultsOnly{"PEOPLE-REP-ADULT", "the person is {age} on {start_date}, not an adult",
                                    "Care Act 2014 ss31-32; children: Children Act 1989 s17A",
                                    "appoint from the person's 18th birthday"};
constexpr explain::Rule kSixteen{
    "PEOPLE-REP-SIXTEEN", "the person is {age} on {start_date}, younger than 16", "SI 2013/1617 regs 4-6",
    "appoint from the 16th birthday; until then whoever holds parental responsibility acts"};
constexpr explain::Rule kDonor{
    "PEOPLE-REP-DONOR", "the person is {age} on {start_date}, too young to give a power of attorney",
    "Mental Capacity Act 2005 s9(2)(c)", "check the instrument: a court may appoint a deputy"};
constexpr explain::Rule kDeputy{
    "PEOPLE-REP-DEPUTY", "the person is {age} on {start_date}, too young for a deputy for health and welfare",
    "Mental Capacity Act 2005 ss2(5), 18(3)",
    "whoever holds parental responsibility acts until the 16th birthday"};
constexpr explain::Rule kUnderSixteen{
    "PEOPLE-REP-PARENT", "the person is {age} on {start_date}, not younger than 16",
    "SI 2013/1617 regs 3-4; Children Act 1989 s17A(2)(c)",
    "let the person act, or appoint who acts for a person without capacity"};
constexpr explain::Rule kLiving{"PEOPLE-REP-LIVING", "the person died on {death_date}",
                                "authority to act ends with life (Mental Capacity Act 2005)",
                                "deal with the personal representatives of the estate"};
constexpr explain::Rule kTwice{"PEOPLE-REP-TWICE", "they are appointed in this way already from {start_date}",
                               "an appointment is on record once", "end the one on record first"};
constexpr explain::Rule kEnded{"PEOPLE-REP-ENDED", "the appointment has a last day already: {end_date}",
                               "a period ends once", "appoint again"};

void CheckAge(const v1::AppointRepresentativeRequest& request, const v1::Person& person, absl::CivilDay first,
              explain::Refusal& refusal) {
  const int age = dates::AgeOn(dates::Checked(person.birth_date()), first);
  const explain::Inputs inputs = {{"age", int64_t{age}}, {"start_date", first}};
  const auto& scopes = request.scopes();
  const bool welfare =
      std::find(scopes.begin(), scopes.end(), Kind::SCOPE_HEALTH_AND_WELFARE) != scopes.end();
  switch (request.kind()) {
    case Kind::KIND_NOMINATED_PERSON:
    case Kind::KIND_AUTHORISED_PERSON:
      if (age < kAdultAge) refusal.Add(kAdultsOnly, person.name(), inputs);
      return;
    case Kind::KIND_NOMINEE:
    case Kind::KIND_REPRESENTATIVE:
      if (age < kOwnDecisionAge) refusal.Add(kSixteen, person.name(), inputs);
      return;
    case Kind::KIND_PARENT:
      if (age >= kOwnDecisionAge) refusal.Add(kUnderSixteen, person.name(), inputs);
      return;
    case Kind::KIND_ATTORNEY:
      if (age < kAdultAge) refusal.Add(kDonor, person.name(), inputs);
      return;
    case Kind::KIND_DEPUTY:
      if (age < kOwnDecisionAge && welfare) refusal.Add(kDeputy, person.name(), inputs);
      return;
    default:
      return;
  }
}

void CheckTwice(const AuthorityFacts& facts, const v1::AppointRepresentativeRequest& request,
                absl::CivilDay first, explain::Refusal& refusal) {
  for (const v1::Representative& row : facts.representatives) {
    const bool same = row.kind() == request.kind() && row.party() == request.party();
    const bool lasts = row.effective_to_date().empty() || dates::Checked(row.effective_to_date()) >= first;
    if (same && lasts)
      refusal.Add(kTwice, row.name(), {{"start_date", dates::Checked(row.effective_from_date())}});
  }
}

// What bars direct payments under the law of the kind stands in the way of the appointment too (s31(5),
// s32(6)).
absl::Status CheckProhibited(const AuthorityFacts& facts, Kind::Kind kind, absl::CivilDay first,
                             explain::Refusal& refusal) {
  switch (kind) {
    case Kind::KIND_NOMINATED_PERSON:
    case Kind::KIND_AUTHORISED_PERSON:
      return CheckBars(facts, v1::DIRECT_PAYMENT_REGIME_CARE_ACT, first, refusal);
    case Kind::KIND_NOMINEE:
    case Kind::KIND_REPRESENTATIVE:
      return CheckBars(facts, v1::DIRECT_PAYMENT_REGIME_NHS, first, refusal);
    default:
      return absl::OkStatus();
  }
}

const explain::Rule& RuleOf(Kind::Kind kind) {
  switch (kind) {
    case Kind::KIND_NOMINATED_PERSON:
      return kNominated;
    case Kind::KIND_NOMINEE:
      return kNominee;
    case Kind::KIND_AUTHORISED_PERSON:
      return kAuthorised;
    case Kind::KIND_REPRESENTATIVE:
      return kRepresents;
    case Kind::KIND_PARENT:
      return kParent;
    case Kind::KIND_ADVOCATE:
      return kAdvocate;
    default:
      return kMca;
  }
}

// The limb of s32(4), as people name it.
std::string WordsOf(Kind::Ground ground) {
  switch (ground) {
    case Kind::GROUND_MCA_AUTHORISED:
      return "(a) authorised to decide about care";
    case Kind::GROUND_APPROVED_BY_MCA_AUTHORISED:
      return "(b) approved by who is authorised to decide about care";
    default:
      return "(c) nobody is authorised to decide about care";
  }
}

v1::Representative Made(const v1::AppointRepresentativeRequest& request, const v1::HumanDecision& by,
                        absl::CivilDay first) {
  v1::Representative representative;
  representative.set_kind(request.kind());
  representative.set_party(request.party());
  representative.set_effective_from_date(dates::Format(first));
  representative.set_reasons(request.reasons());
  *representative.mutable_scopes() = request.scopes();
  representative.set_ground(request.ground());
  representative.set_mca_authority(request.mca_authority());
  *representative.mutable_conditions() = request.conditions();
  representative.set_closeness(request.closeness());
  *representative.mutable_decision() = by;
  return representative;
}

}  // namespace

absl::StatusOr<AppointmentDecision> Appoint(const AuthorityFacts& facts,
                                            const v1::AppointRepresentativeRequest& request,
                                            const v1::HumanDecision& by, absl::CivilDay today) {
  const absl::CivilDay first =
      request.effective_from_date().empty() ? today : dates::Checked(request.effective_from_date());
  const std::vector<errors::FieldViolation> wrong = WrongFields(request, facts.person, first, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  CheckAge(request, facts.person, first, refusal);
  if (!facts.person.death_date().empty()) {
    refusal.Add(kLiving, facts.person.name(), {{"death_date", dates::Checked(facts.person.death_date())}});
  }
  CheckTwice(facts, request, first, refusal);
  CheckConditions(facts, request, first, refusal);
  IPB_RETURN_IF_ERROR(CheckProhibited(facts, request.kind(), first, refusal));
  IPB_RETURN_IF_ERROR(CheckDisclosure(facts.policy, request, first, refusal));
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  AppointmentDecision decision;
  decision.representative = Made(request, by, first);
  explain::Inputs inputs = {{"start_date", first}};
  if (request.kind() == Kind::KIND_AUTHORISED_PERSON) inputs.push_back({"ground", WordsOf(request.ground())});
  decision.trace.Add(RuleOf(request.kind()), std::move(inputs));
  return decision;
}

absl::StatusOr<v1::Representative> EndAppointment(v1::Representative representative,
                                                  const v1::EndRepresentativeRequest& request) {
  explain::Refusal refusal;
  if (!representative.effective_to_date().empty()) {
    refusal.Add(kEnded, representative.name(),
                {{"end_date", dates::Checked(representative.effective_to_date())}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  if (dates::Checked(request.effective_to_date()) < dates::Checked(representative.effective_from_date())) {
    return errors::InvalidField("effective_to_date", "is before the appointment began");
  }
  representative.set_effective_to_date(request.effective_to_date());
  return representative;
}

}  // namespace ipb::people::rules
