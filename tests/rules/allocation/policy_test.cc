// The rows that ship: every one has a period, a source and a certainty, and none contradicts another.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

// Checks the rows of one table; rows with the same key must not overlap.
template <typename Rows, typename Key>
void CheckTable(const Rows& rows, Key key) {
  for (int i = 0; i < rows.size(); ++i) {
    const v1::Provenance& a = rows[i].provenance();
    EXPECT_TRUE(dates::Parse(a.effective_from_date()).ok()) << rows[i].ShortDebugString();
    EXPECT_FALSE(a.source().empty()) << rows[i].ShortDebugString();
    EXPECT_NE(a.certainty(), v1::CERTAINTY_UNSPECIFIED) << rows[i].ShortDebugString();
    for (int j = i + 1; j < rows.size(); ++j) {
      const v1::Provenance& b = rows[j].provenance();
      const bool apart =
          (!a.effective_to_date().empty() && a.effective_to_date() < b.effective_from_date()) ||
          (!b.effective_to_date().empty() && b.effective_to_date() < a.effective_from_date());
      EXPECT_TRUE(apart || key(rows[i]) != key(rows[j])) << rows[i].ShortDebugString() << "\n"
                                                         << rows[j].ShortDebugString();
    }
  }
}

TEST(Policy, RowsHaveSourcesAndDoNotOverlap) {
  const auto one = [](const auto&) { return 0; };
  CheckTable(National().capital_limits(), one);
  CheckTable(National().capital_disregards(),
             [](const auto& row) { return std::make_tuple(row.kind(), row.setting(), row.occupier()); });
  CheckTable(National().income_disregards(),
             [](const auto& row) { return std::make_tuple(row.kind(), row.setting(), row.condition()); });
  CheckTable(National().single_incomes(), [](const auto& row) { return row.kind(); });
  CheckTable(National().exclusive_incomes(),
             [](const auto& row) { return std::make_tuple(row.kind(), row.other_kind()); });
  CheckTable(National().care_home_stay_limits(), one);
  CheckTable(National().no_charge_limits(), one);
  CheckTable(National().guarantee_rates(), [](const auto& row) { return row.component(); });
  CheckTable(National().state_pension_ages(), [](const auto& row) { return row.born_from_date(); });
  CheckTable(National().personal_expenses_allowances(), one);
  CheckTable(National().employment_rates(), one);
  CheckTable(National().minimum_wages(), [](const auto& row) { return row.band(); });
  for (const v1::AllocationPolicy* local : {&CouncilPolicy(), &IcbPolicy()}) {
    CheckTable(local->unit_rates(), [](const auto& row) { return row.code(); });
    CheckTable(local->weeks_conventions(), one);
    CheckTable(local->contingency_weeks(), one);
    CheckTable(local->sick_pay_weeks(), one);
  }
}

TEST(Policy, EveryDateOfBirthHasExactlyOnePensionAgeIn2025) {
  const absl::CivilDay day(2025, 6, 1);
  for (absl::CivilDay birth(1920, 1, 1); birth < absl::CivilDay(2008, 1, 1); ++birth) {
    int matches = 0;
    for (const v1::StatePensionAge& row : National().state_pension_ages()) {
      matches +=
          dates::Within(birth, row.born_from_date(), row.born_to_date()) &&
          dates::Within(day, row.provenance().effective_from_date(), row.provenance().effective_to_date());
    }
    ASSERT_EQ(matches, 1) << dates::Format(birth);
  }
}

// No day between the first and the last has none, and none has two.
TEST(Policy, EveryDayOfTwoYearsHasRatesOfEmploymentAndEveryMinimumWage) {
  const auto rows_on = [](const auto& rows, absl::CivilDay day) {
    return std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return dates::Holds(row, day); });
  };
  for (absl::CivilDay day(2025, 4, 6); day < absl::CivilDay(2027, 4, 1); ++day) {
    ASSERT_EQ(rows_on(National().employment_rates(), day), 1) << dates::Format(day);
    ASSERT_EQ(rows_on(National().minimum_wages(), day), 3) << dates::Format(day);
  }
}

TEST(Policy, KnowsOnlyOneGuaranteeRateOf2026) {
  int known = 0;
  for (const v1::GuaranteeRate& row : National().guarantee_rates()) {
    known += dates::Within(absl::CivilDay(2026, 6, 1), row.provenance().effective_from_date(),
                           row.provenance().effective_to_date());
  }
  EXPECT_EQ(known, 1);
}

}  // namespace
}  // namespace ipb::allocation
