// The table of the law: each paragraph of tests/rules/law/*.textproto with the rules that hold it
// and the cases that show it. No paragraph is without both, and no case shows a paragraph by rules that do
// not hold it.
//
// The table is kept in tests/rules/law/table.md. After a change, IPB_REWRITE=1 writes it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "re2/re2.h"
#include "tests/rules/eligibility/eligibility_case.pb.h"
#include "tests/rules/support/case.pb.h"
#include "tests/rules/support/text_file.h"

namespace ipb::tests {
namespace {

constexpr char kFolder[] = "tests/rules/law";
constexpr char kTable[] = "tests/rules/law/table.md";

// A case, as far as the table needs it.
struct Shown {
  std::string name;
  std::set<std::string> paragraphs;
  std::set<std::string> rules;
};

template <typename Case>
void ReadCases(const std::string& folder, std::vector<Shown>& all) {
  for (const std::string& path : TextFiles(folder)) {
    Case given;
    ReadText(path, given);
    const size_t begin = path.rfind('/') + 1;
    Shown shown{path.substr(begin, path.rfind('.') - begin), {}, {}};
    const auto& paragraphs = given.about().paragraphs();
    shown.paragraphs.insert(paragraphs.begin(), paragraphs.end());
    for (const auto* rules : {&given.expect().refused_by(), &given.expect().explained_by()}) {
      shown.rules.insert(rules->begin(), rules->end());
    }
    all.push_back(std::move(shown));
  }
}

const std::vector<Shown>& Cases() {
  static const std::vector<Shown>* cases = [] {
    auto* all = new std::vector<Shown>;
    ReadCases<cases::v1::EligibilityCase>("tests/rules/eligibility/cases", *all);
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

// The rules of a service by id, with the file that has them.
const std::map<std::string, std::string>& Rules() {
  static const std::map<std::string, std::string>* rules = [] {
    auto* found = new std::map<std::string, std::string>;
    for (const std::string folder : {"services/eligibility/rules", "services/people/rules"}) {
      for (const std::string& path : FilesOf(folder, ".cc")) {
        const std::string text = ReadFile(path);
        re2::StringPiece rest(text);
        std::string id;
        while (RE2::FindAndConsume(&rest, "explain::Rule k\\w+\\{\\s*\"([A-Z0-9-]+)\"", &id))
          (*found)[id] = path;
      }
    }
    return found;
  }();
  return *rules;
}

// The cases that show a paragraph by one of its rules.
std::vector<std::string> CasesOf(const cases::v1::Paragraph& paragraph) {
  std::vector<std::string> names;
  for (const Shown& shown : Cases()) {
    if (shown.paragraphs.count(paragraph.id()) == 0) continue;
    for (const std::string& rule : paragraph.rules()) {
      if (shown.rules.count(rule) == 0) continue;
      names.push_back(shown.name);
      break;
    }
  }
  return names;
}

std::string Table() {
  std::string table =
      "# The law, its rules and its cases\n\n"
      "Generated from the paragraphs of this folder, the rules of the services and the case "
      "files "
      "beside the tests of each.\n\n"
      "| paragraph | says | rules | cases |\n|---|---|---|---|\n";
  for (const cases::v1::Paragraph& paragraph : Law().paragraphs()) {
    absl::StrAppend(&table, "| ", paragraph.id(), " | ", paragraph.says(), " | `",
                    absl::StrJoin(paragraph.rules(), "` `"), "` | ", absl::StrJoin(CasesOf(paragraph), ", "),
                    " |\n");
  }
  return table;
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
  for (const auto& paragraph : Law().paragraphs()) {
    EXPECT_FALSE(paragraph.rules().empty()) << paragraph.id() << " has no rule";
    for (const std::string& rule : paragraph.rules()) {
      EXPECT_EQ(Rules().count(rule), 1) << paragraph.id() << ": no service has a rule " << rule;
    }
  }
}

TEST(Law, EveryParagraphIsShownByACase) {
  for (const auto& paragraph : Law().paragraphs()) {
    EXPECT_FALSE(CasesOf(paragraph).empty())
        << paragraph.id() << " is shown by no case that names one of its rules";
  }
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
