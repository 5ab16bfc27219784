// The format of journeys: what is read and refused, what is filled in, and how replies are compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/journeys/player/carried.h"
#include "tests/journeys/player/journey.h"
#include "tests/journeys/player/match.h"
#include "tests/journeys/player/story.h"

namespace ipb::journey {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kHead[] = R"({"title": "t", "situation": "s", "source": "x", "steps": [)";

absl::StatusOr<Journey> Parse(absl::string_view steps) {
  return ParseJourney("a.json", absl::StrCat(kHead, steps, "]}"));
}

struct BadStep {
  const char* step;
  const char* complaint;
};

TEST(JourneyFormat, ReadsAStepWithItsCaller) {
  const auto journey = ParseJourney("a.json", R"({
    "title": "t", "situation": "s", "source": "x", "clock": "2026-04-06T09:00:00Z",
    "callers": {"nurse": {"organisation": "QZZ", "actor": "n1", "role": "assessor"}},
    "steps": [{"say": "Looks", "as": "nurse", "call": "PeopleService.GetPerson", "request": {"name": "${person}"},
               "expect": {"etag": "1"}, "keep": {"etag": "etag"}, "until_seconds": 5}]})");
  ASSERT_TRUE(journey.ok()) << journey.status();
  const Step& step = journey->steps.at(0);
  EXPECT_EQ(step.service, "ipb.v1.PeopleService");
  EXPECT_EQ(step.method, "GetPerson");
  EXPECT_EQ(step.as->title, "nurse");
  EXPECT_EQ(step.as->organisation, "QZZ");
  EXPECT_EQ(step.until_seconds, 5);
}

TEST(JourneyFormat, RefusesWhatIsNotOfTheFormatAndSaysWhere) {
  const BadStep cases[] = {
      {R"({"say": "a", "cal": "A.B"})", "a.json: steps[1].cal is not a word of the format"},
      {R"({"call": "A.B"})", "a.json: steps[1].say is missing"},
      {R"({"say": "a", "call": "B"})", "steps[1].call must be Service.Method"},
      {R"({"say": "a", "as": "x", "call": "A.B"})", "steps[1].as names nobody in `callers`: x"},
      {R"({"say": "a", "call": "A.B", "clock": "today"})", "steps[1].clock must be an instant"},
      {R"({"say": "a", "call": "A.B", "expect": {}, "refused": {"code": "ABORTED"}})",
       "refused leaves no reply"},
      {R"({"say": "a", "call": "A.B", "refused": {"reason": "NO_RATE"}})",
       "steps[1].refused.code is missing"},
      {R"({"say": "a", "expect": {}})", "steps[1].call is missing"},
      {R"({"say": "a", "until_seconds": 0})", "must be a number of seconds"},
      {"", "a.json: steps must be a list of at least one step"},
      {"{", "a.json: "},
  };
  for (const BadStep& bad : cases) {
    const auto journey = Parse(bad.step);
    ASSERT_FALSE(journey.ok()) << bad.step;
    EXPECT_THAT(std::string(journey.status().message()), HasSubstr(bad.complaint));
  }
}

TEST(JourneyFormat, EveryJourneyOfTheProjectIsReadable) {
  const std::string folder = absl::StrCat(getenv("IPB_SOURCE_DIR"), "/tests/journeys");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    EXPECT_TRUE(ReadJourney(entry.path()).ok()) << ReadJourney(entry.path()).status();
  }
}

TEST(Carried, FillsTextsAndKeepsTheKindOfAValueThatStandsAlone) {
  Carried carried("run1", "a.json");
  carried.Keep("weeks", Json(4));
  carried.Keep("person", Json("people/7"));
  carried.SetToday(absl::CivilDay(2026, 4, 6));
  const auto filled = carried.Fill(Json::parse(
      R"({"name": "${person}/plans/${weeks}", "weeks": "${weeks}", "list": ["${today}", "${today+28}", 3]})"));
  ASSERT_TRUE(filled.ok());
  EXPECT_EQ(
      *filled,
      Json::parse(R"({"name": "people/7/plans/4", "weeks": 4, "list": ["2026-04-06", "2026-05-04", 3]})"));
}

TEST(Carried, RefusesANameThatNothingCarries) {
  const auto filled = Carried("run1", "a.json").Fill(Json("${persom}"));
  EXPECT_EQ(filled.status().message(), "nothing carries ${persom}");
}

TEST(Carried, NhsNumbersAreOfTheTestRangeValidAndRepeatable) {
  for (int run = 0; run < 1000; ++run) {
    const Carried carried(absl::StrCat("run", run), "a.json");
    const std::string number = carried.Value("nhs_number")->get<std::string>();
    ASSERT_THAT(number, SizeIs(10));
    ASSERT_EQ(number.substr(0, 3), "999");
    int sum = 0;
    for (int i = 0; i < 10; ++i) sum += (number[i] - '0') * (10 - i);
    ASSERT_EQ(sum % 11, 0) << number;
    ASSERT_EQ(carried.Value("nhs_number"), Carried(absl::StrCat("run", run), "a.json").Value("nhs_number"));
    ASSERT_NE(number, carried.Value("nhs_number:partner")->get<std::string>());
  }
}

TEST(Carried, UuidsAreOfVersionFiveAndDifferByLabel) {
  const Carried carried("run1", "a.json");
  EXPECT_THAT(carried.Uuid("a"),
              ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-.*"));
  EXPECT_THAT(carried.Uuid("a"), SizeIs(36));
  EXPECT_NE(carried.Uuid("a"), carried.Uuid("b"));
}

TEST(Match, ComparesOnlyWhatIsWritten) {
  const Json reply = Json::parse(
      R"({"state": "ACTIVE", "weekly_pence": "12345", "lines": [{"n": 1}, {"n": 2}], "end_date": ""})");
  const char* alike[] = {
      R"({})",
      R"({"weekly_pence": 12345})",
      R"({"lines": [{"n": 1}, {}]})",
      R"({"lines": {"$size": 2}})",
      R"({"lines": {"$contains": [{"n": 2}]}})",
      R"({"lines": {"$lacks": [{"n": 3}]}})",
      R"({"end_date": {"$empty": true}, "nothing": {"$empty": true}, "state": {"$empty": false}})",
      R"({"state": {"$matches": "^ACT"}})",
      R"({"weekly_pence": {"$at_least": 12345}})",
      R"({"weekly_pence": {"$at_most": 99999}})",
  };
  for (const char* expected : alike)
    EXPECT_THAT(Differences(Json::parse(expected), reply), IsEmpty()) << expected;
  const char* different[] = {
      R"({"weekly_pence": 12346})",
      R"({"weekly_pence": 1234.5})",
      R"({"lines": [{"n": 1}]})",
      R"({"lines": {"$contains": [{"n": 3}]}})",
      R"({"lines": {"$lacks": [{"n": 2}]}})",
      R"({"no_such_list": {"$lacks": [{"n": 3}]}})",
      R"({"state": {"$empty": true}})",
      R"({"nothing": "x"})",
      R"({"weekly_pence": {"$at_least": 12346}})",
      R"({"state": {"$mistyped": 1}})",
  };
  for (const char* expected : different)
    EXPECT_THAT(Differences(Json::parse(expected), reply), SizeIs(1)) << expected;
  EXPECT_THAT(Differences(Json::parse(R"({"lines": [{"n": 1}, {"n": 5}]})"), reply),
              ElementsAre("lines[1].n: expected 5, got 2"));
}

TEST(Match, FindsByPath) {
  const Json reply = Json::parse(R"({"a": [{"b": ["x", "y"]}]})");
  ASSERT_NE(Find(reply, "a[0].b[1]"), nullptr);
  EXPECT_EQ(*Find(reply, "a[0].b[1]"), "y");
  EXPECT_EQ(Find(reply, "a[1].b"), nullptr);
  EXPECT_EQ(Find(reply, "a.b"), nullptr);
}

TEST(Story, SpellsMoneyAndDates) {
  EXPECT_EQ(Spell("weekly_pence", Json("123456")), "£1,234.56");
  EXPECT_EQ(Spell("start_date", Json("2026-04-06")), "6 April 2026");
  EXPECT_EQ(Spell("end_date", Json("")), "");
  EXPECT_EQ(Spell("state", Json("ACTIVE")), "ACTIVE");
  EXPECT_EQ(Spell("state", Json("STATE_ENDED")), "ended");
  EXPECT_EQ(Spell("deciding_regime", Json("REVIEW_REGIME_CARE_ACT")), "care act");
  EXPECT_EQ(Spell("account", Json("ACCOUNT_KIND_HOLDER")), "holder");
}

}  // namespace
}  // namespace ipb::journey
