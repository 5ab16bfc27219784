// What a person is given in writing (Care Act 2014 s17; guidance ch 8).
#include "services/allocation/rules/written_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/allocation/rules/charge.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const absl::CivilDay kDay(2025, 6, 1);

v1::FinancialAssessment Assessed(v1::MeansOutcome outcome) {
  v1::FinancialAssessment assessment;
  assessment.set_organisation(kCouncil);
  assessment.set_effective_from_date("2025-06-01");
  assessment.mutable_result()->set_outcome(outcome);
  assessment.mutable_result()->set_maximum_weekly_pence(3755);
  return assessment;
}

TEST(WrittenRecord, SaysWhatWasFoundAndFromWhen) {
  const struct {
    v1::MeansOutcome outcome;
    const char* found;
  } cases[] = {
      {v1::MEANS_OUTCOME_ASSESSED, "You can be asked to pay at most £37.55 a week"},
      {v1::MEANS_OUTCOME_FULL_COST_CAPITAL, "the full cost of your care, because of your capital"},
      {v1::MEANS_OUTCOME_FULL_COST_NOT_DISCLOSED, "because your means were not told"},
      {v1::MEANS_OUTCOME_FULL_COST_LIGHT_TOUCH, "as you can and agreed to"},
  };
  for (const auto& c : cases) {
    const std::string record = WrittenRecord(Assessed(c.outcome));
    EXPECT_THAT(record, StartsWith("Your financial assessment by E10000019 holds from 1 June 2025."));
    EXPECT_THAT(record, HasSubstr(c.found));
  }
}

TEST(WrittenRecord, SaysStepByStepHowAChargeWasReachedAndByWhichLaw) {
  v1::FinancialFacts facts = Single("1980-01-01");
  AddIncome(facts, v1::INCOME_KIND_OTHER, 20000);
  ChargeLines lines;
  lines.Add()->set_basis(v1::FUNDING_BASIS_CARE_ACT);
  lines[0].set_weekly_pence(50000);
  explain::Trace trace;
  const v1::AllocationPolicy local;
  const auto charge = DecideCharge(facts, lines, RatesOn(kDay, {National(), local}), trace);
  ASSERT_TRUE(charge.ok()) << charge.status();
  const std::string record = WrittenRecord(*charge, kDay, trace.Render("", ""));
  EXPECT_THAT(record, StartsWith("By the rates of 1 June 2025 you would pay £87.50 a week, and the council "
                                 "£412.50.\nHow this was reached:\n1. "));
  EXPECT_THAT(record, HasSubstr("The minimum income guarantee is £112.50 a week. (Care Act 2014 s14(7); SI "
                                "2014/2672 reg 7)\n"));
  EXPECT_THAT(record, Not(HasSubstr("For arranging")));
}

TEST(WrittenRecord, SaysWhatArrangingCosts) {
  v1::ChargeCalculation charge;
  charge.set_charge_weekly_pence(50000);
  charge.set_arrangement_fee_weekly_pence(500);
  EXPECT_THAT(WrittenRecord(charge, kDay, {}),
              HasSubstr("For arranging your care the council would take £5.00 a week beside that.\n"));
}

}  // namespace
}  // namespace ipb::allocation
