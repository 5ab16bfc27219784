// Two people who are one, and one who is two.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ipb/v1/changes_service.grpc.pb.h"
#include "tests/handlers/people/identity.h"

namespace ipb::people {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kStranger;
using ipb::testing::NewNhsNumber;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class MergeTest : public ::testing::Test, protected Identity {
 protected:
  MergeTest()
      : number_of_one_(NhsNumber(NewNhsNumber())),
        number_of_other_(NhsNumber(NewNhsNumber())),
        one_(RegisterForBoth(kCouncil, kStranger, number_of_one_)),
        other_(RegisterForBoth(kCouncil, kIcb, number_of_other_)) {}

  const v1::Identifier number_of_one_, number_of_other_;
  const std::string one_, other_;
};

std::vector<std::string> AcceptedOf(const v1::Person& person) {
  std::vector<std::string> codes;
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (held.state() == v1::Responsibility::STATE_ACCEPTED) codes.push_back(held.organisation());
  }
  return codes;
}

TEST_F(MergeTest, TheSurvivorIsFoundByAllAndOpenToAll) {
  const Answer merged = Merge(kCouncil, one_, other_);
  ASSERT_TRUE(merged.ok()) << merged.status.error_message();
  EXPECT_EQ(merged.person.name(), one_);
  EXPECT_EQ(merged.person.merged_into(), other_);
  for (const As& as : {kCouncil, kIcb, kStranger}) {
    EXPECT_EQ(Lookup(as, number_of_one_).person.name(), other_) << as.organisation;
    EXPECT_EQ(Lookup(as, number_of_other_).person.name(), other_) << as.organisation;
  }
  EXPECT_EQ(Get(kStranger, one_).person.merged_into(), other_) << "the merged person is still there";
  EXPECT_EQ(Get(kIcb, one_).status.error_code(), grpc::NOT_FOUND) << "but opens to nobody new";
  const v1::Person survivor = Get(kIcb, other_).person;
  EXPECT_THAT(AcceptedOf(survivor),
              UnorderedElementsAre("E10000019", "QZZ", "E10000019", kStranger.organisation));
  ASSERT_EQ(survivor.merges_size(), 1);
  EXPECT_EQ(survivor.merges(0).merged(), one_);
  EXPECT_EQ(survivor.merges(0).decision().decider(), kCouncil.actor);
  EXPECT_EQ(suite().FinishWork("people"), 0) << "nothing was left to the worker";
}

TEST_F(MergeTest, OnlyWhoIsResponsibleForBothMayMerge) {
  EXPECT_EQ(Merge(kStranger, one_, other_).status.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(Merge(kIcb, one_, other_).status.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(Merge(kIcb, other_, one_).status.error_code(), grpc::NOT_FOUND);
}

TEST_F(MergeTest, AMergedPersonIsNotChangedAndTheRefusalNamesWhoIs) {
  ASSERT_TRUE(Merge(kCouncil, one_, other_).ok());
  v1::RecordCircumstanceRequest stay;
  stay.set_parent(one_);
  stay.set_kind(v1::Circumstance::KIND_HOSPITAL);
  stay.set_effective_from_date("2025-06-01");
  v1::Circumstance circumstance;
  const auto stub = v1::PeopleService::NewStub(suite().channel());
  std::vector<grpc::Status> refused = {
      Add(kCouncil, one_, LocalNumber("9")).status,
      Remove(kCouncil, one_, number_of_one_).status,
      Merge(kCouncil, one_, other_).status,
      Merge(kCouncil, other_, one_).status,
      Transfer(kCouncil, one_, kIcb.organisation, "2025-07-01").status,
      Correct(kCouncil, one_, "1961-01-01").status,
      End(kCouncil, one_, "2025-07-01").status,
      suite().Call(*stub, &Stub::RecordCircumstance, kCouncil, stay, &circumstance)};
  for (const grpc::Status& status : refused) {
    EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION) << status.error_message();
    const ipb::testing::Details details = ipb::testing::DetailsOf(status);
    EXPECT_EQ(details.info.reason(), "PERSON_MERGED");
    EXPECT_EQ(details.info.metadata().at("survivor"), other_);
  }
}

TEST_F(MergeTest, PeopleWhoDifferAreNotOne) {
  EXPECT_THAT(Merge(kCouncil, one_, one_).fields(), ElementsAre("survivor"));
  ASSERT_TRUE(Correct(kCouncil, one_, "1960-01-05").ok());
  EXPECT_THAT(Merge(kCouncil, one_, other_).rules(), ElementsAre("PEOPLE-MERGE-BIRTH"));
  ASSERT_TRUE(Correct(kCouncil, one_, "1960-05-01").ok());
  v1::RecordCircumstanceRequest death;
  death.set_parent(one_);
  death.set_kind(v1::Circumstance::KIND_DEATH);
  death.set_effective_from_date("2025-06-01");
  v1::Circumstance circumstance;
  const auto stub = v1::PeopleService::NewStub(suite().channel());
  ASSERT_TRUE(suite().Call(*stub, &Stub::RecordCircumstance, kCouncil, death, &circumstance).ok());
  EXPECT_THAT(Merge(kCouncil, one_, other_).rules(), ElementsAre("PEOPLE-MERGE-DEATH"));
  EXPECT_TRUE(Merge(kCouncil, other_, one_).ok());
}

TEST_F(MergeTest, AWrongMergeIsUndoneAndRemembered) {
  ASSERT_TRUE(Merge(kCouncil, one_, other_).ok());
  const Answer split = Undo(kCouncil, other_, one_);
  ASSERT_TRUE(split.ok()) << split.status.error_message();
  EXPECT_THAT(AcceptedOf(split.person), UnorderedElementsAre("E10000019", "QZZ"));
  EXPECT_EQ(Lookup(kStranger, number_of_one_).person.name(), one_);
  EXPECT_EQ(Lookup(kIcb, number_of_other_).person.name(), other_);
  EXPECT_EQ(Get(kStranger, other_).status.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(Get(kIcb, one_).status.error_code(), grpc::NOT_FOUND);
  for (const std::string& name : {one_, other_}) {
    const v1::Person person = Get(kCouncil, name).person;
    EXPECT_EQ(person.merged_into(), "");
    ASSERT_EQ(person.merges_size(), 1);
    EXPECT_EQ(person.merges(0).undoing().decision().decider(), kCouncil.actor);
  }
  EXPECT_TRUE(Add(kCouncil, one_, LocalNumber("9")).ok());
  EXPECT_THAT(Undo(kCouncil, other_, one_).rules(), ElementsAre("PEOPLE-SPLIT-MERGED"));
  ASSERT_TRUE(Merge(kCouncil, one_, other_).ok()) << "and may be merged again";
  EXPECT_EQ(Lookup(kStranger, number_of_one_).person.name(), other_);
}

TEST_F(MergeTest, UndoingLeavesNobodyWithoutABodyResponsible) {
  ASSERT_TRUE(Merge(kCouncil, one_, other_).ok());
  // From here on only the second council, who came with the merge, is responsible.
  ASSERT_TRUE(End(kCouncil, other_, "2025-06-03").ok());
  ASSERT_TRUE(End(kIcb, other_, "2025-06-03").ok());
  suite().SetDate("2025-06-10");
  const Answer split = Undo(kStranger, other_, one_);
  ASSERT_TRUE(split.ok()) << split.status.error_message();
  EXPECT_TRUE(Get(kStranger, other_).ok());
  EXPECT_TRUE(Get(kStranger, one_).ok());
}

TEST_F(MergeTest, APersonWhoWasTwoIsSeparated) {
  const v1::Identifier wrong = NhsNumber(NewNhsNumber());
  ASSERT_TRUE(Add(kCouncil, one_, wrong).ok());
  const Answer split = Separate(kCouncil, one_, {wrong}, "1971-02-03");
  ASSERT_TRUE(split.ok()) << split.status.error_message();
  ASSERT_EQ(split.person.separations_size(), 1);
  const std::string separated = split.person.separations(0).separated();
  EXPECT_EQ(split.person.identifiers(1).removal().person(), separated);
  const Answer found = Lookup(kStranger, wrong);
  ASSERT_TRUE(found.ok()) << "whoever was responsible for the one is for both";
  EXPECT_EQ(found.person.name(), separated);
  EXPECT_EQ(found.person.birth_date(), "1971-02-03");
  EXPECT_EQ(found.person.separations(0).from(), one_);
  EXPECT_EQ(Lookup(kStranger, number_of_one_).person.name(), one_);
  EXPECT_EQ(Get(kIcb, separated).status.error_code(), grpc::NOT_FOUND);
}

TEST_F(MergeTest, SeparatesOnlyWhatIsThePersonsOwnAndNotAll) {
  EXPECT_THAT(Separate(kCouncil, one_, {number_of_one_}).rules(), ElementsAre("PEOPLE-SPLIT-KEEPS"));
  EXPECT_THAT(Separate(kCouncil, one_, {number_of_other_}).rules(), ElementsAre("PEOPLE-SPLIT-HELD"));
  ASSERT_TRUE(Merge(kCouncil, one_, other_).ok());
  EXPECT_THAT(Separate(kCouncil, other_, {number_of_one_}).rules(), ElementsAre("PEOPLE-SPLIT-HELD"));
  EXPECT_THAT(Remove(kCouncil, other_, number_of_one_).rules(), ElementsAre("PEOPLE-IDENTIFIER-MERGED"));
}

TEST_F(MergeTest, ALineOfMergesLeadsToItsEnd) {
  const v1::Identifier number_of_third = NhsNumber(NewNhsNumber());
  const std::string third = Register(kCouncil, number_of_third).person.name();
  ASSERT_TRUE(Merge(kCouncil, one_, other_).ok());
  ASSERT_TRUE(Merge(kCouncil, other_, third).ok());
  for (const As& as : {kCouncil, kIcb, kStranger}) {
    for (const v1::Identifier& number : {number_of_one_, number_of_other_, number_of_third}) {
      EXPECT_EQ(Lookup(as, number).person.name(), third) << as.organisation;
    }
  }
  EXPECT_EQ(Register(kStranger, number_of_one_).person.name(), third);
}

TEST_F(MergeTest, OthersSeeAChangeOfBothPeople) {
  ASSERT_TRUE(Merge(kCouncil, one_, other_).ok());
  const auto changes = v1::ChangesService::NewStub(suite().channel());
  for (const std::string& name : {one_, other_}) {
    v1::ListHistoryRequest request;
    request.set_parent(name);
    request.set_service("people");
    v1::ListHistoryResponse history;
    ASSERT_TRUE(
        suite().Call(*changes, &v1::ChangesService::Stub::ListHistory, kCouncil, request, &history).ok());
    const bool told = std::any_of(history.entries().begin(), history.entries().end(), [&](const auto& entry) {
      const bool merge =
          entry.method() == "PeopleService.MergePeople" || entry.method() == "work/carry-merge";
      return merge && entry.actor() == kCouncil.actor && entry.resources_size() == 1 &&
             entry.resources(0) == name;
    });
    EXPECT_TRUE(told) << name;
  }
}

}  // namespace
}  // namespace ipb::people
