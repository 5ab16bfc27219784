#include "services/people/rules/acting.h"

#include <string>
#include <vector>

#include "common/dates/civil.h"
#include "common/explain/words.h"
#include "services/people/rules/capacity.h"
#include "services/people/rules/circumstance.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::Representative;
using Matter = v1::CapacityDecision;

constexpr explain::Rule kPresumed{"AUTHORITY-PRESUMED",
                                  "No finding on record says that the person cannot decide about {matter}",
                                  "Mental Capacity Act 2005 s1(2)"};
constexpr explain::Rule kPersonCareAct{"AUTHORITY-PERSON-CARE-ACT", "An adult acts for themself",
                                       "Care Act 2014 s31"};
constexpr explain::Rule kPersonNhs{"AUTHORITY-PERSON-NHS", "From 16 the person acts for themself",
                                   "SI 2013/1617 reg 3"};
constexpr explain::Rule kPersonChildren{"AUTHORITY-PERSON-CHILDREN",
                                        "At 16 and 17 the young person acts for themself",
                                        "Children Act 1989 s17A(2)(c); SI 2009/1887"};
constexpr explain::Rule kPersonSigns{"AUTHORITY-PERSON-SIGNS", "From 16 the person agrees their own plan",
                                     "Care Act 2014 s25(5); SI 2013/1617 regs 3-4, 8"};
constexpr explain::Rule kNominated{"AUTHORITY-NOMINATED",
                                   "The person, who has capacity, nominated them to receive",
                                   "Care Act 2014 s31(4)(b)"};
constexpr explain::Rule kNominee{"AUTHORITY-NOMINEE", "The person, who has capacity, named them to receive",
                                 "SI 2013/1617 reg 6"};
constexpr explain::Rule kAuthorised{
    "AUTHORITY-AUTHORISED", "They act as authorised person for who lacks capacity", "Care Act 2014 s32"};
constexpr explain::Rule kRepresents{
    "AUTHORITY-REPRESENTATIVE", "They act as representative for who lacks capacity", "SI 2013/1617 reg 5"};
constexpr explain::Rule kParentChildren{"AUTHORITY-PARENT-CHILDREN",
                                        "They hold parental responsibility, and the person is under 16",
                                        "Children Act 1989 s17A(2)(a); SI 2009/1887"};
constexpr explain::Rule kParentLacking{
    "AUTHORITY-PARENT-LACKING", "They hold parental responsibility for a young person who lacks capacity",
    "Children Act 1989 s17A(2)(a); SI 2009/1887"};
constexpr explain::Rule kParentNhs{"AUTHORITY-PARENT-NHS",
                                   "They hold parental responsibility, and the person is under 16",
                                   "SI 2013/1617 reg 4"};

constexpr explain::Rule kYoung{"AUTHORITY-YOUNG", "the person is {age} on {day_date}, younger than 16",
                               "SI 2013/1617 reg 4; Children Act 1989 s17A(2)(a)",
                               "whoever holds parental responsibility acts until the 16th birthday"};
constexpr explain::Rule kLacks{
    "AUTHORITY-CAPACITY", "the person lacks capacity to decide about {matter}",
    "Mental Capacity Act 2005 ss2-4; Care Act 2014 s31(4)(a); SI 2013/1617 regs 3, 5",
    "an authorised person (council) or a representative (NHS) acts; appoint one where there "
    "is none, or agree the plan in the person's best interests without a direct payment"};
constexpr explain::Rule kSelf{"AUTHORITY-SELF",
                              "no finding on record says that the person lacks capacity about {matter}",
                              "Mental Capacity Act 2005 s1(2); Care Act 2014 s32(1); SI 2013/1617 reg 5",
                              "let the person act; where they cannot, record the capacity decision first"};
constexpr explain::Rule kReceivesOnly{"AUTHORITY-RECEIVES-ONLY",
                                      "who is nominated receives money and decides nothing",
                                      "Care Act 2014 s31; SI 2013/1617 reg 6", "let the person ask and sign"};
constexpr explain::Rule kCapacityLost{"AUTHORITY-CAPACITY-LOST",
                                      "the person who nominated them lacks capacity to decide about {matter}",
                                      "Care Act 2014 s33(4); SI 2013/1617 reg 17",
                                      "appoint an authorised person (council) or a representative (NHS)"};
constexpr explain::Rule kOtherLaw{"AUTHORITY-OTHER-LAW",
                                  "an appointment as {kind} is for money under another law",
                                  "Care Act 2014 ss31-32; SI 2013/1617 regs 4-6; Children Act 1989 s17A",
                                  "appoint them under this law too"};
constexpr explain::Rule kAdvocate{
    "AUTHORITY-ADVOCATE", "an advocate supports the person and neither signs nor receives",
    "Care Act 2014 s67", "let the person, or who lawfully acts for them, do it"};
constexpr explain::Rule kPropertyOnly{
    "AUTHORITY-PROPERTY-ONLY", "authority over property and affairs alone is none for decisions about care",
    "Mental Capacity Act 2005 ss9, 16-17; Care Act 2014 s32(4)(a)",
    "appoint them on ground (b) or (c), or find who decides about health and welfare"};
constexpr explain::Rule kAppoint{
    "AUTHORITY-APPOINT", "the power to decide about care does not by itself receive money",
    "Care Act 2014 s32(4)(a); SI 2013/1617 reg 5",
    "appoint them as authorised person on ground (a) (council) or representative (NHS)"};
constexpr explain::Rule kMcaEnded{
    "AUTHORITY-MCA-ENDED",
    "the attorney's or deputy's authority on which the appointment stands is not in effect",
    "Care Act 2014 ss32(4)(a)-(b), 33(4)", "end the appointment, and appoint anew on the ground that holds"};
constexpr explain::Rule kParentEnded{
    "AUTHORITY-PARENT-ENDED", "the person is {age} on {day_date} and decides for themself",
    "SI 2013/1617 regs 3-4; Children Act 1989 s17A(2)(c)", "let the person act"};
constexpr explain::Rule kConcern{"AUTHORITY-SAFEGUARDING",
                                 "a safeguarding concern about them is open since {start_date}",
                                 "Care Act 2014 ss33(3), 42; SI 2013/1617 reg 17",
                                 "hold the payment, manage the money in another way, or close the concern"};

Matter::Matter MatterOf(v1::AuthorityAct act) {
  return act == v1::AUTHORITY_ACT_SIGN ? Matter::MATTER_CARE_AND_SUPPORT : Matter::MATTER_DIRECT_PAYMENT;
}

explain::Inputs MatterInput(v1::AuthorityAct act) {
  return {{"matter", explain::Words(Matter::Matter_Name(MatterOf(act)), "MATTER_")}};
}

bool Lacks(const AuthorityFacts& facts, const Acting& acting) {
  return LacksCapacity(facts.capacity, MatterOf(acting.act), acting.day);
}

explain::Inputs AgeInputs(const AuthorityFacts& facts, const Acting& acting) {
  const int age = dates::AgeOn(dates::Checked(facts.person.birth_date()), acting.day);
  return {{"age", int64_t{age}}, {"day_date", acting.day}};
}

bool IsYoung(const AuthorityFacts& facts, const Acting& acting) {
  return dates::AgeOn(dates::Checked(facts.person.birth_date()), acting.day) < kOwnDecisionAge;
}

void CheckPerson(const AuthorityFacts& facts, const Acting& acting, explain::Trace& grounds,
                 explain::Refusal& obstacles) {
  if (IsYoung(facts, acting)) obstacles.Add(kYoung, facts.person.name(), AgeInputs(facts, acting));
  if (Lacks(facts, acting)) obstacles.Add(kLacks, facts.person.name(), MatterInput(acting.act));
  grounds.Add(kPresumed, MatterInput(acting.act));
  if (acting.act == v1::AUTHORITY_ACT_SIGN) return grounds.Add(kPersonSigns);
  if (acting.regime == v1::DIRECT_PAYMENT_REGIME_CARE_ACT) return grounds.Add(kPersonCareAct);
  grounds.Add(acting.regime == v1::DIRECT_PAYMENT_REGIME_NHS ? kPersonNhs : kPersonChildren);
}

// Who receives for a person with capacity.
void CheckReceiver(const AuthorityFacts& facts, const Acting& acting, explain::Trace& grounds,
                   explain::Refusal& obstacles) {
  const std::string& name = acting.representative->name();
  if (acting.act != v1::AUTHORITY_ACT_RECEIVE) obstacles.Add(kReceivesOnly, name);
  if (acting.act == v1::AUTHORITY_ACT_RECEIVE && Lacks(facts, acting)) {
    obstacles.Add(kCapacityLost, name, MatterInput(acting.act));
  }
  grounds.Add(acting.representative->kind() == Kind::KIND_NOMINEE ? kNominee : kNominated);
}

// Who acts for a person without capacity.
void CheckSubstitute(const AuthorityFacts& facts, const Acting& acting, explain::Trace& grounds,
                     explain::Refusal& obstacles) {
  const v1::Representative& row = *acting.representative;
  if (!Lacks(facts, acting)) obstacles.Add(kSelf, row.name(), MatterInput(acting.act));
  if (!row.mca_authority().empty()) {
    const v1::Representative* authority = FindRepresentative(facts, row.mca_authority());
    if (authority == nullptr || !IsInEffect(*authority, acting.day))
      obstacles.Add(kMcaEnded, row.mca_authority());
  }
  grounds.Add(row.kind() == Kind::KIND_REPRESENTATIVE ? kRepresents : kAuthorised);
}

void CheckParent(const AuthorityFacts& facts, const Acting& acting, explain::Trace& grounds,
                 explain::Refusal& obstacles) {
  const bool children = acting.regime == v1::DIRECT_PAYMENT_REGIME_CHILDREN;
  if (IsYoung(facts, acting)) return grounds.Add(children ? kParentChildren : kParentNhs);
  if (children && acting.act != v1::AUTHORITY_ACT_SIGN && Lacks(facts, acting))
    return grounds.Add(kParentLacking);
  obstacles.Add(kParentEnded, acting.representative->name(), AgeInputs(facts, acting));
}

void CheckConcerns(const AuthorityFacts& facts, const Acting& acting, explain::Refusal& obstacles) {
  if (acting.act != v1::AUTHORITY_ACT_RECEIVE) return;
  for (const v1::Circumstance& row : CircumstancesOn(acting.day, facts.circumstances)) {
    if (row.details().safeguarding_concern().representative() != acting.representative->name()) continue;
    obstacles.Add(kConcern, row.name(), {{"start_date", dates::Checked(row.effective_from_date())}});
  }
}

// Whether money under the law is what appointments of the kind are for.
bool IsFor(Kind::Kind kind, v1::DirectPaymentRegime regime) {
  switch (kind) {
    case Kind::KIND_NOMINATED_PERSON:
    case Kind::KIND_AUTHORISED_PERSON:
      return regime == v1::DIRECT_PAYMENT_REGIME_CARE_ACT;
    case Kind::KIND_NOMINEE:
    case Kind::KIND_REPRESENTATIVE:
      return regime == v1::DIRECT_PAYMENT_REGIME_NHS;
    case Kind::KIND_PARENT:
      return regime != v1::DIRECT_PAYMENT_REGIME_CARE_ACT;
    default:
      return true;
  }
}

}  // namespace

void CheckActing(const AuthorityFacts& facts, const Acting& acting, explain::Trace& grounds,
                 explain::Refusal& obstacles) {
  if (acting.representative == nullptr) return CheckPerson(facts, acting, grounds, obstacles);
  const v1::Representative& row = *acting.representative;
  if (!IsFor(row.kind(), acting.regime)) {
    return obstacles.Add(kOtherLaw, row.name(),
                         {{"kind", explain::Words(Kind::Kind_Name(row.kind()), "KIND_")}});
  }
  CheckConcerns(facts, acting, obstacles);
  switch (row.kind()) {
    case Kind::KIND_NOMINATED_PERSON:
    case Kind::KIND_NOMINEE:
      return CheckReceiver(facts, acting, grounds, obstacles);
    case Kind::KIND_AUTHORISED_PERSON:
    case Kind::KIND_REPRESENTATIVE:
      return CheckSubstitute(facts, acting, grounds, obstacles);
    case Kind::KIND_PARENT:
      return CheckParent(facts, acting, grounds, obstacles);
    case Kind::KIND_ADVOCATE:
      return obstacles.Add(kAdvocate, row.name());
    default:
      return obstacles.Add(IsMcaAuthority(row) ? kAppoint : kPropertyOnly, row.name());
  }
}

}  // namespace ipb::people::rules
