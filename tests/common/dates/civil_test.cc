// Ages and months in civil days, at the ends of months and on the day that most years do not have.
#include "common/dates/civil.h"

#include "gtest/gtest.h"

namespace ipb::dates {
namespace {

TEST(Age, GoesUpOnTheBirthdayAndNotTheDayBefore) {
  for (absl::CivilDay birth(2003, 12, 25); birth < absl::CivilDay(2005, 1, 5); ++birth) {
    for (const int years : {0, 1, 16, 18, 66}) {
      EXPECT_EQ(AgeOn(birth, Birthday(birth, years)), years) << birth;
      EXPECT_EQ(AgeOn(birth, Birthday(birth, years) - 1), years - 1) << birth;
    }
  }
}

TEST(Age, OfWhoWasBornOn29FebruaryGoesUpOn1March) {
  EXPECT_EQ(Birthday(absl::CivilDay(2008, 2, 29), 18), absl::CivilDay(2026, 3, 1));
  EXPECT_EQ(Birthday(absl::CivilDay(2008, 2, 29), 20), absl::CivilDay(2028, 2, 29));
}

TEST(Months, EndWithTheMonthWhereItHasNoSuchDay) {
  EXPECT_EQ(AddMonths(absl::CivilDay(2025, 8, 31), 6), absl::CivilDay(2026, 2, 28));
  EXPECT_EQ(AddMonths(absl::CivilDay(2025, 11, 30), 3), absl::CivilDay(2026, 2, 28));
  EXPECT_EQ(AddMonths(absl::CivilDay(2026, 6, 3), 6), absl::CivilDay(2026, 12, 3));
  EXPECT_EQ(AddMonths(absl::CivilDay(2026, 1, 31), -2), absl::CivilDay(2025, 11, 30));
}

}  // namespace
}  // namespace ipb::dates
