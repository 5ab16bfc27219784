// Identifiers that come late, turn out wrong, or are claimed under keys that change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/store/faulty_store.h"
#include "services/people/service.h"
#include "tests/handlers/people/identity.h"

namespace ipb::people {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kStranger;
using ipb::testing::NewNhsNumber;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class IdentifierTest : public ::testing::Test, protected Identity {};

TEST_F(IdentifierTest, ALateNumberFindsThePersonToo) {
  const v1::Identifier nhs_number = NhsNumber(NewNhsNumber());
  const std::string person = Register(kCouncil, LocalNumber("C-17")).person.name();
  EXPECT_EQ(Lookup(kCouncil, nhs_number).status.error_code(), grpc::NOT_FOUND);
  const Answer added = Add(kCouncil, person, nhs_number);
  ASSERT_TRUE(added.ok()) << added.status.error_message();
  ASSERT_EQ(added.person.identifiers_size(), 2);
  EXPECT_EQ(added.person.identifiers(0).kind(), v1::IDENTIFIER_KIND_LOCAL);
  EXPECT_EQ(added.person.identifiers(0).issuer(), kCouncil.organisation);
  EXPECT_EQ(added.person.identifiers(1).kind(), v1::IDENTIFIER_KIND_NHS_NUMBER);
  EXPECT_THAT(added.person.DebugString(), Not(HasSubstr(nhs_number.value()))) << "no number is given back";
  EXPECT_EQ(Lookup(kCouncil, nhs_number).person.name(), person);
  EXPECT_EQ(Lookup(kCouncil, LocalNumber("C-17")).person.name(), person);
  const Answer again = Add(kCouncil, person, nhs_number);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.person.etag(), added.person.etag()) << "adding what is there changes nothing";
}

TEST_F(IdentifierTest, ALocalNumberIsOfItsOwnOrganisationOnly) {
  const std::string person = RegisterForBoth(kCouncil, kIcb, NhsNumber(NewNhsNumber()));
  ASSERT_TRUE(Add(kCouncil, person, LocalNumber("7")).ok());
  EXPECT_EQ(Lookup(kIcb, LocalNumber("7")).status.error_code(), grpc::NOT_FOUND);
  const std::string other = Register(kIcb, LocalNumber("7")).person.name();
  EXPECT_NE(other, person);
}

TEST_F(IdentifierTest, WhatLeadsToAnotherIsRefusedAndNamesNeither) {
  const v1::Identifier taken = NhsNumber(NewNhsNumber());
  const std::string theirs = Register(kStranger, taken).person.name();
  const std::string ours = Register(kCouncil, LocalNumber("C-18")).person.name();
  const Answer refused = Add(kCouncil, ours, taken);
  EXPECT_EQ(refused.status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(refused.rules(), ElementsAre("PEOPLE-IDENTIFIER-FREE"));
  const std::string all = absl::StrCat(refused.status.error_message(), refused.status.error_details());
  EXPECT_THAT(all, HasSubstr("where the two are one"));
  for (const std::string& name : {theirs, ours, taken.value()}) EXPECT_THAT(all, Not(HasSubstr(name)));
}

TEST_F(IdentifierTest, AWrongNumberIsRemovedAndThenFreeForWhoseItIs) {
  const v1::Identifier wrong = NhsNumber(NewNhsNumber());
  const std::string person = Register(kCouncil, wrong).person.name();
  EXPECT_THAT(Remove(kCouncil, person, wrong).rules(), ElementsAre("PEOPLE-IDENTIFIER-LAST"));
  ASSERT_TRUE(Add(kCouncil, person, LocalNumber("C-19")).ok());
  const Answer removed = Remove(kCouncil, person, wrong);
  ASSERT_TRUE(removed.ok()) << removed.status.error_message();
  ASSERT_EQ(removed.person.identifiers_size(), 2) << "what was, stays visible";
  EXPECT_EQ(removed.person.identifiers(0).removal().decision().decider(), kCouncil.actor);
  EXPECT_EQ(removed.person.identifiers(0).removal().decision().reasons(), "It is so.");
  EXPECT_EQ(Lookup(kCouncil, wrong).status.error_code(), grpc::NOT_FOUND);
  EXPECT_THAT(Remove(kCouncil, person, wrong).rules(), ElementsAre("PEOPLE-IDENTIFIER-HELD"));
  const std::string theirs = Register(kStranger, wrong).person.name();
  EXPECT_NE(theirs, person);
  EXPECT_EQ(Lookup(kStranger, wrong).person.name(), theirs);
  EXPECT_EQ(Lookup(kCouncil, wrong).status.error_code(), grpc::NOT_FOUND);
}

TEST_F(IdentifierTest, ARemovedNumberCanComeBack) {
  const v1::Identifier nhs_number = NhsNumber(NewNhsNumber());
  const std::string person = Register(kCouncil, nhs_number).person.name();
  ASSERT_TRUE(Add(kCouncil, person, LocalNumber("C-20")).ok());
  ASSERT_TRUE(Remove(kCouncil, person, nhs_number).ok());
  const Answer back = Add(kCouncil, person, nhs_number);
  ASSERT_TRUE(back.ok()) << back.status.error_message();
  EXPECT_EQ(back.person.identifiers_size(), 3);
  EXPECT_EQ(Lookup(kCouncil, nhs_number).person.name(), person);
}

// A people service on a file, from start to stop, with the keys given.
class KeyLife : public Identity {
 public:
  KeyLife(const std::string& folder, const std::string& keys, process::Substitutes substitutes = {})
      : Identity(Started(folder, keys, std::move(substitutes))) {}

 private:
  static std::unique_ptr<RunningSuite> Started(const std::string& folder, const std::string& keys,
                                               process::Substitutes substitutes) {
    std::ofstream(folder + "/keys") << keys;
    return std::make_unique<RunningSuite>(
        std::vector<process::ServiceFactory>{Factory()}, std::move(substitutes), false,
        absl::StrCat("sqlite:", folder, "/store"),
        [folder](process::Flags& flags) { flags.claim_keys = folder + "/keys"; });
  }
};

class KeyRotationTest : public ::testing::Test {
 protected:
  KeyRotationTest() : folder_(absl::StrCat(::testing::TempDir(), "/keys.", ::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~KeyRotationTest() override { std::filesystem::remove_all(folder_); }

  std::string Line(const std::string& id, char digit) {
    return absl::StrCat(id, ":", std::string(64, digit), "\n");
  }

  const std::string folder_;
};

TEST_F(KeyRotationTest, LosesNobody) {
  const std::string older = Line("2025", 'a'), newer = Line("2026", 'b');
  const v1::Identifier looked_up = NhsNumber(NewNhsNumber()), registered = NhsNumber(NewNhsNumber()),
                       removed = NhsNumber(NewNhsNumber()), left = NhsNumber(NewNhsNumber());
  std::string person;
  {
    KeyLife life(folder_, older);
    person = life.Register(kCouncil, looked_up).person.name();
    for (const v1::Identifier& one : {registered, removed, left})
      ASSERT_TRUE(life.Add(kCouncil, person, one).ok());
  }
  {
    KeyLife life(folder_, newer + older);
    EXPECT_EQ(life.Lookup(kCouncil, looked_up).person.name(), person);
    EXPECT_EQ(life.Register(kIcb, registered).person.name(), person);
    const Answer without = life.Remove(kCouncil, person, removed);
    ASSERT_TRUE(without.ok()) << without.status.error_message();
    EXPECT_EQ(without.person.identifiers_size(), 4) << "a rewritten claim is the same identifier";
    EXPECT_EQ(life.Lookup(kCouncil, removed).status.error_code(), grpc::NOT_FOUND);
  }
  {
    // A process that still has the keys the other way round follows what was rewritten.
    KeyLife life(folder_, older + newer);
    EXPECT_EQ(life.Lookup(kCouncil, looked_up).person.name(), person);
    EXPECT_EQ(life.Lookup(kCouncil, left).person.name(), person);
    EXPECT_EQ(life.Lookup(kCouncil, removed).status.error_code(), grpc::NOT_FOUND);
  }
  KeyLife life(folder_, newer);
  EXPECT_EQ(life.Lookup(kCouncil, looked_up).person.name(), person);
  EXPECT_EQ(life.Lookup(kCouncil, registered).person.name(), person);
  EXPECT_EQ(life.Lookup(kCouncil, removed).status.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(life.Lookup(kCouncil, left).status.error_code(), grpc::NOT_FOUND)
      << "never met under the newer key, so only the older one finds it";
}

TEST_F(KeyRotationTest, ACrashInTheMiddleOfRewritingLosesNobody) {
  const std::string older = Line("2025", 'a'), newer = Line("2026", 'b');
  for (const int commit : {1, 2}) {
    for (const bool applied : {false, true}) {
      SCOPED_TRACE(absl::StrCat("commit ", commit, applied ? " applied" : " lost"));
      const v1::Identifier nhs_number = NhsNumber(NewNhsNumber());
      const std::string person = KeyLife(folder_, older).Register(kCouncil, nhs_number).person.name();
      async::Executor executor(1);
      store::Faults faults;
      faults.crash_at_commit = commit;
      faults.crash_after = applied;
      process::Substitutes substitutes;
      substitutes.wrap_engine = [&](std::unique_ptr<store::Engine> engine) {
        return store::MakeFaulty(std::move(engine), &executor, faults);
      };
      KeyLife(folder_, newer + older, std::move(substitutes)).Lookup(kCouncil, nhs_number);
      EXPECT_EQ(KeyLife(folder_, older + newer).Lookup(kCouncil, nhs_number).person.name(), person);
      EXPECT_EQ(KeyLife(folder_, newer + older).Lookup(kCouncil, nhs_number).person.name(), person);
      EXPECT_EQ(KeyLife(folder_, newer).Lookup(kCouncil, nhs_number).person.name(), person);
    }
  }
}

}  // namespace
}  // namespace ipb::people
