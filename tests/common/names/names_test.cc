#include "common/names/names.h"

#include <gtest/gtest.h>

#include <set>

namespace ipb::names {
namespace {

TEST(Parse, TakesApartAndPutsTogether) {
  const struct {
    absl::string_view text;
    Name name;
  } kCases[] = {
      {"people/8d2k", {"people/8d2k", "", 0}},
      {"people/8d2k/budgets/3", {"people/8d2k", "budgets", 3}},
      {"people/8-d/financialAssessments/1000000000", {"people/8-d", "financialAssessments", 1000000000}},
      {"paymentRuns/2026-w15", {"paymentRuns/2026-w15", "", 0}},
      {"uplifts/2026-april", {"uplifts/2026-april", "", 0}},
      {"identifiers/abc", {"identifiers/abc", "", 0}},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<Name> parsed = Parse(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text;
    EXPECT_EQ(*parsed, c.name) << c.text;
    EXPECT_EQ(Format(*parsed), c.text);
    EXPECT_EQ(Subject(c.text), c.name.subject);
  }
}

TEST(Parse, RefusesEverythingElse) {
  const std::string longest = "people/" + std::string(64, 'a');
  EXPECT_TRUE(Parse(longest).ok());
  const std::string kCases[] = {"",
                                "/",
                                "people",
                                "people/",
                                "/people/a",
                                "people/a/",
                                "people//a",
                                "people/a/budgets",
                                "people/a/budgets/",
                                "people/a/budgets/0",
                                "people/a/budgets/01",
                                "people/a/budgets/-1",
                                "people/a/budgets/1000000001",
                                "people/a/budgets/99999999999999999999",
                                "people/a/budgets/1/",
                                "people/a/budgets/1/lines/2",
                                "People/a",
                                "people/A",
                                "people/-a",
                                "people/a b",
                                "people/a/Budgets/1",
                                "people/a/bud_gets/1",
                                "plans/a",
                                "identifiers/a/x/1",
                                "people/a/budgets/1x",
                                "people/\xC3\xA9",
                                longest + "a",
                                std::string("people/a\0", 9)};
  for (const std::string& text : kCases) EXPECT_FALSE(Parse(text).ok()) << text;
}

TEST(Matches, FollowsThePattern) {
  EXPECT_TRUE(Matches("people/8d2k", "people/{person}"));
  EXPECT_TRUE(Matches("people/8d2k/budgets/12", "people/{person}/budgets/{n}"));
  EXPECT_TRUE(Matches("paymentRuns/7", "paymentRuns/{run}"));
  EXPECT_FALSE(Matches("people/8d2k/plans/12", "people/{person}/budgets/{n}"));
  EXPECT_FALSE(Matches("people/8d2k/budgets/x", "people/{person}/budgets/{n}"));
  EXPECT_FALSE(Matches("people/8d2k/budgets", "people/{person}/budgets/{n}"));
  EXPECT_FALSE(Matches("people/8d2k/budgets/1/", "people/{person}/budgets/{n}"));
  EXPECT_FALSE(Matches("people/8d2k/budgets/1", "people/{person}"));
  EXPECT_FALSE(Matches("people/", "people/{person}"));
  EXPECT_FALSE(Matches("", "people/{person}"));
}

TEST(IsPattern, KnowsWhatCanBeMatched) {
  for (const char* good : {"people/{person}", "people/{person}/financialAssessments/{n}", "paymentRuns/{run}",
                           "identifiers/{claim}"}) {
    EXPECT_TRUE(IsPattern(good)) << good;
  }
  for (const char* bad :
       {"", "people", "people/person", "people/{person}/budgets", "people/{person}/budgets/{budget}",
        "persons/{person}", "people/{person}/budgets/{n}/lines/{n}", "people/{n}", "people/{}"}) {
    EXPECT_FALSE(IsPattern(bad)) << bad;
  }
}

TEST(Child, JoinsAndSplits) {
  EXPECT_EQ(Child("people/a", "plans", 4), "people/a/plans/4");
  EXPECT_EQ(Prefix("people/a", "plans"), "people/a/plans/");
  EXPECT_EQ(LastSegment("people/a/plans/4"), "4");
  EXPECT_EQ(LastSegment("people/a"), "a");
  EXPECT_EQ(Subject("people"), "");
}

TEST(PersonId, IsLongRandomAndUsable) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewPersonId();
    EXPECT_EQ(id.size(), 26u);
    EXPECT_TRUE(Matches("people/" + id, "people/{person}")) << id;
    EXPECT_EQ(id.find_first_of("ilou"), id.npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(PersonId, FollowsFromItsKey) {
  EXPECT_EQ(PersonIdFor("abc"), "q9w1dfwf077ymga183f5vbh24e");
  EXPECT_EQ(PersonIdFor("abc"), PersonIdFor("abc"));
  EXPECT_NE(PersonIdFor("abc"), PersonIdFor("abd"));
}

}  // namespace
}  // namespace ipb::names
