// The table of the law: each paragraph of tests/rules/law/*.textproto with the rules that hold it
// and the cases that show it. No paragraph of people, eligibility or charging is without both, no rule of
// theirs is without paragraph and case, and no case shows a paragraph by rules that do not hold it. A
// paragraph that is held elsewhere says where and by which test; one that nothing holds says why.
//
// The table is kept in tests/rules/law/table.md. After a change, IPB_REWRITE=1 writes it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "re2/re2.h"
#include "tests/rules/allocation/allocation_case.pb.h"
#include "tests/rules/eligibility/eligibility_case.pb.h"
#include "tests/rules/people/people_case.pb.h"
#include "tests/rules/support/case.pb.h"
#include "tests/rules/support/text_file.h"

namespace ipb::tests {
namespace {

constexpr char kFolder[] = "tests/rules/law";
constexpr char kTable[] = "tests/rules/law/table.md";

// The services whose rules are told by cases.
constexpr const char* kTold[] = {"services/eligibility/rules", "services/people/rules"};
// Of allocation, those of budgets and their changes, charging, costing and indicative amounts.
constexpr char kAllocation[] = "services/allocation/rules/";
constexpr const char* kToldOfAllocation[] = {"adjustment.cc",
                                             "agreement.cc",
                                             "budget.cc",
                                             "capital.cc",
                                             "care_setting.cc",
                                             "change.cc",
                                             "charge.cc",
                                             "charge_bounds.cc",
                                             "costed_plan.cc",
                                             "derivation.cc",
                                             "determinations.cc",
                                             "employment.cc",
                                             "ending.cc",
                                             "expenses.cc",
                                             "funders.cc",
                                             "guarantee.cc",
                                             "hand_over.cc",
                                             "income.cc",
                                             "indicative_amount.cc",
                                             "means.cc",
                                             "nhs_equivalent.cc",
                                             "nhs_share.cc",
                                             "notional_capital.cc",
                                             "points_price.cc",
                                             "rederivation.cc",
                                             "reduction.cc",
                                             "table_amount.cc",
                                             "table_fit.cc",
                                             "uplift.cc",
                                             "weekly_means.cc",
                                             "wheelchair_value.cc"};

// A case, as far as the table needs it.
struct Shown {
  std::string name;
  std::set<std::string> paragraphs;
  // The ids of rules that it expects, and `field PATH` for the fields that it wants refused.
  std::set<std::string> rules;
  // Whether nothing is refused, so that it shows what a paragraph leaves free.
  bool allowed = false;
};

template <typename Case>
void ReadCases(const std::string& folder, std::vector<Shown>& all) {
  for (const std::string& path : TextFiles(folder)) {
    Case given;
    ReadText(path, given);
    const size_t begin = path.rfind('/') + 1;
    Shown shown{path.substr(begin, path.rfind('.') - begin), {}, {}, false};
    const auto& paragraphs = given.about().paragraphs();
    shown.paragraphs.insert(paragraphs.begin(), paragraphs.end());
    const cases::v1::Expectation& expect = given.expect();
    for (const auto* rules : {&expect.refused_by(), &expect.explained_by()}) {
      shown.rules.insert(rules->begin(), rules->end());
    }
    for (const std::string& field : expect.wrong_fields()) shown.rules.insert(absl::StrCat("field ", field));
    shown.allowed = expect.refused_by().empty() && expect.wrong_fields().empty();
    all.push_back(std::move(shown));
  }
}

const std::vector<Shown>& Cases() {
  static const std::vector<Shown>* cases = [] {
    auto* all = new std::vector<Shown>;
    ReadCases<cases::v1::AllocationCase>("tests/rules/allocation/cases", *all);
    ReadCases<cases::v1::EligibilityCase>("tests/rules/eligibility/cases", *all);
    ReadCases<cases::v1::PeopleCase>("tests/rules/people/cases", *all);
    return all;
  }();
  return *cases;
}

const cases::v1::Law& Law() {
  static const cases::v1::Law* law = [] {
    auto* all = new cases::v1::Law;
    for (const std::string& path : TextFiles(kFolder)) {
      cases::v1::Law part;
      ReadText(path, part);
      all->MergeFrom(part);
    }
    return all;
  }();
  return *law;
}

// The ids of the rules in a file.
std::set<std::string> RulesIn(const std::string& path) {
  const RE2 defined("\\{\\s*(?:\\.id = )?\"([A-Z0-9]+(?:-[A-Z0-9]+)*)\",");
  std::set<std::string> ids;
  const std::string text = ReadFile(path);
  re2::StringPiece rest(text);
  std::string id;
  while (RE2::FindAndConsume(&rest, defined, &id)) ids.insert(id);
  return ids;
}

// The rules that are told by cases.
const std::set<std::string>& Rules() {
  static const std::set<std::string>* rules = [] {
    auto* found = new std::set<std::string>;
    for (const char* folder : kTold) {
      for (const std::string& path : FilesOf(folder, ".cc")) found->merge(RulesIn(path));
    }
    for (const char* file : kToldOfAllocation) found->merge(RulesIn(absl::StrCat(kAllocation, file)));
    return found;
  }();
  return *rules;
}

// What holds a paragraph, as cases name it.
std::vector<std::string> HoldersOf(const cases::v1::Paragraph& paragraph) {
  std::vector<std::string> holders(paragraph.rules().begin(), paragraph.rules().end());
  for (const std::string& field : paragraph.fields()) holders.push_back(absl::StrCat("field ", field));
  return holders;
}

// The cases that show a paragraph by what holds it; with `allowed`, those instead that show what it leaves
// free without naming a rule.
std::vector<std::string> CasesOf(const cases::v1::Paragraph& paragraph, bool allowed = false) {
  const std::vector<std::string> holders = HoldersOf(paragraph);
  std::vector<std::string> names;
  for (const Shown& shown : Cases()) {
    if (shown.paragraphs.count(paragraph.id()) == 0) continue;
    const bool held = std::any_of(holders.begin(), holders.end(),
                                  [&](const std::string& one) { return shown.rules.count(one) > 0; });
    if (allowed ? !held && shown.allowed : held) names.push_back(shown.name);
  }
  return names;
}

// The last column of a paragraph: what shows it, or why nothing does.
std::string ShownBy(const cases::v1::Paragraph& paragraph) {
  if (!paragraph.absent().empty()) return absl::StrCat("not here: ", paragraph.absent());
  if (!paragraph.held_in().empty()) {
    return absl::StrCat("held in `", paragraph.held_in(), "`, tested in `", paragraph.tested_in(), "`");
  }
  const std::string cases = absl::StrJoin(CasesOf(paragraph), ", ");
  const std::vector<std::string> allowed = CasesOf(paragraph, true);
  return allowed.empty() ? cases : absl::StrCat(cases, "; free: ", absl::StrJoin(allowed, ", "));
}

std::string Table() {
  std::string table =
      "# The law, its rules and its cases\n\n"
      "Generated from the paragraphs of this folder, the rules of the services and the case "
      "files "
      "beside the tests of each.\n\n"
      "| paragraph | says | rules | cases |\n|---|---|---|---|\n";
  for (const cases::v1::Paragraph& paragraph : Law().paragraphs()) {
    const std::vector<std::string> holders = HoldersOf(paragraph);
    absl::StrAppend(&table, "| ", paragraph.id(), " | ", paragraph.says(), " | ",
                    holders.empty() ? "" : absl::StrCat("`", absl::StrJoin(holders, "` `"), "`"), " | ",
                    ShownBy(paragraph), " |\n");
  }
  return table;
}

// The paragraphs that rules hold which cases tell.
std::vector<cases::v1::Paragraph> Told() {
  std::vector<cases::v1::Paragraph> told;
  for (const auto& paragraph : Law().paragraphs()) {
    if (paragraph.held_in().empty() && paragraph.absent().empty()) told.push_back(paragraph);
  }
  return told;
}

TEST(Law, EveryParagraphIsThereOnce) {
  std::set<std::string> ids;
  for (const auto& paragraph : Law().paragraphs()) {
    EXPECT_TRUE(ids.insert(paragraph.id()).second) << paragraph.id() << " is there twice";
    EXPECT_FALSE(paragraph.says().empty()) << paragraph.id();
  }
  EXPECT_FALSE(ids.empty());
}

TEST(Law, EveryParagraphHasRulesThatExist) {
  for (const auto& paragraph : Told()) {
    EXPECT_FALSE(HoldersOf(paragraph).empty()) << paragraph.id() << " has no rule";
    for (const std::string& rule : paragraph.rules()) {
      EXPECT_EQ(Rules().count(rule), 1) << paragraph.id() << ": no service has a rule " << rule;
    }
  }
}

TEST(Law, EveryParagraphIsShownByACase) {
  for (const auto& paragraph : Told()) {
    EXPECT_FALSE(CasesOf(paragraph).empty())
        << paragraph.id() << " is shown by no case that names one of its rules";
  }
}

TEST(Law, WhatIsHeldElsewhereIsThere) {
  for (const auto& paragraph : Law().paragraphs()) {
    EXPECT_EQ(paragraph.held_in().empty(), paragraph.tested_in().empty()) << paragraph.id();
    EXPECT_TRUE(paragraph.held_in().empty() || paragraph.absent().empty()) << paragraph.id();
    if (paragraph.held_in().empty()) continue;
    const std::string source = ReadFile(paragraph.held_in());
    for (const std::string& rule : paragraph.rules()) {
      EXPECT_THAT(source, testing::HasSubstr(absl::StrCat("\"", rule, "\""))) << paragraph.id();
    }
    const std::string test = ReadFile(paragraph.tested_in());
    EXPECT_THAT(test, testing::HasSubstr("TEST")) << paragraph.id();
    const auto& rules = paragraph.rules();
    EXPECT_TRUE(rules.empty() || std::any_of(rules.begin(), rules.end(),
                                             [&](const std::string& rule) {
                                               return test.find(absl::StrCat("\"", rule, "\"")) !=
                                                      std::string::npos;
                                             }))
        << paragraph.id() << ": " << paragraph.tested_in() << " names none of its rules";
  }
}

TEST(Law, EveryRuleHoldsAParagraph) {
  std::set<std::string> left = Rules();
  for (const auto& paragraph : Told()) {
    for (const std::string& rule : paragraph.rules()) left.erase(rule);
  }
  EXPECT_THAT(left, testing::IsEmpty()) << "rules of no paragraph";
}

TEST(Law, EveryRuleIsExpectedByACase) {
  std::set<std::string> left = Rules();
  EXPECT_GT(left.size(), 300u) << "the rules were not found";
  for (const Shown& shown : Cases()) {
    for (const std::string& rule : shown.rules) left.erase(rule);
  }
  EXPECT_THAT(left, testing::IsEmpty()) << "rules that no case expects";
}

TEST(Law, CasesShowWhatIsOnTheList) {
  std::set<std::string> ids;
  for (const auto& paragraph : Law().paragraphs()) ids.insert(paragraph.id());
  for (const Shown& shown : Cases()) {
    for (const std::string& paragraph : shown.paragraphs) {
      EXPECT_EQ(ids.count(paragraph), 1)
          << shown.name << " shows a paragraph that is not listed: " << paragraph;
    }
  }
}

TEST(Law, TableIsUpToDate) {
  if (std::getenv("IPB_REWRITE") != nullptr) std::ofstream(SourcePath(kTable)) << Table();
  EXPECT_TRUE(ReadFile(kTable) == Table())
      << kTable << " is not what the cases show: run this test with IPB_REWRITE=1";
}

}  // namespace
}  // namespace ipb::tests
