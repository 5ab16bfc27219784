// What was required, sentence by sentence, with the rules of people, eligibility and allocation that hold
// it and the cases, or else the test programs, that show it. The numbers that are not among them are named,
// too.
//
// The table is kept in tests/rules/requirements/table.md. After a change, IPB_REWRITE=1 writes it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "re2/re2.h"
#include "tests/rules/support/case.pb.h"
#include "tests/rules/support/text_file.h"

namespace ipb::tests {
namespace {

constexpr char kList[] = "tests/rules/requirements/requirements.textproto";
constexpr char kTable[] = "tests/rules/requirements/table.md";
constexpr int kLast = 88;
// How many of the cases that show a requirement the table names.
constexpr size_t kNamed = 3;

const cases::v1::Law& Requirements() {
  static const cases::v1::Law* all = [] {
    auto* read = new cases::v1::Law;
    ReadText(kList, *read);
    return read;
  }();
  return *all;
}

std::set<std::string> IdsIn(const std::string& path, const RE2& pattern) {
  const std::string text = ReadFile(path);
  re2::StringPiece rest(text);
  std::set<std::string> ids;
  std::string id;
  while (RE2::FindAndConsume(&rest, pattern, &id)) ids.insert(id);
  return ids;
}

// The rules that the services have.
const std::set<std::string>& Rules() {
  static const std::set<std::string>* rules = [] {
    auto* found = new std::set<std::string>;
    const RE2 defined("explain::Rule k\\w+(?: = )?\\{\\s*(?:\\.id = )?\"([A-Z0-9-]+)\"");
    for (const std::string folder :
         {"services/allocation/rules", "services/eligibility/rules", "services/people/rules"}) {
      for (const std::string& path : FilesOf(folder, ".cc")) found->merge(IdsIn(path, defined));
    }
    return found;
  }();
  return *rules;
}

// By rule, the names of the files of that kind which expect it.
std::map<std::string, std::vector<std::string>> Shown(const std::vector<std::string>& folders,
                                                      const std::string& extension) {
  const RE2 named("\"([A-Z0-9]+(?:-[A-Z0-9]+)*)\"");
  std::map<std::string, std::vector<std::string>> shown;
  for (const std::string& folder : folders) {
    for (const std::string& path : FilesOf(folder, extension)) {
      const size_t begin = path.rfind('/') + 1;
      for (const std::string& id : IdsIn(path, named)) {
        shown[id].push_back(path.substr(begin, path.rfind('.') - begin));
      }
    }
  }
  return shown;
}

// What shows a requirement: the first case of each of its rules, or the programs that test them.
std::vector<std::string> ShownBy(const cases::v1::Paragraph& requirement) {
  static const auto* cases = new std::map<std::string, std::vector<std::string>>(
      Shown({"tests/rules/allocation/cases", "tests/rules/eligibility/cases"}, ".textproto"));
  static const auto* programs = new std::map<std::string, std::vector<std::string>>(
      Shown({"tests/rules/allocation", "tests/rules/eligibility", "tests/handlers/eligibility"}, ".cc"));
  std::vector<std::string> names;
  for (const auto* shown : {cases, programs}) {
    for (const std::string& rule : requirement.rules()) {
      const auto found = shown->find(rule);
      if (found == shown->end() || names.size() == kNamed) continue;
      const std::string& name = found->second.front();
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    if (!names.empty()) break;
  }
  return names;
}

std::string Table() {
  std::string table =
      "# What was required, and what holds it\n\nGenerated from the list of this folder. A requirement of "
      "people, "
      "eligibility or allocation has the rules that hold it and what shows them.\n\n| number | says | rules "
      "| shown by |\n"
      "|---|---|---|---|\n";
  std::set<int> held;
  for (const cases::v1::Paragraph& requirement : Requirements().paragraphs()) {
    absl::StrAppend(&table, "| ", requirement.id(), " | ", requirement.says(), " | `",
                    absl::StrJoin(requirement.rules(), "` `"), "` | ",
                    absl::StrJoin(ShownBy(requirement), ", "), " |\n");
    held.insert(std::atoi(requirement.id().c_str()));
  }
  std::vector<int> elsewhere;
  for (int number = 1; number <= kLast; ++number) {
    if (held.count(number) == 0) elsewhere.push_back(number);
  }
  absl::StrAppend(&table, "\nNot told here, but held by planning, payments or reviews: ",
                  absl::StrJoin(elsewhere, ", "), ".\n");
  return table;
}

TEST(Requirements, AreNumberedOnce) {
  std::set<int> numbers;
  for (const auto& requirement : Requirements().paragraphs()) {
    int number = 0;
    ASSERT_TRUE(absl::SimpleAtoi(requirement.id(), &number)) << requirement.id();
    EXPECT_TRUE(number >= 1 && number <= kLast && numbers.insert(number).second) << number;
  }
  EXPECT_FALSE(numbers.empty());
}

TEST(Requirements, AreHeldByRulesThatExistAndShown) {
  for (const auto& requirement : Requirements().paragraphs()) {
    EXPECT_FALSE(requirement.rules().empty()) << requirement.id();
    for (const std::string& rule : requirement.rules()) {
      EXPECT_EQ(Rules().count(rule), 1) << requirement.id() << ": no service has a rule " << rule;
    }
    EXPECT_FALSE(ShownBy(requirement).empty()) << requirement.id() << " is shown by nothing";
  }
}

TEST(Requirements, TableIsUpToDate) {
  if (std::getenv("IPB_REWRITE") != nullptr) std::ofstream(SourcePath(kTable)) << Table();
  EXPECT_TRUE(ReadFile(kTable) == Table())
      << kTable << " is not up to date: run this test with IPB_REWRITE=1";
}

}  // namespace
}  // namespace ipb::tests
