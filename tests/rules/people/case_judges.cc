#include "tests/rules/people/case_judges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "services/people/rules/capacity.h"
#include "services/people/rules/circumstance.h"
#include "services/people/rules/merge.h"
#include "services/people/rules/payment_exclusion.h"
#include "services/people/rules/person.h"
#include "services/people/rules/relationship.h"
#include "services/people/rules/representative.h"
#include "services/people/rules/responsibility.h"
#include "tests/rules/people/cases.h"
#include "tests/rules/support/case_file.h"
#include "tests/rules/support/policy_file.h"

namespace ipb::people::rules {
namespace {

using tests::Check;

constexpr char kOther[] = "people/7b1e44c09a2d4f6f8e35";

const v1::PeoplePolicy& Policy() {
  static const v1::PolicyDocument* document =
      new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/national/people.textproto"));
  return document->people();
}

// Compares a decision that has no trace, or the refusal in its place, with what the case expects.
template <typename Decision>
void CheckPlain(const CaseFacts& facts, const absl::StatusOr<Decision>& decision, const Decision& expected) {
  tests::CheckRefusal(facts.expect, decision.status());
  if (decision.ok()) tests::CheckResult(facts.expect, expected, *decision, {});
}

// The person of a case who is another than the one on record.
v1::Person OtherPerson(const v1::Person& given) {
  v1::Person person = Someone();
  person.MergeFrom(given);
  person.set_name(kOther);
  return person;
}

v1::Circumstance CircumstanceOf(const CircumstanceDecision& decision) { return decision.circumstance; }
v1::Representative RepresentativeOf(const AppointmentDecision& decision) { return decision.representative; }
v1::CapacityDecision FindingOf(const CapacityChange& change) { return change.finding; }
v1::PaymentExclusion ExclusionOf(const ExclusionDecision& decision) { return decision.exclusion; }
v1::PersonRelationship RelationshipOf(const RelationshipDecision& decision) { return decision.relationship; }

CircumstanceFacts CircumstancesOf(const CaseFacts& facts) {
  CircumstanceFacts circumstances;
  circumstances.person = facts.record.person;
  circumstances.known = facts.record.circumstances;
  return circumstances;
}

std::string WordsOf(const std::string& who, int regime, int act) {
  return absl::StrCat(who, " ", v1::DirectPaymentRegime_Name(static_cast<v1::DirectPaymentRegime>(regime)),
                      " ", v1::AuthorityAct_Name(static_cast<v1::AuthorityAct>(act)));
}

}  // namespace

void Judge(const CaseFacts& facts, const cases::v1::RegistrationCase& judged) {
  const auto registered = facts.known
                              ? AskToJoin(facts.record.person, judged.request(), facts.by, facts.today)
                              : Register(judged.request(), facts.by, facts.today);
  CheckPlain(facts, registered, judged.person());
  const bool access = registered.ok() && IsResponsible(*registered, facts.by, facts.today);
  EXPECT_EQ(access, judged.gives_access()) << "access of " << facts.by.organisation;
}

void Judge(const CaseFacts& facts, const cases::v1::BirthDateCase& judged) {
  const DatedFacts dated{facts.record.circumstances, facts.record.representatives, facts.record.capacity,
                         facts.record.exclusions, facts.relationships};
  CheckPlain(facts,
             CorrectBirthDate(facts.record.person, judged.request(),
                              DecidedBy(facts, judged.request().decision()), dated, facts.today),
             judged.person());
}

void Judge(const CaseFacts& facts, const cases::v1::AddedIdentifierCase& judged) {
  CheckPlain(facts, AddIdentifier(facts.record.person, Met(judged.identifier())), judged.person());
}

void Judge(const CaseFacts& facts, const cases::v1::RemovedIdentifierCase& judged) {
  CheckPlain(facts,
             RemoveIdentifier(facts.record.person, Met(judged.identifier()),
                              DecidedBy(facts, judged.decision()), facts.today),
             judged.person());
}

void Judge(const CaseFacts& facts, const cases::v1::AcceptanceCase& judged) {
  const bool ordinary = judged.asking_kind() == v1::CALLER_KIND_UNSPECIFIED && !judged.asking_dissolved();
  const Registrant asking{judged.request().organisation(),
                          ordinary ? v1::CALLER_KIND_COUNCIL : judged.asking_kind(),
                          {judged.asking_acts_for().begin(), judged.asking_acts_for().end()}};
  CheckPlain(facts, Accept(facts.record.person, asking, facts.by, facts.today), judged.person());
}

void Judge(const CaseFacts& facts, const cases::v1::ResponsibilityEndCase& judged) {
  CheckPlain(facts, End(facts.record.person, judged.request(), facts.by, facts.today), judged.person());
}

void Judge(const CaseFacts& facts, const cases::v1::TransferCase& judged) {
  const bool ordinary = judged.successor_kind() == v1::CALLER_KIND_UNSPECIFIED && !judged.successor_unknown();
  const Registrant successor{judged.request().organisation(),
                             ordinary ? v1::CALLER_KIND_COUNCIL : judged.successor_kind(),
                             {judged.successor_acts_for().begin(), judged.successor_acts_for().end()}};
  CheckPlain(facts,
             HandOver(facts.record.person, judged.request(), DecidedBy(facts, judged.request().decision()),
                      facts.by, successor, facts.today),
             judged.person());
}

void Judge(const CaseFacts& facts, const cases::v1::UrgentClaimCase& judged) {
  CheckPlain(facts,
             ClaimUrgently(facts.record.person, judged.request(),
                           DecidedBy(facts, judged.request().decision()), facts.by, Policy(), facts.today),
             judged.person());
}

void Judge(const CaseFacts& facts, const cases::v1::MergeCase& judged) {
  v1::Person survivor = judged.has_survivor() ? OtherPerson(judged.survivor()) : facts.record.person;
  const auto merged = Merge(facts.record.person, survivor, DecidedBy(facts, judged.decision()), facts.today);
  CheckPlain(facts, merged, judged.person());
  if (merged.ok()) tests::CheckResult({}, judged.carried(), CarryOver(std::move(survivor), *merged), {});
}

void Judge(const CaseFacts& facts, const cases::v1::UndoingCase& judged) {
  const v1::Person merged = OtherPerson(judged.merged());
  const auto undone =
      Undo(facts.record.person, merged, DecidedBy(facts, judged.decision()), facts.by, facts.today);
  CheckPlain(facts, undone, judged.person());
  if (!undone.ok()) return;
  tests::CheckResult({}, judged.again(), StandAgain(merged, *undone, facts.by, facts.today), {});
}

void Judge(const CaseFacts& facts, const cases::v1::SeparationCase& judged) {
  std::vector<MetIdentifier> identifiers;
  for (const cases::v1::FoundIdentifier& one : judged.identifiers()) identifiers.push_back(Met(one));
  const auto separated = Separate(facts.record.person, identifiers, kOther, judged.request(),
                                  DecidedBy(facts, judged.request().decision()), facts.today);
  tests::CheckRefusal(facts.expect, separated.status());
  if (!separated.ok()) return;
  tests::CheckResult(facts.expect, judged.person(), separated->person, {});
  tests::CheckResult({}, judged.other(), separated->other, {});
}

void Judge(const CaseFacts& facts, const cases::v1::CircumstanceCase& judged) {
  CircumstanceFacts circumstances = CircumstancesOf(facts);
  circumstances.not_councils.assign(judged.not_councils().begin(), judged.not_councils().end());
  const auto decision = RecordCircumstance(std::move(circumstances), judged.request(), facts.today);
  Check(facts.expect, decision, judged.circumstance(), CircumstanceOf);
  if (decision.ok()) tests::CheckResult({}, judged.person(), decision->person, {});
}

void Judge(const CaseFacts& facts, const cases::v1::CircumstanceEndCase& judged) {
  CircumstanceFacts circumstances = CircumstancesOf(facts);
  circumstances.circumstance = RowOf(circumstances.known, judged.number());
  Check(facts.expect, EndCircumstance(std::move(circumstances), judged.request(), facts.today),
        judged.circumstance(), CircumstanceOf);
}

void Judge(const CaseFacts& facts, const cases::v1::CircumstanceCorrectionCase& judged) {
  CircumstanceFacts circumstances = CircumstancesOf(facts);
  circumstances.circumstance = RowOf(circumstances.known, judged.number());
  circumstances.by = DecidedBy(facts, judged.request().decision());
  const auto decision = CorrectCircumstance(std::move(circumstances), judged.request(), facts.today);
  Check(facts.expect, decision, judged.circumstance(), CircumstanceOf);
  if (decision.ok()) tests::CheckResult({}, judged.person(), decision->person, {});
}

void Judge(const CaseFacts& facts, const cases::v1::AppointmentCase& judged) {
  Check(facts.expect, Appoint(facts.record, judged.request(), DecidedBy(facts, {}), facts.today),
        judged.representative(), RepresentativeOf);
}

void Judge(const CaseFacts& facts, const cases::v1::AppointmentEndCase& judged) {
  CheckPlain(facts, EndAppointment(RowOf(facts.record.representatives, judged.number()), judged.request()),
             judged.representative());
}

void Judge(const CaseFacts& facts, const cases::v1::CapacityCase& judged) {
  const CapacityFacts capacity{facts.record.person, facts.record.capacity,
                               DecidedBy(facts, judged.request().decision())};
  const auto change = RecordCapacity(capacity, judged.request(), facts.today);
  Check(facts.expect, change, judged.finding(), FindingOf);
  if (!change.ok()) return;
  EXPECT_EQ(change->superseded.name(),
            judged.supersedes() == 0 ? "" : RowOf(facts.record.capacity, judged.supersedes()).name());
}

void Judge(const CaseFacts& facts, const cases::v1::ExclusionCase& judged) {
  const ExclusionFacts exclusions{
      facts.record.person, facts.record.exclusions, {}, DecidedBy(facts, judged.request().decision())};
  Check(facts.expect, RecordExclusion(exclusions, judged.request(), facts.today), judged.exclusion(),
        ExclusionOf);
}

void Judge(const CaseFacts& facts, const cases::v1::ExclusionEndCase& judged) {
  ExclusionFacts exclusions;
  exclusions.exclusion = RowOf(facts.record.exclusions, judged.number());
  Check(facts.expect, EndExclusion(exclusions, judged.request(), facts.today), judged.exclusion(),
        ExclusionOf);
}

void Judge(const CaseFacts& facts, const cases::v1::RelationshipCase& judged) {
  Check(facts.expect,
        RecordRelationship(facts.record.person, facts.relationships, judged.request(), facts.today),
        judged.relationship(), RelationshipOf);
}

void Judge(const CaseFacts& facts, const cases::v1::RelationshipEndCase& judged) {
  Check(facts.expect,
        EndRelationship(facts.record.person, RowOf(facts.relationships, judged.number()), judged.request(),
                        facts.today),
        judged.relationship(), RelationshipOf);
}

void Judge(const CaseFacts& facts, const cases::v1::AuthorityCase& judged) {
  const absl::CivilDay day = judged.as_of_date().empty() ? facts.today : dates::Checked(judged.as_of_date());
  const auto authority = AuthorityOn(facts.record, day);
  tests::CheckRefusal(facts.expect, authority.status());
  if (!authority.ok()) return;
  // Each act that somebody may do, in words, with the rules that it rests on.
  std::map<std::string, std::vector<std::string>> found;
  std::vector<std::string> explained;
  for (const v1::RegimeAuthority& regime : authority->regimes()) {
    for (const auto& bar : regime.bars()) explained.push_back(bar.rule_id());
    for (const v1::AuthorityVerdict& verdict : regime.verdicts()) {
      for (const auto& obstacle : verdict.obstacles()) explained.push_back(obstacle.rule_id());
      for (const auto& ground : verdict.grounds()) explained.push_back(ground.rule_id());
      if (!verdict.may()) continue;
      std::vector<std::string>& grounds = found[WordsOf(verdict.who(), regime.regime(), verdict.act())];
      for (const auto& ground : verdict.grounds()) grounds.push_back(ground.rule_id());
    }
  }
  std::set<std::string> left;
  for (const auto& [act, grounds] : found) left.insert(act);
  for (const cases::v1::Power& power : judged.may()) {
    const std::string who =
        power.who() == "person" ? kPerson : absl::StrCat(kPerson, "/representatives/", power.who());
    for (const int act : power.acts()) {
      const std::string words = WordsOf(who, power.regime(), act);
      EXPECT_EQ(left.erase(words), 1u) << "nobody may, or it is said twice: " << words;
      for (const std::string& ground : power.grounds()) {
        EXPECT_THAT(found[words], ::testing::Contains(ground)) << words;
      }
    }
  }
  EXPECT_THAT(left, ::testing::IsEmpty()) << "more than the case says";
  tests::CheckResult(facts.expect, v1::Authority(), *authority, explained);
}

}  // namespace ipb::people::rules
