// Who may ask, sign and receive: a table of people, findings and appointments, and what holds for all of
// them.
#include "services/people/rules/authority.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = v1::Representative;
using Matter = v1::CapacityDecision;

v1::Representative Appointed(int n, Kind::Kind kind) {
  auto row =
      Kept<v1::Representative>("representatives", n, "party: 'sister-1' effective_from_date: '2026-01-01'");
  row.set_kind(kind);
  return row;
}

v1::Authority Of(const AuthorityFacts& facts, absl::CivilDay day = kToday) {
  const auto authority = AuthorityOn(facts, day);
  EXPECT_TRUE(authority.ok()) << authority.status();
  return authority.ok() ? *authority : v1::Authority();
}

// Who may do what, such as "1a 1r 2s": the regime by number, the act by its first letter, of the person or
// `n`-th appointment (0 is the person).
std::string May(const v1::Authority& authority, int n) {
  const std::string who = n == 0 ? kPerson : absl::StrCat(kPerson, "/representatives/", n);
  std::vector<std::string> may;
  for (const auto& regime : authority.regimes()) {
    for (const auto& verdict : regime.verdicts()) {
      if (verdict.who() != who || !verdict.may()) continue;
      may.push_back(absl::StrCat(static_cast<int>(regime.regime()),
                                 std::string(1, "?asr"[static_cast<int>(verdict.act())])));
    }
  }
  return absl::StrJoin(may, " ");
}

struct Case {
  const char* what;
  const char* born;
  Matter::Matter lacks[2];
  Kind::Kind kind;
  const char* person;
  const char* representative;
};

constexpr auto kAbout = Matter::MATTER_DIRECT_PAYMENT;
constexpr auto kPlan = Matter::MATTER_CARE_AND_SUPPORT;

constexpr Case kCases[] = {
    {"adult with capacity, nominated person",
     "1980-03-15",
     {},
     Kind::KIND_NOMINATED_PERSON,
     "1a 1s 1r 2a 2s 2r 3s",
     "1r"},
    {"adult with capacity, nominee", "1980-03-15", {}, Kind::KIND_NOMINEE, "1a 1s 1r 2a 2s 2r 3s", "2r"},
    {"adult with capacity, authorised person",
     "1980-03-15",
     {},
     Kind::KIND_AUTHORISED_PERSON,
     "1a 1s 1r 2a 2s 2r 3s",
     ""},
    {"adult without capacity, authorised person",
     "1980-03-15",
     {kAbout, kPlan},
     Kind::KIND_AUTHORISED_PERSON,
     "",
     "1a 1s 1r"},
    {"adult without capacity, representative",
     "1980-03-15",
     {kAbout, kPlan},
     Kind::KIND_REPRESENTATIVE,
     "",
     "2a 2s 2r"},
    {"without capacity for money only",
     "1980-03-15",
     {kAbout},
     Kind::KIND_AUTHORISED_PERSON,
     "1s 2s 3s",
     "1a 1r"},
    {"without capacity for the plan only",
     "1980-03-15",
     {kPlan},
     Kind::KIND_REPRESENTATIVE,
     "1a 1r 2a 2r",
     "2s"},
    {"adult without capacity, nominee lost", "1980-03-15", {kAbout, kPlan}, Kind::KIND_NOMINEE, "", ""},
    {"attorney alone", "1980-03-15", {kAbout, kPlan}, Kind::KIND_ATTORNEY, "", ""},
    {"advocate", "1980-03-15", {kAbout, kPlan}, Kind::KIND_ADVOCATE, "", ""},
    {"child of 15, parent", "2010-11-23", {}, Kind::KIND_PARENT, "", "2a 2s 2r 3a 3s 3r"},
    {"young person of 16, parent", "2010-11-22", {}, Kind::KIND_PARENT, "1s 2a 2s 2r 3a 3s 3r", ""},
    {"young person of 17 without capacity, parent",
     "2009-01-01",
     {kAbout, kPlan},
     Kind::KIND_PARENT,
     "",
     "3a 3r"},
    {"young person of 17 without capacity, representative",
     "2009-01-01",
     {kAbout, kPlan},
     Kind::KIND_REPRESENTATIVE,
     "",
     "2a 2s 2r"},
    {"the day of 18", "2008-11-22", {}, Kind::KIND_NOMINATED_PERSON, "1a 1s 1r 2a 2s 2r 3s", "1r"},
};

AuthorityFacts FactsOf(const Case& one) {
  AuthorityFacts facts = Facts(one.born);
  for (const auto matter : one.lacks) {
    if (matter != Matter::MATTER_UNSPECIFIED) facts.capacity.push_back(Lacking(matter));
  }
  facts.representatives = {Appointed(1, one.kind)};
  return facts;
}

TEST(AuthorityOn, FollowsTheTable) {
  for (const Case& one : kCases) {
    const v1::Authority authority = Of(FactsOf(one));
    EXPECT_EQ(May(authority, 0), one.person) << one.what;
    EXPECT_EQ(May(authority, 1), one.representative) << one.what;
  }
}

// Whatever the facts: each verdict says why or why not, nobody dead acts, and never person and substitute
// both.
TEST(AuthorityOn, GivesAReasonForEveryVerdict) {
  std::mt19937 random(3);
  const auto chance = [&] { return std::uniform_int_distribution<int>(0, 1)(random) == 1; };
  for (int i = 0; i < 300; ++i) {
    AuthorityFacts facts =
        Facts(absl::StrCat(std::uniform_int_distribution<int>(1990, 2020)(random), "-06-01"));
    if (chance()) facts.capacity.push_back(Lacking(kAbout));
    if (chance()) facts.capacity.push_back(Lacking(kPlan));
    if (i % 7 == 0) facts.person.set_death_date("2026-11-01");
    for (int kind = 1; kind <= 8; ++kind) {
      if (chance()) facts.representatives.push_back(Appointed(kind, static_cast<Kind::Kind>(kind)));
    }
    const v1::Authority authority = Of(facts);
    for (const auto& regime : authority.regimes()) {
      std::map<int, std::set<std::string>> acting;
      for (const auto& verdict : regime.verdicts()) {
        EXPECT_NE(verdict.grounds().empty(), verdict.obstacles().empty()) << verdict.ShortDebugString();
        const bool barred = verdict.act() != v1::AUTHORITY_ACT_SIGN && !regime.bars().empty();
        EXPECT_EQ(verdict.may(), verdict.obstacles().empty() && !barred);
        if (verdict.may()) acting[verdict.act()].insert(verdict.who() == kPerson ? "person" : "other");
        EXPECT_FALSE(i % 7 == 0 && verdict.may()) << "nobody acts for the dead";
      }
      EXPECT_LE(acting[v1::AUTHORITY_ACT_ASK].size(), 1u);
      EXPECT_LE(acting[v1::AUTHORITY_ACT_SIGN].size(), 1u);
    }
  }
}

std::vector<std::string> Bars(const v1::Authority& authority, int regime) {
  std::vector<std::string> bars;
  for (const auto& bar : authority.regimes(regime).bars()) bars.push_back(bar.rule_id());
  return bars;
}

TEST(AuthorityOn, BarsByCourtOrderInEveryRegimeWithTheParagraph) {
  for (int code = 1; code < v1::ExclusionCode_ARRAYSIZE; ++code) {
    AuthorityFacts facts = Facts();
    facts.exclusions = {Kept<v1::PaymentExclusion>(
        "paymentExclusions", 1, "effective_from_date: '2026-10-01' effective_to_date: '2026-11-22'")};
    facts.exclusions[0].set_code(static_cast<v1::ExclusionCode>(code));
    const v1::Authority authority = Of(facts);
    EXPECT_THAT(Bars(authority, 0), ElementsAre("AUTHORITY-EXCLUSION"));
    EXPECT_THAT(Bars(authority, 1), ElementsAre("AUTHORITY-EXCLUSION"));
    EXPECT_THAT(authority.regimes(0).bars(0).description(), ::testing::HasSubstr("SI 2014/2871 Schedule 1"));
    EXPECT_THAT(authority.regimes(1).bars(0).description(), ::testing::HasSubstr("SI 2013/1617 Schedule"));
    EXPECT_EQ(May(authority, 0), "1s 2s 3s") << "a plan without direct payment can still be signed";
    EXPECT_THAT(Bars(Of(facts, kToday + 1), 0), IsEmpty());
  }
}

TEST(AuthorityOn, NamesTheLetterOfTheOrder) {
  const std::pair<v1::ExclusionCode, const char*> letters[] = {
      {v1::EXCLUSION_CODE_DRUG_REHABILITATION_REQUIREMENT, "SI 2013/1617 Schedule (a)"},
      {v1::EXCLUSION_CODE_ALCOHOL_TREATMENT_REQUIREMENT, "SI 2013/1617 Schedule (b)"},
      {v1::EXCLUSION_CODE_LICENCE_OFFENDING_BEHAVIOUR, "SI 2013/1617 Schedule (c)"},
      {v1::EXCLUSION_CODE_COMMUNITY_REHABILITATION_ORDER, "SI 2013/1617 Schedule (d)"}};
  for (const auto& [code, letter] : letters) {
    AuthorityFacts facts = Facts();
    facts.exclusions = {Kept<v1::PaymentExclusion>("paymentExclusions", 1, "effective_from_date: '2026-10-01'")};
    facts.exclusions[0].set_code(code);
    EXPECT_THAT(Of(facts).regimes(1).bars(0).description(), ::testing::HasSubstr(letter));
  }
}

TEST(AuthorityOn, GuessesNoBarWithoutARow) {
  AuthorityFacts facts = Facts();
  facts.exclusions = {Kept<v1::PaymentExclusion>(
      "paymentExclusions", 1, "code: EXCLUSION_CODE_SCOTTISH_ORDER effective_from_date: '2026-10-01'")};
  facts.policy.clear_exclusion_rules();
  EXPECT_THAT(Refusals(AuthorityOn(facts, kToday).status()), ElementsAre("NO_RATE"));
  EXPECT_TRUE(AuthorityOn(facts, absl::CivilDay(2026, 9, 30)).ok());
}

TEST(AuthorityOn, CustodyBarsCouncilMoneyOnly) {
  AuthorityFacts facts = Facts();
  facts.circumstances = {
      Kept<v1::Circumstance>("circumstances", 1, "kind: KIND_CUSTODY effective_from_date: '2026-10-01'")};
  EXPECT_EQ(May(Of(facts), 0), "1s 2a 2s 2r 3s");
  EXPECT_THAT(Bars(Of(facts), 0), ElementsAre("AUTHORITY-CUSTODY"));
  facts.circumstances[0].set_recorded_in_error(true);
  EXPECT_THAT(Bars(Of(facts), 0), IsEmpty());
}

TEST(AuthorityOn, NobodyUnderASafeguardingConcernReceives) {
  AuthorityFacts facts = FactsOf(kCases[3]);
  auto concern = Kept<v1::Circumstance>("circumstances", 1,
                                        "kind: KIND_SAFEGUARDING_CONCERN effective_from_date: '2026-10-01'");
  concern.mutable_details()->mutable_safeguarding_concern()->set_representative(
      facts.representatives[0].name());
  facts.circumstances = {concern};
  EXPECT_EQ(May(Of(facts), 1), "1a 1s");
  facts.circumstances[0].set_effective_to_date("2026-11-21");
  EXPECT_EQ(May(Of(facts), 1), "1a 1s 1r");
}

TEST(AuthorityOn, FallsWithTheAttorneyItStandsOn) {
  AuthorityFacts facts = FactsOf(kCases[3]);
  facts.representatives.push_back(Attorney(2, "brother-1"));
  facts.representatives[0].set_mca_authority(facts.representatives[1].name());
  EXPECT_EQ(May(Of(facts), 1), "1a 1s 1r");
  facts.representatives[1].set_effective_to_date("2026-11-21");
  EXPECT_EQ(May(Of(facts), 1), "");
  EXPECT_EQ(May(Of(facts, kToday - 1), 1), "1a 1s 1r");
}

TEST(AuthorityOn, KnowsAppointmentsInEffectOnlyAndDaysFromBirth) {
  AuthorityFacts facts = FactsOf(kCases[0]);
  EXPECT_EQ(May(Of(facts, absl::CivilDay(2025, 12, 31)), 1), "");
  EXPECT_EQ(Of(facts, absl::CivilDay(2025, 12, 31)).regimes(0).verdicts_size(), 3);
  EXPECT_THAT(Refusals(AuthorityOn(facts, absl::CivilDay(1980, 3, 14)).status()), ElementsAre("as_of_date"));
}

}  // namespace
}  // namespace ipb::people::rules
