// What accrues by the day of an amount that is paid by the week.
#include "common/money/accrual.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace ipb::money {
namespace {

struct PartWeekCase {
  const char* name;
  int64_t weekly_pence;
  int64_t days;
  int64_t expected_pence;
};

TEST(Accrual, PartWeeksRoundToTheNearestPenny) {
  const PartWeekCase cases[] = {
      {"no days", 10000, 0, 0},           {"days before the first", 10000, -3, 0},
      {"one day of a pound", 100, 1, 14}, {"four days of a penny", 1, 4, 1},
      {"three days of a penny", 1, 3, 0}, {"seven days", 12345, 7, 12345},
      {"a year", 12345, 364, 641940},
  };
  for (const PartWeekCase& one : cases) {
    EXPECT_EQ(*AccruedPence(one.weekly_pence, one.days), one.expected_pence) << one.name;
  }
  EXPECT_FALSE(AccruedPence(std::numeric_limits<int64_t>::max(), 8).ok());
}

class AnyTime : public testing::Test {
 protected:
  int64_t Between(int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(random_);
  }

  std::mt19937_64 random_{1};
  const absl::CivilDay start_{2026, 4, 8};
};

TEST_F(AnyTime, HoweverItIsCutItsPartsSumToTheWhole) {
  for (int round = 0; round < 2000; ++round) {
    const int64_t weekly = Between(0, 300000);
    const absl::CivilDay end = start_ + Between(0, 400);
    int64_t sum = 0;
    for (absl::CivilDay from = start_; from <= end;) {
      const absl::CivilDay to = std::min(end, from + Between(0, 40));
      sum += *DuePence(weekly, start_, from, to);
      from = to + 1;
    }
    ASSERT_EQ(sum, *AccruedPence(weekly, end - start_ + 1)) << weekly;
  }
  EXPECT_EQ(*DuePence(700, start_, start_ + 1, start_), 0);
}

TEST_F(AnyTime, TheSharesOfAnyDaysSumToWhatIsDueAndHoweverCutToTheWhole) {
  for (int round = 0; round < 2000; ++round) {
    const int64_t weekly = Between(0, 300000);
    const int64_t first = Between(0, 6), second = Between(0, 7 - first);
    const std::vector<Fraction> parts = {{first, 7}, {second, 7}, {7 - first - second, 7}};
    const absl::CivilDay end = start_ + Between(0, 400);
    std::vector<int64_t> sums(parts.size(), 0);
    for (absl::CivilDay from = start_; from <= end;) {
      const absl::CivilDay to = std::min(end, from + Between(0, 40));
      const std::vector<int64_t> due = *DueByPart(weekly, parts, start_, from, to);
      ASSERT_EQ(std::accumulate(due.begin(), due.end(), int64_t{0}), *DuePence(weekly, start_, from, to));
      for (size_t i = 0; i < due.size(); ++i) sums[i] += due[i];
      from = to + 1;
    }
    ASSERT_EQ(sums, *Split(*AccruedPence(weekly, end - start_ + 1), parts)) << weekly;
  }
}

TEST_F(AnyTime, NothingIsDueBeforeItBeginsAndBadPartsAreRefused) {
  EXPECT_EQ(*DueByPart(700, std::vector<Fraction>{{1, 1}}, start_, start_ + 1, start_),
            std::vector<int64_t>{0});
  EXPECT_FALSE(DueByPart(700, std::vector<Fraction>{{1, 2}}, start_, start_, start_ + 6).ok());
}

}  // namespace
}  // namespace ipb::money
