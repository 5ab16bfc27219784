// Funding ends by death, or with a successor in effect.
#include "services/allocation/rules/ending.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/errors/errors.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using testing::ElementsAre;

const absl::CivilDay kToday(2025, 9, 1);

v1::Budget AgreedBudget(const std::string& name, const std::string& from, v1::Budget::Mode mode) {
  v1::Budget budget;
  budget.set_name(name);
  budget.set_state(v1::Budget::STATE_AGREED);
  budget.set_mode(mode);
  budget.set_effective_from_date(from);
  return budget;
}

BudgetFacts Facts(v1::Budget::Mode mode = v1::Budget::MODE_LIVE) {
  BudgetFacts facts;
  facts.decision = PanelDecision("2025-09-01");
  facts.budget = AgreedBudget("b/1", "2025-04-07", mode);
  return facts;
}

v1::EndFundingRequest Request(v1::Budget::EndReason reason, const std::string& successor = "") {
  v1::EndFundingRequest request;
  request.set_effective_to_date("2025-09-07");
  request.set_end_reason(reason);
  request.set_successor(successor);
  return request;
}

TEST(EndFunding, NeedsASuccessorInEffectFromTheNextDay) {
  const struct {
    const char* from;
    const char* to;
    v1::Budget::State state;
    v1::Budget::Mode mode;
    bool allowed;
  } cases[] = {
      {"2025-09-08", "", v1::Budget::STATE_AGREED, v1::Budget::MODE_LIVE, true},
      {"2025-09-01", "2026-03-31", v1::Budget::STATE_AGREED, v1::Budget::MODE_LIVE, true},
      {"2025-09-09", "", v1::Budget::STATE_AGREED, v1::Budget::MODE_LIVE, false},
      {"2025-09-01", "2025-09-07", v1::Budget::STATE_AGREED, v1::Budget::MODE_LIVE, false},
      {"2025-09-08", "", v1::Budget::STATE_INDICATIVE, v1::Budget::MODE_LIVE, false},
      {"2025-09-08", "", v1::Budget::STATE_AGREED, v1::Budget::MODE_SHADOW, false},
  };
  for (const auto& c : cases) {
    BudgetFacts facts = Facts();
    v1::Budget& successor = facts.others.emplace_back(AgreedBudget("b/2", c.from, c.mode));
    successor.set_effective_to_date(c.to);
    successor.set_state(c.state);
    const auto decision = DecideEndFunding(facts, Request(v1::Budget::END_REASON_SUCCESSOR, "b/2"), kToday);
    EXPECT_EQ(decision.ok(), c.allowed) << c.from << " " << c.to << " " << decision.status();
    if (!decision.ok()) {
      EXPECT_THAT(RulesOf(decision.status()), ElementsAre("END-SUCCESSOR-IN-EFFECT"));
      continue;
    }
    EXPECT_EQ(decision->budget.state(), v1::Budget::STATE_ENDED);
    EXPECT_EQ(decision->budget.superseded_by(), "b/2");
    EXPECT_EQ(decision->budget.end_decision().decider(), "p-17");
  }
}

// Care Act 2014 s19(3): what ends by itself, without a determination or a means test, is no alternative
// funding.
TEST(EndFunding, UrgentMoneyIsNoSuccessor) {
  BudgetFacts facts = Facts();
  v1::Budget& urgent = facts.others.emplace_back(AgreedBudget("b/2", "2025-09-08", v1::Budget::MODE_LIVE));
  urgent.mutable_urgent_need()->set_reasons("His wife is in hospital.");
  const auto request = Request(v1::Budget::END_REASON_SUCCESSOR, "b/2");
  EXPECT_TRUE(DecideEndFunding(facts, request, kToday).ok())
      << "an interim one that rests on a determination";
  urgent.set_effective_to_date("2025-09-21");
  EXPECT_THAT(RulesOf(DecideEndFunding(facts, request, kToday).status()),
              ElementsAre("END-SUCCESSOR-IN-EFFECT"));
}

TEST(EndFunding, RefusesAStopWithNoSuccessorAtAll) {
  EXPECT_THAT(RulesOf(DecideEndFunding(Facts(), Request(v1::Budget::END_REASON_SUCCESSOR), kToday).status()),
              ElementsAre("END-SUCCESSOR-IN-EFFECT"));
  EXPECT_THAT(
      RulesOf(DecideEndFunding(Facts(), Request(v1::Budget::END_REASON_SHADOW_OVER), kToday).status()),
      ElementsAre("END-SHADOW-ONLY"));
}

TEST(EndFunding, DeathNeedsNoSuccessorButTheDeathOnRecord) {
  BudgetFacts facts = Facts();
  EXPECT_THAT(RulesOf(DecideEndFunding(facts, Request(v1::Budget::END_REASON_DEATH), kToday).status()),
              ElementsAre("END-DEATH-RECORDED"));
  facts.death_date = "2025-09-07";
  EXPECT_TRUE(DecideEndFunding(facts, Request(v1::Budget::END_REASON_DEATH), kToday).ok());
}

TEST(EndFunding, AShadowBudgetSimplyEnds) {
  EXPECT_TRUE(
      DecideEndFunding(Facts(v1::Budget::MODE_SHADOW), Request(v1::Budget::END_REASON_SHADOW_OVER), kToday)
          .ok());
}

TEST(EndFunding, NeedsAnAgreedBudgetAndALastDayNotBeforeTheFirst) {
  BudgetFacts facts = Facts();
  facts.budget.set_effective_from_date("2025-09-08");
  EXPECT_EQ(errors::ReasonOf(DecideEndFunding(facts, Request(v1::Budget::END_REASON_DEATH), kToday).status()),
            v1::ERROR_REASON_INVALID_FIELD);
  facts.budget.set_state(v1::Budget::STATE_INDICATIVE);
  EXPECT_EQ(errors::ReasonOf(DecideEndFunding(facts, Request(v1::Budget::END_REASON_DEATH), kToday).status()),
            v1::ERROR_REASON_WRONG_STATE);
}

TEST(EndFunding, NamesASuccessorOnlyWhereThereIsOne) {
  BudgetFacts facts = Facts();
  facts.death_date = "2025-09-02";
  EXPECT_EQ(errors::ReasonOf(
                DecideEndFunding(facts, Request(v1::Budget::END_REASON_DEATH, "b/2"), kToday).status()),
            v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(errors::ReasonOf(DecideEndFunding(Facts(v1::Budget::MODE_SHADOW),
                                              Request(v1::Budget::END_REASON_SUCCESSOR, "b/2"), kToday)
                                 .status()),
            v1::ERROR_REASON_INVALID_FIELD);
}

}  // namespace
}  // namespace ipb::allocation
