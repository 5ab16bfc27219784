// ipb-simulate as its users start it: files of cases in, tables and a picture out, and what is told of wrong
// input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "google/protobuf/util/json_util.h"
#include "ipb/v1/simulation.pb.h"
#include "tests/journeys/program.h"
#include "tests/support/folder.h"

namespace ipb::allocation {
namespace {

using ::testing::HasSubstr;

std::string PolicyFolder() { return absl::StrCat(std::getenv("IPB_SOURCE_DIR"), "/deploy/policy"); }

std::string Read(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A single person of 45 with £200 a week, whose support costs £300.
std::string Case(const std::string& key) {
  return absl::StrCat(
      R"({"key":")", key,
      R"(","facts":{"household":{"relationship":"RELATIONSHIP_SINGLE","birth_date":"1980-01-01"},)",
      R"("income":[{"kind":"INCOME_KIND_OTHER","weekly_pence":20000}]},)",
      R"("lines":[{"basis":"FUNDING_BASIS_CARE_ACT","weekly_pence":30000}]})");
}

class SimulateTest : public ::testing::Test {
 protected:
  // The policy that ships, with 25.00 added to the guarantee where 5.00 was, and 30 points of the table worth
  // 260.00 where they were worth 245.00.
  SimulateTest() {
    std::filesystem::copy(PolicyFolder(), folder_.File("candidate"),
                          std::filesystem::copy_options::recursive);
    const std::string path = folder_.File("candidate/local/E10000019/allocation.textproto");
    const std::string text = Read(path);
    std::ofstream(path) << absl::StrReplaceAll(
        text, {{"guarantee_additions { weekly_pence: 500", "guarantee_additions { weekly_pence: 2500"},
               {"price_points { points: 30 weekly_pence: 24500 }",
                "price_points { points: 30 weekly_pence: 26000 }"}});
  }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.File(name)) << text;
    return folder_.File(name);
  }

  // What it says of the cases; its exit code is `code_`.
  std::string Simulate(const std::string& cases, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {absl::StrCat("--policy=", PolicyFolder()),
                                          absl::StrCat("--candidate=", folder_.File("candidate")),
                                          "--organisation=E10000019", "--date=2025-06-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(cases);
    journey::Program program("ipb-simulate", arguments);
    const std::string said = program.Rest();
    code_ = program.Wait();
    return said;
  }

  testing::Folder folder_;
  int code_ = -1;
};

TEST_F(SimulateTest, TellsWhatItFindsAndWritesIt) {
  const std::string cases = Write("cases.jsonl", absl::StrCat(Case("one"), "\n\n", Case("two"), "\n"));
  const std::string said = Simulate(cases, {absl::StrCat("--out=", folder_.path())});
  EXPECT_EQ(code_, 0) << said;
  EXPECT_THAT(said, HasSubstr("2 cases in"));
  EXPECT_THAT(said, HasSubstr("2 would pay less, by £40.00 a week together"));
  EXPECT_THAT(Read(folder_.File("simulation.csv")), HasSubstr(",charge_weekly_pence,16500,12500"));
  v1::SimulationReport report;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(Read(folder_.File("simulation.json")), &report).ok());
  EXPECT_EQ(report.whole().better_off(), 2);
  EXPECT_THAT(Read(folder_.File("simulation.svg")), HasSubstr("2 would pay less, 0 more, 0 the same"));
}

TEST_F(SimulateTest, TellsWhatPeopleWouldBeTold) {
  constexpr char kNeeds[] =
      R"({"key":"one","agreed_weekly_pence":28000,"needs":{"table":"adults-at-home","answers":[
      {"question":"washing-and-dressing","answer":"much-help"},{"question":"meals","answer":"some-help"},
      {"question":"continence","answer":"some-help"},{"question":"moving-about","answer":"some-help"},
      {"question":"nights","answer":"no-help"},{"question":"going-out","answer":"no-help"}]}})";
  const std::string said =
      Simulate(Write("needs.jsonl", absl::StrReplaceAll(kNeeds, {{"\n", ""}})), {"--quiet"});
  EXPECT_EQ(code_, 0) << said;
  EXPECT_THAT(said,
              HasSubstr("0 would be told less, by £0.00 a week together; 1 more, by £15.00; 0 the same"));
  EXPECT_THAT(said, HasSubstr("agreed of what would have been indicated: £280.00 of £260.00 a week"));
  EXPECT_THAT(Simulate(Write("empty.jsonl", "{\"key\":\"nothing\"}\n")),
              HasSubstr("empty.jsonl: case nothing: lines"));
  EXPECT_EQ(code_, 2);
}

TEST_F(SimulateTest, ReadsTheBinaryFormAsWell) {
  v1::SimulationCase one;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(Case("one"), &one).ok());
  std::ofstream out(folder_.File("cases.binpb"), std::ios::binary);
  google::protobuf::util::SerializeDelimitedToOstream(one, &out);
  out.close();
  const std::string said = Simulate(folder_.File("cases.binpb"), {"--quiet"});
  EXPECT_EQ(code_, 0) << said;
  EXPECT_THAT(said, HasSubstr("1 would pay less"));
}

TEST_F(SimulateTest, SaysWhereTheCasesAreWrong) {
  EXPECT_THAT(Simulate(folder_.File("none.jsonl")), HasSubstr("there is no file"));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(Simulate(Write("cases.csv", "key\n")), HasSubstr("neither in .jsonl nor in .binpb"));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(Simulate(Write("cases.jsonl", absl::StrCat(Case("one"), "\n{\"name\":1}\n"))),
              HasSubstr("cases.jsonl:2: "));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(Simulate(Write("cases.binpb", "\x05no")), HasSubstr("case 1 is no SimulationCase"));
  EXPECT_EQ(code_, 2);
  const std::string negative = absl::StrReplaceAll(Case("owes"), {{"20000", "-1"}});
  const std::string said = Simulate(Write("cases.jsonl", negative));
  EXPECT_THAT(said, HasSubstr("case owes"));
  EXPECT_THAT(said, HasSubstr("facts.income[0].weekly_pence"));
  EXPECT_EQ(code_, 2);
}

TEST_F(SimulateTest, SaysWhatOfItsFlagsIsWrong) {
  const std::string cases = Write("cases.jsonl", Case("one"));
  EXPECT_THAT(Simulate(cases, {"--organisation=E99999999"}), HasSubstr("no policy of \"E99999999\""));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(Simulate(cases, {"--date=1 June"}), HasSubstr("YYYY-MM-DD"));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(Simulate(cases, {"--candidate=/no/such/folder"}), HasSubstr("/no/such/folder"));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(Simulate(cases, {"--date=2014-01-01"}), HasSubstr("no rate for weeks of a budget year"));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(Simulate(cases, {"--out=/no/such/folder"}), HasSubstr("cannot write"));
  EXPECT_EQ(code_, 1);
}

}  // namespace
}  // namespace ipb::allocation
