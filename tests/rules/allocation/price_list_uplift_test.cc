// Uplifts by the price list: prices that were announced late, for everybody.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "common/errors/errors.h"
#include "services/allocation/rules/shares.h"
#include "services/allocation/rules/uplift_total.h"
#include "tests/rules/allocation/uplift_person.h"

namespace ipb::allocation {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// 20 hours a week by the price list, agreed at 15.00 an hour.
v1::Budget ByTheHour(const std::string& first_date = "2025-03-10",
                     const std::vector<v1::FundingShare>& shares = Joint()) {
  v1::BudgetComponent care = Hours("care", 1200, 1500, shares);
  care.set_unit_rate("hour");
  care.set_weekly_pence(30000);
  EXPECT_TRUE(SplitBetweenFunders(care).ok());
  return Agreed(1, {care}, first_date);
}

// The list says 15.00 an hour, and 16.00 from a day on.
v1::AllocationPolicy PriceList(const std::string& last_date, const std::string& first_date) {
  v1::AllocationPolicy local = Growing(0);
  const auto add = [&](int64_t unit_pence, const std::string& from, const std::string& to) {
    v1::UnitRate& rate = *local.add_unit_rates();
    rate.set_code("hour");
    rate.set_unit(v1::COST_UNIT_HOUR);
    rate.set_unit_pence(unit_pence);
    rate.mutable_provenance()->set_effective_from_date(from);
    rate.mutable_provenance()->set_effective_to_date(to);
  };
  add(1500, "2024-04-01", last_date);
  add(1600, first_date, "");
  return local;
}

v1::Uplift ByPriceList(const std::string& organisation) {
  v1::Uplift uplift = UpliftBy(organisation);
  uplift.set_method(v1::UPLIFT_METHOD_PRICE_LIST);
  return uplift;
}

// A new price of 31 March is known on 10 April.
TEST(UpliftByPriceList, TakesLatePricesFromTheirOwnDayAndTellsWhatIsOwed) {
  Person person({ByTheHour()}, PriceList("2025-03-30", "2025-03-31"));
  const v1::Uplift uplift = ByPriceList(kCouncil);
  const std::vector<v1::UpliftVerdict> verdicts = person.Preview(uplift);
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts[0].kind(), v1::UpliftVerdict::KIND_TO_UPLIFT);
  // Three eighths of 300.00 and of 320.00.
  EXPECT_EQ(verdicts[0].weekly_before_pence(), 11250);
  EXPECT_EQ(verdicts[0].weekly_after_pence(), 12000);
  const v1::UpliftVerdict posted = person.PostAndKeep(uplift, verdicts[0]);
  EXPECT_EQ(posted.kind(), v1::UpliftVerdict::KIND_UPLIFTED) << posted.reason();
  const v1::Budget& made = person.Named(posted.uplifted_budget());
  EXPECT_EQ(made.effective_from_date(), "2025-03-31");
  ASSERT_EQ(made.changes_size(), 1);
  EXPECT_EQ(made.changes(0).uplift(), uplift.name());
  EXPECT_EQ(made.changes(0).decision().decider(), PanelDecision("2025-04-10").decider());
  // Ten days, 31 March to 9 April, of 7.50 and 12.50 more a week.
  std::map<std::string, int64_t> owed;
  for (const v1::FundingAdjustment& one : made.adjustments())
    owed[one.organisation()] += one.difference_pence();
  EXPECT_EQ(owed[kCouncil] + owed[kIcb], 2857);
  EXPECT_NEAR(owed[kIcb], 1786, 1);
  // Once more, as after a crash, and by another uplift.
  const size_t budgets = person.budgets().size();
  const v1::UpliftVerdict again = person.PostAndKeep(uplift, verdicts[0]);
  EXPECT_EQ(again.kind(), v1::UpliftVerdict::KIND_UPLIFTED);
  EXPECT_EQ(again.uplifted_budget(), posted.uplifted_budget());
  EXPECT_EQ(person.budgets().size(), budgets);
  v1::Uplift second = ByPriceList(kCouncil);
  second.set_name("uplifts/may");
  const std::vector<v1::UpliftVerdict> stays = person.Preview(second);
  ASSERT_THAT(stays, SizeIs(1));
  EXPECT_EQ(stays[0].kind(), v1::UpliftVerdict::KIND_STAYS);
  EXPECT_THAT(stays[0].reason(), HasSubstr("comes out as it is"));
}

TEST(UpliftByPriceList, IsAsIfThePriceHadBeenKnownInTime) {
  // Known at once: the uplift is posted on the price's first day.
  Person late({ByTheHour()}, PriceList("2025-03-30", "2025-03-31"));
  late.PostAndKeep(ByPriceList(kCouncil), late.Preview(ByPriceList(kCouncil))[0]);
  EXPECT_EQ(late.budgets()[0].effective_to_date(), "2025-03-30");
  EXPECT_EQ(late.budgets()[0].state(), v1::Budget::STATE_SUPERSEDED);
  // Agreed after the price was announced, by the price of its first day: nothing to do.
  Person in_time({ByTheHour()}, PriceList("2025-04-30", "2025-05-01"));
  const std::vector<v1::UpliftVerdict> verdicts = in_time.Preview(ByPriceList(kCouncil));
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts[0].kind(), v1::UpliftVerdict::KIND_TO_UPLIFT) << "the price of May is to come";
  EXPECT_EQ(verdicts[0].weekly_after_pence(), verdicts[0].weekly_before_pence());
  const v1::UpliftVerdict posted = in_time.PostAndKeep(ByPriceList(kCouncil), verdicts[0]);
  EXPECT_EQ(in_time.Named(posted.uplifted_budget()).effective_from_date(), "2025-05-01");
  EXPECT_THAT(in_time.Named(posted.uplifted_budget()).adjustments(), IsEmpty());
}

// What a council prices the ICB cannot, which pays its part of it all the same.
TEST(UpliftByPriceList, IsOfTheBodyWhosePricesTheyAre) {
  Person person({ByTheHour()}, PriceList("2025-03-30", "2025-03-31"));
  const std::vector<v1::UpliftVerdict> joint = person.Preview(ByPriceList(kIcb));
  ASSERT_THAT(joint, SizeIs(1));
  EXPECT_EQ(joint[0].kind(), v1::UpliftVerdict::KIND_STAYS);
  EXPECT_THAT(joint[0].reason(), HasSubstr("prices are those of E10000019"));
  const v1::Budget nursing = ByTheHour("2025-03-10", {Share(kIcb, v1::FUNDING_BASIS_FNC, 1, 1)});
  Person alone({nursing}, PriceList("2025-03-30", "2025-03-31"));
  const std::vector<v1::UpliftVerdict> own = alone.Preview(ByPriceList(kIcb));
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].weekly_after_pence(), 32000);
}

TEST(UpliftByPriceList, LeavesOtherAmountsAlone) {
  v1::Budget agreed_otherwise = ByTheHour();
  agreed_otherwise.mutable_components(0)->set_weekly_pence(29000);
  v1::Budget without_code = ByTheHour();
  without_code.mutable_components(0)->clear_unit_rate();
  for (const v1::Budget& budget : {agreed_otherwise, without_code}) {
    Person person({budget}, PriceList("2025-03-30", "2025-03-31"));
    const std::vector<v1::UpliftVerdict> verdicts = person.Preview(ByPriceList(kCouncil));
    ASSERT_THAT(verdicts, SizeIs(1));
    EXPECT_EQ(verdicts[0].kind(), v1::UpliftVerdict::KIND_STAYS);
    EXPECT_THAT(verdicts[0].reason(), HasSubstr("REDERIVE-NOTHING"));
  }
}

TEST(UpliftByPriceList, NeedsAPriceListOnTheDay) {
  v1::ApplyUpliftRequest request;
  request.set_effective_from_date(kUpliftDay);
  request.set_method(v1::UPLIFT_METHOD_PRICE_LIST);
  const auto apply = [&](const v1::AllocationPolicy& own) {
    return DecideApplyUplift(request, kIcb, "finance-1", own);
  };
  EXPECT_EQ(errors::ReasonOf(apply(Growing(30)).status()), v1::ERROR_REASON_NO_RATE);
  EXPECT_EQ(apply(PriceList("2025-03-30", "2025-03-31"))->method(), v1::UPLIFT_METHOD_PRICE_LIST);
  request.clear_method();
  EXPECT_EQ(apply(Growing(30))->method(), v1::UPLIFT_METHOD_RATES);
}

}  // namespace
}  // namespace ipb::allocation
