#include "services/people/rules/appointment.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "services/people/rules/capacity.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::Representative;
using Conditions = v1::AppointmentConditions;

// One condition of a kind that the appointing body establishes.
struct Condition {
  Kind::Kind kind;
  // The field of AppointmentConditions that says that it is met.
  const char* field;
  explain::Rule rule;
};

constexpr char kAgreeRemedy[] = "ask them, and set conditions.agrees once they agree";
constexpr char kCapableRemedy[] =
    "find help with managing it, such as a managed account, and set conditions.capable, or meet the needs in "
    "another way";

constexpr Condition kConditions[] = {
    {Kind::KIND_NOMINATED_PERSON,
     "asked_by_person",
     {"PEOPLE-S31-ASKED", "the person, who has capacity, has not asked for it", "Care Act 2014 s31(4)(a)",
      "record the person's request, and set conditions.asked_by_person"}},
    {Kind::KIND_NOMINATED_PERSON,
     "agrees",
     {"PEOPLE-S31-AGREES", "the nominated person has not agreed to receive", "Care Act 2014 s31(4)(b)",
      kAgreeRemedy}},
    {Kind::KIND_NOMINATED_PERSON,
     "capable",
     {"PEOPLE-S31-CAPABLE", "they cannot manage direct payments, alone or with help", "Care Act 2014 s31(6)",
      kCapableRemedy}},
    {Kind::KIND_NOMINATED_PERSON,
     "appropriate",
     {"PEOPLE-S31-APPROPRIATE", "direct payments to them are not an appropriate way to meet the needs",
      "Care Act 2014 s31(7)", "meet the needs in another way, or nominate somebody else"}},
    {Kind::KIND_NOMINEE,
     "asked_by_person",
     {"PEOPLE-REG6-ASKED", "the person, who has capacity, has not named them", "SI 2013/1617 reg 6",
      "record the person's wish, and set conditions.asked_by_person"}},
    {Kind::KIND_NOMINEE,
     "agrees",
     {"PEOPLE-REG6-AGREES", "the nominee has not agreed to receive", "SI 2013/1617 reg 6", kAgreeRemedy}},
    {Kind::KIND_NOMINEE,
     "capable",
     {"PEOPLE-REG6-CAPABLE", "they cannot manage direct payments, alone or with help", "SI 2013/1617 reg 6",
      kCapableRemedy}},
    {Kind::KIND_AUTHORISED_PERSON,
     "agrees",
     {"PEOPLE-S32-REQUEST", "they have not asked the council for direct payments", "Care Act 2014 s32(1)(c)",
      kAgreeRemedy}},
    {Kind::KIND_AUTHORISED_PERSON,
     "best_interests",
     {"PEOPLE-S32-INTERESTS",
      "the council is not satisfied that they will act in the person's best interests",
      "Care Act 2014 s32(7), condition 3", "find who will, and set conditions.best_interests"}},
    {Kind::KIND_AUTHORISED_PERSON,
     "capable",
     {"PEOPLE-S32-CAPABLE", "they cannot manage direct payments, alone or with help",
      "Care Act 2014 s32(8), condition 4", kCapableRemedy}},
    {Kind::KIND_AUTHORISED_PERSON,
     "appropriate",
     {"PEOPLE-S32-APPROPRIATE", "direct payments to them are not an appropriate way to meet the needs",
      "Care Act 2014 s32(9), condition 5", "meet the needs in another way, or find somebody else"}},
    {Kind::KIND_REPRESENTATIVE,
     "agrees",
     {"PEOPLE-REG5-AGREES", "the representative has not agreed to act", "SI 2013/1617 reg 5", kAgreeRemedy}},
    {Kind::KIND_REPRESENTATIVE,
     "best_interests",
     {"PEOPLE-REG5-INTERESTS", "the body is not satisfied that they will act in the person's best interests",
      "SI 2013/1617 reg 5", "find who will, and set conditions.best_interests"}},
    {Kind::KIND_REPRESENTATIVE,
     "capable",
     {"PEOPLE-REG5-CAPABLE", "they cannot manage direct payments, alone or with help", "SI 2013/1617 reg 5",
      kCapableRemedy}},
    {Kind::KIND_PARENT,
     "parental_responsibility",
     {"PEOPLE-PARENT-RESPONSIBILITY", "their parental responsibility is not established",
      "Children Act 1989 ss3, 17A(2)(a); SI 2013/1617 reg 4",
      "see the birth certificate or order, and set conditions.parental_responsibility"}},
    {Kind::KIND_PARENT,
     "capable",
     {"PEOPLE-PARENT-CAPABLE", "they cannot manage direct payments, alone or with help",
      "SI 2009/1887; SI 2013/1617 reg 4", kCapableRemedy}},
    {Kind::KIND_ADVOCATE,
     "substantial_difficulty",
     {"PEOPLE-S67-DIFFICULTY", "the person would have no substantial difficulty in being involved",
      "Care Act 2014 s67(4)", "involve the person directly"}},
    {Kind::KIND_ADVOCATE,
     "nobody_appropriate",
     {"PEOPLE-S67-APPROPRIATE", "somebody appropriate can support the person's involvement",
      "Care Act 2014 s67(5)",
      "let them support the person, where the person agrees or it is in their best interests"}},
};

constexpr explain::Rule kSupported{
    "PEOPLE-S32-SUPPORTED",
    "whoever is authorised under the Mental Capacity Act does not support the request",
    "Care Act 2014 s32(5), condition 1", "ask them, and set conditions.supported"};
constexpr explain::Rule kSuitable{"PEOPLE-S32-SUITABLE",
                                  "they are not found suitable to receive direct payments",
                                  "Care Act 2014 s32(4)(b)-(c)", "find who is, and set conditions.suitable"};
constexpr explain::Rule kMcaAuthority{
    "PEOPLE-S32-MCA", "the appointment named is no attorney's or deputy's in effect on {start_date}",
    "Care Act 2014 s32(4)(a)-(b)", "appoint the attorney or deputy first, and name that appointment"};
constexpr explain::Rule kScope{
    "PEOPLE-S32-SCOPE",
    "the attorney or deputy named decides about property and affairs only, not about care",
    "Care Act 2014 s32(4)(a): needs for care and support; Mental Capacity Act 2005 ss9, 17",
    "name one who decides about health and welfare, or appoint on ground (c)"};
constexpr explain::Rule kSameParty{"PEOPLE-S32-OWN", "the attorney or deputy named is somebody else",
                                   "Care Act 2014 s32(4)(a)", "appoint on ground (b), with their approval"};
constexpr explain::Rule kOtherParty{"PEOPLE-S32-OTHER", "they are the attorney or deputy named themself",
                                    "Care Act 2014 s32(4)(b)", "appoint on ground (a)"};
constexpr explain::Rule kSomeone{
    "PEOPLE-S32-SOMEONE", "an attorney or deputy who decides about health and welfare is in effect",
    "Care Act 2014 s32(4)(c)", "appoint them on ground (a), or another with their approval on ground (b)"};
constexpr explain::Rule kCapacityNeeded{
    "PEOPLE-REP-CAPACITY-NEEDED",
    "no finding on record says that on {start_date} the person lacks capacity about a direct payment",
    "Mental Capacity Act 2005 s1(2); Care Act 2014 s32(1); SI 2013/1617 reg 5",
    "record the capacity decision (RecordCapacityDecision); a person who has capacity may nominate somebody"};
constexpr explain::Rule kCapacityLacking{
    "PEOPLE-REP-CAPACITY-LACKING", "the person lacks capacity about a direct payment, so cannot nominate",
    "Care Act 2014 s31(4)(a); SI 2013/1617 reg 6",
    "appoint an authorised person (s32) or a representative (reg 5)"};
constexpr explain::Rule kInstrument{
    "PEOPLE-REP-INSTRUMENT", "the registered power of attorney or the court's order was not seen",
    "Mental Capacity Act 2005 ss9(2)(b), 16", "give its reference in conditions.instrument_reference"};
constexpr explain::Rule kDisclosure{
    "PEOPLE-REP-DISCLOSURE",
    "no enhanced disclosure certificate was seen, and they are not close to the person",
    "SI 2013/1617 regs 5-6; SI 2014/2871 reg 5",
    "see the certificate and give conditions.disclosure_check_date, or say in closeness how close they are"};

bool IsMet(const Conditions& conditions, const char* field) {
  return conditions.GetReflection()->GetBool(conditions, Conditions::descriptor()->FindFieldByName(field));
}

bool IsMca(Kind::Kind kind) { return kind == Kind::KIND_ATTORNEY || kind == Kind::KIND_DEPUTY; }

bool ActsForIncapable(Kind::Kind kind) {
  return kind == Kind::KIND_AUTHORISED_PERSON || kind == Kind::KIND_REPRESENTATIVE;
}

bool ReceivesForCapable(Kind::Kind kind) {
  return kind == Kind::KIND_NOMINATED_PERSON || kind == Kind::KIND_NOMINEE;
}

bool NamesAuthority(Kind::Ground ground) {
  return ground == Kind::GROUND_MCA_AUTHORISED || ground == Kind::GROUND_APPROVED_BY_MCA_AUTHORISED;
}

void CheckGround(const AuthorityFacts& facts, const v1::AppointRepresentativeRequest& request,
                 absl::CivilDay first, explain::Refusal& refusal) {
  const Conditions& conditions = request.conditions();
  const bool own = request.ground() == Kind::GROUND_MCA_AUTHORISED;
  if (!own && !conditions.suitable()) refusal.Add(kSuitable, "conditions.suitable");
  if (!NamesAuthority(request.ground())) {
    for (const v1::Representative& row : facts.representatives) {
      if (IsMcaAuthority(row) && IsInEffect(row, first)) refusal.Add(kSomeone, row.name());
    }
    return;
  }
  if (!own && !conditions.supported()) refusal.Add(kSupported, "conditions.supported");
  const v1::Representative* authority = FindRepresentative(facts, request.mca_authority());
  if (authority == nullptr || !IsMca(authority->kind()) || !IsInEffect(*authority, first)) {
    return refusal.Add(kMcaAuthority, "mca_authority", {{"start_date", first}});
  }
  if (!IsMcaAuthority(*authority)) refusal.Add(kScope, authority->name());
  const bool same = authority->party() == request.party();
  if (own && !same) refusal.Add(kSameParty, authority->name());
  if (!own && same) refusal.Add(kOtherParty, authority->name());
}

}  // namespace

std::vector<errors::FieldViolation> WrongFields(const v1::AppointRepresentativeRequest& request,
                                                const v1::Person& person, absl::CivilDay first,
                                                absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong;
  if (first < dates::Checked(person.birth_date())) {
    wrong.push_back({"effective_from_date", "is before the person's birth"});
  }
  const std::string& checked = request.conditions().disclosure_check_date();
  if (!checked.empty() && dates::Checked(checked) > today) {
    wrong.push_back({"conditions.disclosure_check_date", "is in the future"});
  }
  const bool scoped = IsMca(request.kind());
  if (scoped == request.scopes().empty()) {
    wrong.push_back(
        {"scopes", scoped ? "is needed for an attorney or deputy" : "is for an attorney or deputy only"});
  }
  const bool grounded = request.kind() == Kind::KIND_AUTHORISED_PERSON;
  if (grounded != (request.ground() != Kind::GROUND_UNSPECIFIED)) {
    wrong.push_back(
        {"ground", grounded ? "is needed for an authorised person" : "is for an authorised person only"});
  }
  const bool named = NamesAuthority(request.ground());
  if (named == request.mca_authority().empty()) {
    wrong.push_back(
        {"mca_authority", named ? "is needed on ground (a) or (b)" : "is for ground (a) or (b) only"});
  }
  return wrong;
}

void CheckConditions(const AuthorityFacts& facts, const v1::AppointRepresentativeRequest& request,
                     absl::CivilDay first, explain::Refusal& refusal) {
  for (const Condition& condition : kConditions) {
    if (condition.kind != request.kind() || IsMet(request.conditions(), condition.field)) continue;
    refusal.Add(condition.rule, absl::StrCat("conditions.", condition.field));
  }
  if (request.kind() == Kind::KIND_AUTHORISED_PERSON) CheckGround(facts, request, first, refusal);
  if (IsMca(request.kind()) && request.conditions().instrument_reference().empty()) {
    refusal.Add(kInstrument, "conditions.instrument_reference");
  }
  const bool lacks = LacksCapacity(facts.capacity, v1::CapacityDecision::MATTER_DIRECT_PAYMENT, first);
  if (ActsForIncapable(request.kind()) && !lacks) {
    refusal.Add(kCapacityNeeded, facts.person.name(), {{"start_date", first}});
  }
  if (ReceivesForCapable(request.kind()) && lacks) refusal.Add(kCapacityLacking, facts.person.name());
}

absl::Status CheckDisclosure(const v1::AuthorityPolicy& policy,
                             const v1::AppointRepresentativeRequest& request, absl::CivilDay first,
                             explain::Refusal& refusal) {
  const bool may_need = ActsForIncapable(request.kind()) || request.kind() == Kind::KIND_NOMINEE;
  if (!may_need) return absl::OkStatus();
  const v1::DisclosureCheckRule* rule =
      dates::InEffect(policy.disclosure_check_rules(), first,
                      [&](const v1::DisclosureCheckRule& row) { return row.kind() == request.kind(); });
  if (rule == nullptr) return errors::NoRate("whose record is checked before they act", dates::Format(first));
  const bool exempt =
      std::find(rule->exempt().begin(), rule->exempt().end(), request.closeness()) != rule->exempt().end();
  if (!exempt && request.conditions().disclosure_check_date().empty()) {
    refusal.Add(kDisclosure, "conditions.disclosure_check_date");
  }
  return absl::OkStatus();
}

}  // namespace ipb::people::rules
