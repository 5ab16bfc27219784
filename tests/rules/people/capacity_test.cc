// Which finding on capacity holds when.
#include "services/people/rules/capacity.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::IsEmpty;
using Finding = v1::CapacityDecision;

Finding Known(int n, const std::string& text) { return Kept<Finding>("capacityDecisions", n, text); }

TEST(CapacityOn, IsTheLatestAssessedAndOfOneDayTheLatestRecorded) {
  const auto matter = Finding::MATTER_DIRECT_PAYMENT;
  const std::vector<Finding> known = {
      Known(1, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2026-05-01' outcome: OUTCOME_LACKS_CAPACITY"),
      Known(2, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2026-01-01' outcome: OUTCOME_HAS_CAPACITY"),
      Known(3, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2026-05-01' outcome: OUTCOME_HAS_CAPACITY")};
  EXPECT_EQ(CapacityOn(known, matter, absl::CivilDay(2025, 12, 31)), nullptr);
  EXPECT_EQ(CapacityOn(known, matter, absl::CivilDay(2026, 4, 30))->name(), known[1].name());
  EXPECT_EQ(CapacityOn(known, matter, absl::CivilDay(2026, 5, 1))->name(), known[2].name());
  EXPECT_EQ(CapacityOn(known, Finding::MATTER_RESIDENCE, kToday), nullptr);
  EXPECT_FALSE(LacksCapacity(known, matter, kToday));
  EXPECT_TRUE(LacksCapacity({known[0]}, matter, kToday));
  EXPECT_THAT(CapacityDecisionsOn(absl::CivilDay(2025, 1, 1), known), IsEmpty());
  EXPECT_EQ(CapacityDecisionsOn(kToday, known).size(), 1u);
}

}  // namespace
}  // namespace ipb::people::rules
