#include "common/policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/policy/rows.h"

namespace ipb::policy {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Organisation(const std::string& code, const std::string& from, const std::string& to,
                         const std::string& kind = "CALLER_KIND_COUNCIL") {
  return absl::StrCat("organisations {\n  code: \"", code, "\"\n  display_name: \"", from,
                      "\"\n  kind: ", kind, "\n  provenance {\n    effective_from_date: \"", from,
                      "\"\n    effective_to_date: \"", to,
                      "\"\n    source: \"test\"\n    certainty: CERTAINTY_LOCAL_CHOICE\n  }\n}\n");
}

class PolicyTest : public ::testing::Test {
 protected:
  PolicyTest() : folder_(fs::path(::testing::TempDir()) / absl::StrCat("policy.", ::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~PolicyTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  std::string Fault() {
    const auto policy = Load(folder_.string());
    return policy.ok() ? "loaded" : std::string(policy.status().message());
  }

  const fs::path folder_;
};

TEST_F(PolicyTest, TellsWhoIsWhatOnADay) {
  Write("local/AAA/organisation.textproto",
        "organisation: \"AAA\"\n" + Organisation("AAA", "2015-04-01", "2020-03-31"));
  Write("national/more.textproto", Organisation("AAA", "2020-04-01", "", "CALLER_KIND_NHS"));
  const auto policy = Load(folder_.string());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ((*policy)->KindOf("AAA", absl::CivilDay(2015, 3, 31)), v1::CALLER_KIND_UNSPECIFIED);
  EXPECT_EQ((*policy)->KindOf("AAA", absl::CivilDay(2015, 4, 1)), v1::CALLER_KIND_COUNCIL);
  EXPECT_EQ((*policy)->KindOf("AAA", absl::CivilDay(2020, 3, 31)), v1::CALLER_KIND_COUNCIL);
  EXPECT_EQ((*policy)->KindOf("AAA", absl::CivilDay(2099, 1, 1)), v1::CALLER_KIND_NHS);
  EXPECT_EQ((*policy)->KindOf("BBB", absl::CivilDay(2020, 1, 1)), v1::CALLER_KIND_UNSPECIFIED);
}

// With successors, separated by spaces.
std::string Succeeded(const std::string& code, const std::string& to, const std::string& by) {
  std::string text = Organisation(code, "2015-04-01", to);
  for (const absl::string_view successor : absl::StrSplit(by, ' ', absl::SkipEmpty())) {
    text.insert(text.size() - 2, absl::StrCat("  succeeded_by: \"", successor, "\"\n"));
  }
  return text;
}

TEST_F(PolicyTest, WhoSucceedsActsForItsPredecessorsFromTheDay) {
  Write("a.textproto", Succeeded("AAA", "2020-03-31", "CCC DDD") + Succeeded("BBB", "2020-03-31", "CCC") +
                           Succeeded("CCC", "2026-03-31", "EEE") + Succeeded("DDD", "", "") +
                           Succeeded("EEE", "", ""));
  const auto policy = Load(folder_.string());
  ASSERT_TRUE(policy.ok()) << policy.status();
  const absl::CivilDay before(2020, 3, 31), after(2020, 4, 1), later(2026, 4, 1);
  EXPECT_THAT((*policy)->ActsFor("CCC", before), ElementsAre("CCC"));
  EXPECT_THAT((*policy)->ActsFor("CCC", after), ElementsAre("CCC", "AAA", "BBB"));
  EXPECT_THAT((*policy)->ActsFor("DDD", after), ElementsAre("DDD", "AAA"));
  EXPECT_THAT((*policy)->ActsFor("EEE", after), ElementsAre("EEE"));
  EXPECT_THAT((*policy)->ActsFor("EEE", later), ElementsAre("EEE", "CCC", "AAA", "BBB"));
  EXPECT_TRUE((*policy)->ActsFor("EEE", "BBB", later));
  EXPECT_TRUE((*policy)->ActsFor("ZZZ", "ZZZ", later));
  EXPECT_FALSE((*policy)->ActsFor("AAA", "CCC", later)) << "not the other way round";
  EXPECT_FALSE((*policy)->ActsFor("DDD", "BBB", later));
}

TEST_F(PolicyTest, RefusesASuccessorOfWhoGoesOnAndOneWhomNobodyKnows) {
  Write("a.textproto", Succeeded("AAA", "", "BBB") + Succeeded("BBB", "2020-03-31", "CCC"));
  EXPECT_EQ(Fault(),
            "a.textproto:1: AAA has a successor and no last day\n"
            "a.textproto:13: BBB is succeeded by CCC, which no file knows");
}

TEST_F(PolicyTest, MergesNationalFilesAndKeepsLocalOnesApart) {
  Write("national/a.textproto", Organisation("AAA", "2015-04-01", ""));
  Write("national/deep/b.textproto", Organisation("BBB", "2015-04-01", ""));
  Write("local/AAA.textproto", "organisation: \"AAA\"");
  Write("national/README.md", "not policy");
  const auto policy = Load(folder_.string());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ((*policy)->national().organisations_size(), 2);
  ASSERT_NE((*policy)->local("AAA"), nullptr);
  EXPECT_EQ((*policy)->local("AAA")->organisation(), "AAA");
  EXPECT_EQ((*policy)->local("BBB"), nullptr);
  EXPECT_EQ((*policy)->version().size(), 16u);
  EXPECT_EQ((*policy)->national().policy_version(), (*policy)->version());
  EXPECT_EQ((*policy)->local("AAA")->policy_version(), (*policy)->version());
}

TEST_F(PolicyTest, VersionFollowsNamesAndBytes) {
  Write("a.textproto", Organisation("AAA", "2015-04-01", ""));
  const std::string first = (*Load(folder_.string()))->version();
  EXPECT_EQ((*Load(folder_.string()))->version(), first);
  Write("a.textproto", Organisation("AAA", "2015-04-01", "") + "# a remark\n");
  const std::string second = (*Load(folder_.string()))->version();
  EXPECT_NE(second, first);
  fs::rename(folder_ / "a.textproto", folder_ / "b.textproto");
  EXPECT_NE((*Load(folder_.string()))->version(), second);
}

TEST_F(PolicyTest, ReadsAFolderMountedByKubernetesOnce) {
  Write("..2026_01/a.textproto", Organisation("AAA", "2015-04-01", ""));
  fs::create_directory_symlink("..2026_01", folder_ / "..data");
  fs::create_symlink("..data/a.textproto", folder_ / "a.textproto");
  const auto policy = Load(folder_.string());
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ((*policy)->national().organisations_size(), 1);
}

TEST_F(PolicyTest, RefusesAnEmptyFolder) {
  EXPECT_EQ(Load(folder_.string()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Load((folder_ / "none").string()).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(PolicyTest, TellsFileLineAndColumnOfWhatDoesNotParse) {
  Write("a.textproto", "# remark\norganisations {\n  cod: \"AAA\"\n}\n");
  Write("b.textproto", "organisations {");
  EXPECT_THAT(Fault(), AllOf(HasSubstr("a.textproto:3:"), HasSubstr("cod"), HasSubstr("b.textproto:1:")));
}

TEST_F(PolicyTest, TellsFileAndLineOfEveryBrokenRule) {
  Write("a.textproto", Organisation("AAA", "2015-04-01", "") + Organisation("aaa", "2015-04-31", ""));
  Write("b.textproto", "organisations {\n  code: \"BBB\"\n}\n");
  const std::string fault = Fault();
  EXPECT_THAT(fault, HasSubstr("a.textproto:13: organisations[1].code must be an organisation's code"));
  EXPECT_THAT(fault,
              HasSubstr("a.textproto:17: organisations[1].provenance.effective_from_date must be a date"));
  EXPECT_THAT(fault, HasSubstr("b.textproto:1: organisations[0].display_name must be given"));
  EXPECT_THAT(fault, HasSubstr("b.textproto:1: organisations[0].provenance must be given"));
}

TEST_F(PolicyTest, RefusesAPeriodThatEndsBeforeItBegins) {
  Write("a.textproto", "\n\n" + Organisation("AAA", "2020-04-01", "2020-03-31"));
  EXPECT_EQ(Fault(),
            "a.textproto:3: the row of Organisation ends on 2020-03-31, before it begins on 2020-04-01");
}

TEST_F(PolicyTest, RefusesRowsThatOverlapNamingBothPlaces) {
  Write("a.textproto",
        Organisation("BBB", "2015-04-01", "") + Organisation("AAA", "2015-04-01", "2020-04-01"));
  Write("local/b.textproto", Organisation("AAA", "2020-04-01", "", "CALLER_KIND_NHS"));
  EXPECT_EQ(Fault(),
            "local/b.textproto:1: the row of Organisation (2020-04-01 to no end) overlaps the one of the "
            "same kind in "
            "a.textproto:12 (2015-04-01 to 2020-04-01)");
}

// The rows of each kind that differ only in their answer, be it an enum, text or a number, and so cannot both
// hold.
TEST_F(PolicyTest, RefusesTwoAnswersToOneQuestionWhateverTheAnswerIs) {
  constexpr char kPeriod[] =
      "provenance { effective_from_date: \"2025-04-01\" source: \"test\" certainty: CERTAINTY_LOCAL_CHOICE }";
  const struct {
    const char* section;
    const char* row;
    const char* first;
    const char* second;
  } cases[] = {
      {"eligibility", "cohort_rights", "cohort: PERSONAL_HEALTH_BUDGET_COHORT_CHC right: BUDGET_RIGHT_TO_ASK",
       "cohort: PERSONAL_HEALTH_BUDGET_COHORT_CHC right: BUDGET_RIGHT_TO_HAVE"},
      {"eligibility", "care_domains", "domain: CARE_DOMAIN_BREATHING levels: NEED_LEVEL_LOW",
       "domain: CARE_DOMAIN_BREATHING levels: NEED_LEVEL_HIGH"},
      {"payments", "cycles", "cycle_weeks: 4 cycle_anchor_date: \"2025-04-07\"",
       "cycle_weeks: 4 cycle_anchor_date: \"2025-04-14\""},
      {"payments", "originators", "account_name: \"A\" sort_code: \"089999\" account_number: \"66374958\"",
       "account_name: \"B\" sort_code: \"107999\" account_number: \"88837491\""},
      {"allocation", "capital_disregards", "kind: CAPITAL_KIND_MAIN_HOME",
       "kind: CAPITAL_KIND_MAIN_HOME weeks: 12"},
      {"allocation", "minimum_wages", "band: WAGE_BAND_18_TO_20 hourly_pence: 1000",
       "band: WAGE_BAND_18_TO_20 hourly_pence: 1085"},
      {"allocation", "employment_rates",
       "national_insurance { numerator: 15 denominator: 100 } upper_secondary_threshold_weekly_pence: 96700 "
       "pension { denominator: 1 } holiday { denominator: 1 }",
       "national_insurance { numerator: 13 denominator: 100 } upper_secondary_threshold_weekly_pence: 96700 "
       "pension { denominator: 1 } holiday { denominator: 1 }"},
      {"allocation", "sick_pay_weeks", "weeks: 2", "weeks: 4"},
      {"reviews", "cadences", "regime: REVIEW_REGIME_CHC first { months: 3 } then { months: 12 }",
       "regime: REVIEW_REGIME_CHC first { months: 6 } then { months: 12 }"},
  };
  for (const auto& c : cases) {
    const auto file = [&](const char* second) {
      return absl::StrCat(c.section, " {\n  ", c.row, " { ", c.first, " ", kPeriod, " }\n  ", c.row, " { ",
                          second, " ", kPeriod, " }\n}\n");
    };
    Write("a.textproto", file(c.second));
    EXPECT_THAT(Fault(), AllOf(HasSubstr("a.textproto:3: the row of "), HasSubstr("in a.textproto:2 ")))
        << c.row;
  }
}

TEST_F(PolicyTest, RowsThatAnswerDifferentQuestionsHoldTogether) {
  constexpr char kPeriod[] =
      "provenance { effective_from_date: \"2025-04-01\" source: \"test\" certainty: CERTAINTY_LOCAL_CHOICE }";
  const auto exclusion = [&](const char* limits) {
    return absl::StrCat(
        "care_planning { spending_exclusions { category: SPENDING_CATEGORY_ALCOHOL funder_kind: ",
        "CALLER_KIND_NHS ", limits, " ", kPeriod, " } }\n");
  };
  Write("a.textproto", exclusion(""));
  Write("b.textproto", exclusion("bases: FUNDING_BASIS_CHC"));
  Write("c.textproto", exclusion("management_options: MANAGEMENT_OPTION_DIRECT_PAYMENT"));
  Write("d.textproto",
        absl::StrCat("allocation { minimum_wages { band: WAGE_BAND_18_TO_20 hourly_pence: 1000 ", kPeriod,
                     " } minimum_wages { band: WAGE_BAND_16_TO_17 hourly_pence: 755 ", kPeriod, " } }\n"));
  EXPECT_EQ(Fault(), "loaded");
}

TEST_F(PolicyTest, FindsAnOverlapBehindAShorterRow) {
  Write("a.textproto", Organisation("AAA", "2015-01-01", "2019-12-31") +
                           Organisation("AAA", "2016-01-01", "2016-12-31") +
                           Organisation("AAA", "2018-01-01", "2018-12-31"));
  EXPECT_THAT(Fault(), AllOf(HasSubstr("a.textproto:12: the row"), HasSubstr("a.textproto:23: the row"),
                             HasSubstr("in a.textproto:1 "), Not(HasSubstr("in a.textproto:12"))));
}

TEST_F(PolicyTest, RefusesTheLocalPolicyOfAnUnknownOrganisation) {
  Write("a.textproto", "\norganisation: \"AAA\"\n");
  EXPECT_EQ(Fault(), "a.textproto:2: no file names AAA among its organisations");
}

TEST(DeployedPolicy, Loads) {
  const char* source = std::getenv("IPB_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "run by ctest";
  const auto policy = Load(absl::StrCat(source, "/deploy/policy"));
  ASSERT_TRUE(policy.ok()) << policy.status().message();
  const absl::CivilDay day(2026, 4, 6);
  EXPECT_EQ((*policy)->KindOf("E10000019", day), v1::CALLER_KIND_COUNCIL);
  EXPECT_EQ((*policy)->KindOf("E10000028", day), v1::CALLER_KIND_COUNCIL);
  EXPECT_EQ((*policy)->KindOf("QZZ", day), v1::CALLER_KIND_NHS);
  EXPECT_EQ((*policy)->KindOf("SUPPORTCO", day), v1::CALLER_KIND_PROVIDER);
}

}  // namespace
}  // namespace ipb::policy
