// Merges are carried and undone by work that may run again: a step repeated changes nothing, and a step that
// came too late does nothing.
#include "services/people/rules/merge.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

constexpr char kMerged[] = "people/7b1e44c09a2d4f6f8e35";

const Registrant kCouncil{"E10000019", v1::CALLER_KIND_COUNCIL, {}};
const Registrant kIcb{"QZZ", v1::CALLER_KIND_NHS, {}};

v1::Person With(const char* name, const std::string& organisation) {
  v1::Person person = testing::Text<v1::Person>(
      "responsibilities { role: RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE effective_from_date: '2020-01-01' "
      "state: STATE_ACCEPTED }");
  person.set_name(name);
  person.set_birth_date("1980-03-15");
  person.mutable_responsibilities(0)->set_organisation(organisation);
  return person;
}

v1::HumanDecision Because() {
  v1::HumanDecision decision;
  decision.set_reasons("The dates of birth and the addresses agree.");
  return decision;
}

// Someone of the council, and someone of the ICB who was merged into them.
struct Merging : ::testing::Test {
  v1::Person survivor = With(kPerson, "E10000019");
  v1::Person merged = *Merge(With(kMerged, "QZZ"), survivor, Because(), kToday);

  v1::Person Undone() { return *Undo(CarryOver(survivor, merged), merged, Because(), kCouncil, kToday); }
};

std::string Bytes(const v1::Person& person) { return person.SerializeAsString(); }

TEST_F(Merging, IsCarriedOnce) {
  const v1::Person carried = CarryOver(survivor, merged);
  EXPECT_EQ(carried.responsibilities_size(), 2);
  EXPECT_EQ(Bytes(CarryOver(carried, merged)), Bytes(carried));
}

TEST_F(Merging, IsNotCarriedAfterItWasUndone) {
  const v1::Person undone = Undone();
  EXPECT_EQ(Bytes(CarryOver(undone, merged)), Bytes(undone));
}

TEST_F(Merging, CarriesNothingOfWhoIsNotMerged) {
  EXPECT_EQ(Bytes(CarryOver(survivor, With(kMerged, "QZZ"))), Bytes(survivor));
}

TEST_F(Merging, StandsAgainOnce) {
  const v1::Person undone = Undone();
  const v1::Person again = StandAgain(merged, undone, kCouncil, kToday);
  EXPECT_EQ(again.merged_into(), "");
  EXPECT_EQ(Bytes(StandAgain(again, undone, kCouncil, kToday)), Bytes(again));
}

TEST_F(Merging, DoesNotStandAgainWhileTheMergeHolds) {
  EXPECT_EQ(Bytes(StandAgain(merged, CarryOver(survivor, merged), kCouncil, kToday)), Bytes(merged));
  EXPECT_EQ(Bytes(StandAgain(merged, survivor, kCouncil, kToday)), Bytes(merged)) << "not carried yet";
}

TEST_F(Merging, GivesNobodyAPersonWhoDidNotHaveTheSurvivor) {
  merged.clear_responsibilities();
  const v1::Person undone = Undone();
  EXPECT_EQ(StandAgain(merged, undone, kCouncil, kToday).responsibilities_size(), 1);
  EXPECT_EQ(StandAgain(merged, undone, kIcb, kToday).responsibilities_size(), 0);
}

// The work may run only when what its caller had has ended.
TEST_F(Merging, IsForWhoUndidItEvenAfterItsOwnPartEnded) {
  merged.clear_responsibilities();
  v1::Person undone = Undone();
  undone.mutable_responsibilities(0)->set_effective_to_date("2026-11-21");
  const v1::Person again = StandAgain(merged, undone, kCouncil, kToday);
  ASSERT_EQ(again.responsibilities_size(), 1);
  EXPECT_EQ(again.responsibilities(0).effective_from_date(), "2026-11-22");
  EXPECT_EQ(again.responsibilities(0).effective_to_date(), "");
}

TEST_F(Merging, IsForNobodyByUrgencyThatIsOver) {
  merged.clear_responsibilities();
  v1::Person undone = Undone();
  undone.mutable_responsibilities(0)->mutable_urgent();
  undone.mutable_responsibilities(0)->set_effective_to_date("2026-11-21");
  EXPECT_EQ(StandAgain(merged, undone, kCouncil, kToday).responsibilities_size(), 0);
}

TEST_F(Merging, IsTakenBackWhereTwoMergedEachIntoTheOther) {
  const v1::Person stands = WithoutMerge(merged);
  EXPECT_EQ(stands.merged_into(), "");
  ASSERT_EQ(stands.merges_size(), 1);
  EXPECT_THAT(stands.merges(0).undoing().decision().reasons(), ::testing::HasSubstr("at the same moment"));
}

}  // namespace
}  // namespace ipb::people::rules
