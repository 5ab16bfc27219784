// The sums of a simulation where they do not fit, and the reasons of refusals where there are many.
#include "services/allocation/rules/simulation_tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"

namespace ipb::allocation {
namespace {

constexpr int64_t kMost = INT64_MAX;

// What one case comes to under the two policies, and what was indicated, agreed and spent for it.
struct Counted {
  int64_t charge_pence = 0;
  int64_t council_pays_pence = 0;
  int64_t candidate_charge_pence = 0;
  int64_t candidate_council_pays_pence = 0;
  int64_t indicative_pence = 0;
  int64_t agreed_pence = 0;
  int64_t spent_pence = 0;
  int64_t table_pence = 0;
  int64_t candidate_table_pence = 0;
};

SimulatedSide Charge(int64_t charge_pence, int64_t council_pays_pence) {
  SimulatedSide side;
  side.charge.set_charge_weekly_pence(charge_pence);
  side.charge.set_council_pays_weekly_pence(council_pays_pence);
  return side;
}

SimulatedSide Indicating(SimulatedSide side, int64_t table_pence) {
  side.indicative.emplace().set_weekly_pence(table_pence);
  return side;
}

v1::ErrorReason ReasonOf(const std::vector<Counted>& cases) {
  SimulationTally tally("all");
  for (const Counted& counted : cases) {
    v1::SimulationCase one;
    one.set_indicative_weekly_pence(counted.indicative_pence);
    one.set_agreed_weekly_pence(counted.agreed_pence);
    one.set_spent_weekly_pence(counted.spent_pence);
    one.mutable_needs();
    tally.Add(one, Indicating(Charge(counted.charge_pence, counted.council_pays_pence), counted.table_pence),
              Indicating(Charge(counted.candidate_charge_pence, counted.candidate_council_pays_pence),
                         counted.candidate_table_pence));
  }
  return errors::ReasonOf(tally.Render({52, 1}, {52, 1}).status());
}

TEST(SimulationTally, SaysWhichSumsDoNotFit) {
  const struct {
    const char* what;
    std::vector<Counted> cases;
  } too_much[] = {
      {"what is charged", {{kMost, 0, kMost, 0}, {1, 0, 1, 0}}},
      {"what the council pays", {{0, kMost, 0, kMost}, {0, 1, 0, 1}}},
      {"what is charged and what the council pays", {{kMost, 1, kMost, 1}}},
      {"a year of what the council pays", {{0, kMost / 2, 0, kMost / 2}}},
      {"a year of what the council would pay", {{0, 1, 0, kMost / 2}}},
      {"what is gained", {{kMost, 0, 0, 0}, {1, 0, 0, 0}}},
      {"what is lost", {{0, 0, kMost, 0}, {0, 0, 1, 0}}},
      {"what was indicated", {{0, 0, 0, 0, kMost, 1}, {0, 0, 0, 0, 1, 1}}},
      {"what was agreed of it", {{0, 0, 0, 0, 1, kMost}, {0, 0, 0, 0, 1, 1}}},
      {"what was agreed", {{0, 0, 0, 0, 0, kMost, 1}, {0, 0, 0, 0, 0, 1, 1}}},
      {"what was spent", {{0, 0, 0, 0, 0, 1, kMost}, {0, 0, 0, 0, 0, 1, 1}}},
      {"what a table indicates", {{0, 0, 0, 0, 0, 0, 0, kMost, kMost}, {0, 0, 0, 0, 0, 0, 0, 1, 1}}},
      {"a year of what a table indicates", {{0, 0, 0, 0, 0, 0, 0, kMost / 2, kMost / 2}}},
      {"what a table indicates more", {{0, 0, 0, 0, 0, 0, 0, 0, kMost}, {0, 0, 0, 0, 0, 0, 0, 0, 1}}},
      {"what a table indicates less", {{0, 0, 0, 0, 0, 0, 0, kMost, 0}, {0, 0, 0, 0, 0, 0, 0, 1, 0}}},
      {"what was agreed where only the table considered indicates something",
       {{0, 0, 0, 0, 0, kMost, 0, 0, 1}, {0, 0, 0, 0, 0, 1, 0, 0, 1}}},
      {"what the table considered would have indicated",
       {{0, 0, 0, 0, 0, 1, 0, 0, kMost}, {0, 0, 0, 0, 0, 1, 0, 0, 1}}},
  };
  for (const auto& one : too_much) {
    EXPECT_EQ(ReasonOf(one.cases), v1::ERROR_REASON_MONEY_OVERFLOW) << one.what;
  }
  EXPECT_EQ(ReasonOf({{1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1}}), v1::ERROR_REASON_UNSPECIFIED);
}

TEST(SimulationTally, ComparesOnlyWhatBothPoliciesDecide) {
  SimulationTally tally("all");
  const absl::Status no_rate = errors::NoRate("the guarantee", "2026-06-01");
  tally.Add({}, Charge(5, 0), no_rate);
  tally.Add({}, no_rate, Charge(5, 0));
  tally.Add({}, Charge(5, 0), Charge(4, 0));
  const auto group = tally.Render({52, 1}, {52, 1});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->current().refused(), 1);
  EXPECT_EQ(group->candidate().refused(), 1);
  EXPECT_EQ(group->better_off(), 1);
  EXPECT_EQ(group->unchanged(), 0);
  EXPECT_EQ(group->worse_off(), 0);
}

// Twenty are told word by word; one that comes then is counted with its reason, which a new reason has first
// to open.
TEST(SimulationTally, TellsANewReasonAlsoWhereThereAreMany) {
  SimulationTally tally("all");
  for (int i = 0; i < 25; ++i) {
    const absl::Status wrong = errors::InvalidField(absl::StrCat("facts.capital[", i, "]"), "is wrong");
    tally.Add({}, wrong, wrong);
  }
  const absl::Status no_rate = errors::NoRate("the guarantee", "2026-06-01");
  tally.Add({}, no_rate, no_rate);
  const auto group = tally.Render({52, 1}, {52, 1});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->current().refused(), 26);
  ASSERT_EQ(group->current().refusals_size(), 21);
  EXPECT_EQ(group->current().refusals(0).cases(), 6);
  EXPECT_EQ(group->current().refusals(20).reason(), v1::ERROR_REASON_NO_RATE);
}

}  // namespace
}  // namespace ipb::allocation
