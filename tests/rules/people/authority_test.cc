// Who may ask, sign and receive: what holds for all people, findings and appointments.
#include "services/people/rules/authority.h"

#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

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

constexpr auto kAbout = Matter::MATTER_DIRECT_PAYMENT;
constexpr auto kPlan = Matter::MATTER_CARE_AND_SUPPORT;

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

TEST(AuthorityOn, NamesTheLetterOfTheOrder) {
  const std::pair<v1::ExclusionCode, const char*> letters[] = {
      {v1::EXCLUSION_CODE_DRUG_REHABILITATION_REQUIREMENT, "SI 2013/1617 Schedule (a)"},
      {v1::EXCLUSION_CODE_ALCOHOL_TREATMENT_REQUIREMENT, "SI 2013/1617 Schedule (b)"},
      {v1::EXCLUSION_CODE_LICENCE_OFFENDING_BEHAVIOUR, "SI 2013/1617 Schedule (c)"},
      {v1::EXCLUSION_CODE_COMMUNITY_REHABILITATION_ORDER, "SI 2013/1617 Schedule (d)"}};
  for (const auto& [code, letter] : letters) {
    AuthorityFacts facts = Facts();
    facts.exclusions = {
        Kept<v1::PaymentExclusion>("paymentExclusions", 1, "effective_from_date: '2026-10-01'")};
    facts.exclusions[0].set_code(code);
    EXPECT_THAT(Of(facts).regimes(1).bars(0).description(), ::testing::HasSubstr(letter));
  }
}

}  // namespace
}  // namespace ipb::people::rules
