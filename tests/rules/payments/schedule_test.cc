#include "services/payments/rules/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dates/civil.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

using absl::CivilDay;

// A day of 2026.
CivilDay Day(int month, int day) { return CivilDay(2026, month, day); }

int64_t Random(std::mt19937_64& random, int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(random);
}

TEST(Schedule, PeriodsAreFourWeeksInAdvanceFromTheAnchor) {
  const v1::Agreement agreement = example::CouncilAgreement(70000, 0, CivilDay(2026, 4, 8));
  const auto periods = PeriodsDue(agreement, CivilDay(2026, 6, 10), CivilDay(2026, 6, 1));
  ASSERT_EQ(periods.size(), 3u);
  EXPECT_EQ(periods[0], (Period{Day(4, 6), Day(5, 3), Day(4, 8), Day(5, 3), Day(4, 6)}));
  EXPECT_EQ(periods[1], (Period{Day(5, 4), Day(5, 31), Day(5, 4), Day(5, 31), Day(5, 4)}));
  EXPECT_EQ(periods[2], (Period{Day(6, 1), Day(6, 28), Day(6, 1), Day(6, 10), Day(6, 1)}));
  EXPECT_EQ(PeriodsDue(agreement, {}, CivilDay(2026, 4, 5)).size(), 0u);
}

TEST(Schedule, CyclesReachBackBeforeTheAnchor) {
  const v1::Agreement agreement = example::CouncilAgreement(1, 0, CivilDay(2025, 4, 6));
  EXPECT_EQ(CycleOf(agreement, CivilDay(2025, 4, 6)).cycle_first, CivilDay(2025, 3, 10));
  EXPECT_EQ(CycleOf(agreement, CivilDay(2025, 3, 10)).cycle_first, CivilDay(2025, 3, 10));
  EXPECT_EQ(CycleOf(agreement, CivilDay(2025, 3, 9)).cycle_first, CivilDay(2025, 2, 10));
}

TEST(Schedule, AStartOnAWednesdayIsFiveSeventhsAndThenWholeWeeks) {
  const v1::Agreement agreement = example::CouncilAgreement(10000, 0, CivilDay(2026, 4, 8));
  const auto periods = PeriodsDue(agreement, {}, CivilDay(2026, 5, 4));
  const auto first = DueIn(agreement, periods[0]);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->front().gross_pence, 7143 + 3 * 10000);  // 5/7 of £100 is 71.428..., and three whole weeks
  EXPECT_EQ(DueIn(agreement, periods[1])->front().gross_pence, 4 * 10000);
}

TEST(Schedule, TheContributionComesOutOfCareActMoneyOnly) {
  v1::Agreement agreement = example::CouncilAgreement(10000, 3000, CivilDay(2026, 4, 6));
  v1::AgreementLine* line = agreement.mutable_lines(0);
  line->clear_shares();
  *line->add_shares() = example::Share(example::kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 4);
  *line->add_shares() = example::Share(example::kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 3, 4);
  const auto due = DueIn(agreement, PeriodsDue(agreement, {}, CivilDay(2026, 4, 6)).front());
  ASSERT_TRUE(due.ok());
  const ComponentDue& component = due->front();
  EXPECT_EQ(component.gross_pence, 40000);
  EXPECT_EQ(component.contribution_pence, 10000);  // £120 is due, but only £100 is the council's
  EXPECT_EQ(component.net_pence, 30000);
  EXPECT_EQ(component.funders[0].net_pence(), 0);
  EXPECT_EQ(component.funders[1].gross_pence(), 30000);
  EXPECT_EQ(component.funders[1].contribution_pence(), 0);
  const v1::Explanation explanation = component.trace.Render("payments/1", "x");
  for (const auto& step : explanation.steps()) {
    const bool tells = step.rule_id() == "PAY-DUE-CONTRIBUTION" || step.rule_id() == "PAY-DUE-NET";
    EXPECT_EQ(step.purpose() == v1::PURPOSE_MEANS, tells) << step.rule_id();
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
  }
}

TEST(Schedule, TheContributionCarriesOnToTheNextComponentAndLeavesOneOffMoneyAlone) {
  v1::Agreement agreement = example::CouncilAgreement(1000, 1500, CivilDay(2026, 4, 6));
  v1::AgreementLine* once = agreement.add_lines();
  *once = agreement.lines(0);
  once->set_component_id("c2");
  once->set_weekly_pence(0);
  once->set_one_off_pence(50000);
  v1::AgreementLine* second = agreement.add_lines();
  *second = agreement.lines(0);
  second->set_component_id("c3");
  const auto due = DueIn(agreement, PeriodsDue(agreement, {}, CivilDay(2026, 4, 6)).front());
  ASSERT_EQ(due->size(), 3u);
  EXPECT_EQ((*due)[0].net_pence, 0);
  EXPECT_EQ((*due)[1].net_pence, 50000);
  EXPECT_EQ((*due)[2].contribution_pence, 2000);
  EXPECT_EQ((*due)[2].net_pence, 2000);
}

TEST(Schedule, FundersPartsTieToThePenny) {
  std::mt19937_64 random = example::Random(2);
  for (int round = 0; round < 500; ++round) {
    v1::Agreement agreement = example::CouncilAgreement(Random(random, 1, 200000), Random(random, 0, 20000),
                                                        CivilDay(2026, 4, 6) + Random(random, 0, 27));
    v1::AgreementLine* line = agreement.mutable_lines(0);
    line->clear_shares();
    const int64_t whole = Random(random, 2, 97);
    const int64_t part = Random(random, 1, whole - 1);
    *line->add_shares() = example::Share(example::kCouncil, v1::FUNDING_BASIS_CARE_ACT, part, whole);
    *line->add_shares() = example::Share(example::kIcb, v1::FUNDING_BASIS_CHC, whole - part, whole);
    for (const Period& period : PeriodsDue(agreement, {}, CivilDay(2026, 7, 1))) {
      const auto due = DueIn(agreement, period);
      for (const ComponentDue& component : *due) {
        int64_t gross = 0, net = 0;
        for (const auto& funder : component.funders) {
          gross += funder.gross_pence();
          net += funder.net_pence();
          ASSERT_GE(funder.net_pence(), 0);
        }
        ASSERT_EQ(gross, component.gross_pence);
        ASSERT_EQ(net, component.net_pence);
        ASSERT_EQ(net, gross - component.contribution_pence);
      }
    }
  }
}

}  // namespace
}  // namespace ipb::payments
