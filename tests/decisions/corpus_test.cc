// The rules and policy of the present, held to decisions of the past: each is made again from its own facts,
// and comes out field by field as it did, but for what its file declares with a reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/decisions/differences.h"
#include "tests/decisions/past.h"
#include "tests/rules/support/case_file.h"
#include "tests/rules/support/text_file.h"

namespace ipb::decisions {
namespace {

using ::testing::UnorderedElementsAreArray;

v1::PastDecision Read(const std::string& file) {
  v1::PastDecision past;
  tests::ReadText(file, past);
  return past;
}

// How people read a difference where it is not declared.
std::string Told(const ipb::v1::DecisionDifference& difference) {
  return absl::StrCat(difference.resource(), " ", difference.field(), "\n  then: ", difference.then(),
                      "\n  now:  ", difference.now());
}

class Corpus : public ::testing::TestWithParam<std::string> {};

TEST_P(Corpus, IsDecidedAsItWas) {
  const v1::PastDecision past = Read(GetParam());
  ASSERT_GT(past.decision().outcome_size(), 0);
  const Present present;
  const Replayed now = present.Replay(past);
  std::vector<std::string> refused;
  for (const v1::DeclaredRefusal& refusal : past.declared_refusals()) {
    EXPECT_NE(refusal.reason(), "") << refusal.rule();
    refused.push_back(refusal.rule());
  }
  ASSERT_THAT(tests::RuleIdsOf(now.status), UnorderedElementsAreArray(refused)) << now.status;
  if (!now.status.ok()) return;
  std::set<std::string> declared;
  for (const v1::DeclaredDifference& difference : past.declared()) {
    EXPECT_NE(difference.reason(), "") << difference.field();
    declared.insert(absl::StrCat(difference.resource(), " ", difference.field()));
  }
  const std::vector<google::protobuf::Any> then(past.decision().outcome().begin(),
                                                past.decision().outcome().end());
  for (const ipb::v1::DecisionDifference& difference : Differences(then, now.outcome)) {
    EXPECT_EQ(declared.erase(absl::StrCat(difference.resource(), " ", difference.field())), 1)
        << Told(difference);
  }
  EXPECT_TRUE(declared.empty()) << "declared, and yet the same: " << ::testing::PrintToString(declared);
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& file) {
  std::string name = file.param.substr(file.param.rfind('/') + 1);
  name.resize(name.find('.'));
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Decisions, Corpus, ::testing::ValuesIn(CorpusFiles()), NameOf);

TEST(CorpusAsAWhole, HasEveryMethodThatDecides) {
  std::map<std::string, int> kept;
  for (const std::string& file : CorpusFiles()) ++kept[Read(file).decision().method()];
  for (const std::string& method : Present().Methods())
    EXPECT_GT(kept[method], 0) << "no past decision of " << method;
}

}  // namespace
}  // namespace ipb::decisions
