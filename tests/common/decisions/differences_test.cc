// What is told of two outcomes of one decision.
#include "common/decisions/differences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "ipb/v1/budget.pb.h"

namespace ipb::decisions {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A budget explained by steps of these rules, each with a sentence of its own.
v1::Budget Budget(const std::vector<std::string>& rules) {
  v1::Budget budget;
  budget.set_name("people/p/budgets/1");
  for (const std::string& rule : rules) {
    v1::ExplanationStep* step = budget.mutable_explanation()->add_steps();
    step->set_rule_id(rule);
    step->set_sentence(absl::StrCat("Says ", rule));
  }
  return budget;
}

std::vector<google::protobuf::Any> Packed(const v1::Budget& budget) {
  std::vector<google::protobuf::Any> packed(1);
  packed[0].PackFrom(budget);
  return packed;
}

std::vector<std::string> Told(const v1::Budget& then, const v1::Budget& now) {
  std::vector<std::string> told;
  for (const v1::DecisionDifference& one : Differences(Packed(then), Packed(now))) {
    told.push_back(absl::StrCat(one.field(), ": ", one.then(), " -> ", one.now()));
  }
  return told;
}

TEST(Differences, AreToldFieldByField) {
  v1::Budget then = Budget({"A", "B"}), now = then;
  EXPECT_THAT(Told(then, now), IsEmpty());
  then.set_weekly_pence(100);
  now.set_weekly_pence(101);
  now.set_etag("another");
  now.mutable_explanation()->set_rule_set_version("another");
  now.mutable_explanation()->mutable_steps(1)->set_sentence("Says more");
  EXPECT_THAT(Told(then, now), ElementsAre("weekly_pence: 100 -> 101",
                                           "explanation.steps[1].sentence: \"Says B\" -> \"Says more\""));
}

TEST(Differences, OfAStepInBetweenIsOne) {
  const std::string step = "rule_id: \"X\" sentence: \"Says X\"";
  EXPECT_THAT(Told(Budget({"A", "B", "C"}), Budget({"A", "X", "B", "C"})),
              ElementsAre(absl::StrCat("explanation.steps[1]:  -> ", step)));
  EXPECT_THAT(Told(Budget({"A", "X", "B", "C"}), Budget({"A", "B", "C"})),
              ElementsAre(absl::StrCat("explanation.steps[1]: ", step, " -> ")));
  EXPECT_THAT(Told(Budget({}), Budget({"X"})),
              ElementsAre(absl::StrCat("explanation:  -> steps { ", step, " }")));
}

TEST(Differences, SayWhatWasWrittenOnOneSideOnly) {
  const auto gone = Differences(Packed(Budget({})), {}), further = Differences({}, Packed(Budget({})));
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].resource(), "people/p/budgets/1");
  EXPECT_EQ(gone[0].then(), "written");
  ASSERT_EQ(further.size(), 1u);
  EXPECT_EQ(further[0].now(), "written");
}

}  // namespace
}  // namespace ipb::decisions
