// Two officers merge the same two people at the same moment, each the other way round: one person goes on,
// and everybody finds them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/handlers/people/identity.h"

namespace ipb::people {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kSecondCouncilOfficer;
using ipb::testing::kStranger;
using ipb::testing::NewNhsNumber;

constexpr int kRounds = 60;

TEST(MergeRace, OneOfTheTwoGoesOn) {
  Identity life;
  int both = 0;
  for (int round = 0; round < kRounds && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    const v1::Identifier number_of_one = NhsNumber(NewNhsNumber()),
                         number_of_other = NhsNumber(NewNhsNumber());
    const std::string one = life.RegisterForBoth(kCouncil, kStranger, number_of_one);
    const std::string other = life.RegisterForBoth(kCouncil, kIcb, number_of_other);
    Answer there, back;
    std::thread first([&] { there = life.Merge(kCouncil, one, other); });
    std::thread second([&] { back = life.Merge(kSecondCouncilOfficer, other, one); });
    first.join();
    second.join();
    both += there.ok() && back.ok();
    life.suite().clock().Advance(absl::Minutes(30));
    while (life.suite().FinishWork("people") > 0) life.suite().clock().Advance(absl::Minutes(30));
    EXPECT_TRUE(there.ok() || back.ok());
    const std::string survivor = life.Lookup(kCouncil, number_of_one).person.name();
    for (const As& as : {kCouncil, kIcb, kStranger}) {
      for (const v1::Identifier& number : {number_of_one, number_of_other}) {
        const Answer found = life.Lookup(as, number);
        EXPECT_EQ(found.person.name(), survivor) << as.organisation << ": " << found.status.error_message();
        EXPECT_EQ(found.person.merged_into(), "");
      }
    }
  }
  RecordProperty("rounds_in_which_both_were_merged", both);
}

}  // namespace
}  // namespace ipb::people
