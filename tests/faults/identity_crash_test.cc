// A process that dies at any commit of what changes who people are: whatever was committed by then, everybody
// is found by whoever is responsible for them; and when the request is repeated and the work is done, it is
// as if nothing had been.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/store/faulty_store.h"
#include "services/people/service.h"
#include "tests/faults/store_check.h"
#include "tests/handlers/people/identity.h"

namespace ipb::faults {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kStranger;
using people::Answer;
using people::Identity;
using people::NhsNumber;

// A call that spans several subjects, and how many commits it makes when nothing crashes.
struct Crash {
  std::string verb;
  int commits;
  bool applied;  // the commit of the crash was done, only its answer is lost
};

std::string NameOf(const ::testing::TestParamInfo<Crash>& info) {
  return absl::StrCat(info.param.verb, info.param.applied ? "AfterACommit" : "BeforeACommit");
}

// Two people: the council is responsible for both, another council for the one and the ICB for the other.
struct Scene {
  v1::Identifier number_of_one = NhsNumber(ipb::testing::NewNhsNumber());
  v1::Identifier number_of_other = NhsNumber(ipb::testing::NewNhsNumber());
  v1::Identifier late = NhsNumber(ipb::testing::NewNhsNumber());
  std::string one, other;
  std::string request_id = ipb::testing::NewRequestId();
};

class IdentityCrashTest : public ::testing::TestWithParam<Crash> {
 protected:
  ~IdentityCrashTest() override { RemoveFile(); }

  void RemoveFile() {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(absl::StrCat(file_, end));
  }

  Identity Life(process::Substitutes substitutes = {}) {
    return Identity(std::make_unique<ipb::testing::RunningSuite>(
        std::vector<process::ServiceFactory>{people::Factory()}, std::move(substitutes), false,
        absl::StrCat("sqlite:", file_)));
  }

  process::Substitutes CrashingAt(int commit) {
    store::Faults faults;
    faults.crash_at_commit = commit;
    faults.crash_after = GetParam().applied;
    faults.only_space = "people";
    process::Substitutes substitutes;
    substitutes.wrap_engine = [this, faults](std::unique_ptr<store::Engine> engine) {
      return store::MakeFaulty(std::move(engine), &executor_, faults);
    };
    return substitutes;
  }

  // Whether what the call left is what so many commits leave: work, unless it came to its end.
  void ExpectCrashed(int commit) {
    Identity life = Life();
    Findings findings;
    CheckSpace(*life.suite().process().StoreOf("people"), "people", findings);
    EXPECT_THAT(findings.complaints, ::testing::IsEmpty());
    const bool unharmed = commit > GetParam().commits || (commit == GetParam().commits && GetParam().applied);
    const bool asked = GetParam().verb != "Add" && (commit > 1 || GetParam().applied);
    EXPECT_EQ(findings.work_left, asked && !unharmed ? 1 : 0);
  }

  Scene Prepare() {
    Identity life = Life();
    Scene scene;
    scene.one = life.RegisterForBoth(kCouncil, kStranger, scene.number_of_one);
    scene.other = life.RegisterForBoth(kCouncil, kIcb, scene.number_of_other);
    const std::string& verb = GetParam().verb;
    if (verb == "Remove" || verb == "Separate") {
      EXPECT_TRUE(life.Add(kCouncil, scene.one, scene.late).ok());
    }
    if (verb == "Undo") {
      EXPECT_TRUE(life.Merge(kCouncil, scene.one, scene.other).ok());
    }
    return scene;
  }

  // The call, the same whenever it is made.
  Answer Do(Identity& life, const Scene& scene) {
    const std::string& verb = GetParam().verb;
    if (verb == "Add")
      return Repeatable<v1::AddIdentifierRequest>(life, &Identity::Stub::AddIdentifier, scene);
    if (verb == "Remove")
      return Repeatable<v1::RemoveIdentifierRequest>(life, &Identity::Stub::RemoveIdentifier, scene);
    if (verb == "Merge") return Repeatable<v1::MergePeopleRequest>(life, &Identity::Stub::MergePeople, scene);
    return Repeatable<v1::SplitPersonRequest>(life, &Identity::Stub::SplitPerson, scene);
  }

  template <typename Request, typename Method>
  Answer Repeatable(Identity& life, Method method, const Scene& scene) {
    Request request;
    request.set_name(scene.one);
    request.set_request_id(scene.request_id);
    Fill(scene, &request);
    return life.Call(method, kCouncil, request);
  }
  static void Fill(const Scene& scene, v1::AddIdentifierRequest* request) {
    *request->mutable_identifier() = scene.late;
  }
  static void Fill(const Scene& scene, v1::RemoveIdentifierRequest* request) {
    *request->mutable_identifier() = scene.late;
    *request->mutable_decision() = people::Because("It is so.");
  }
  static void Fill(const Scene& scene, v1::MergePeopleRequest* request) {
    request->set_survivor(scene.other);
    *request->mutable_decision() = people::Because("It is so.");
  }
  static void Fill(const Scene& scene, v1::SplitPersonRequest* request) {
    *request->mutable_decision() = people::Because("It is so.");
    if (GetParam().verb == "Undo") {
      request->set_name(scene.other);
      request->set_merged(scene.one);
      return;
    }
    *request->add_identifiers() = scene.late;
    request->set_birth_date("1971-02-03");
  }

  // Whatever stands half done: all find the people whom they are responsible for, by the numbers that are
  // theirs.
  static void ExpectNobodyLost(Identity& life, const Scene& scene) {
    for (const auto& as : {kCouncil, kStranger}) {
      EXPECT_TRUE(life.Lookup(as, scene.number_of_one).ok()) << as.organisation;
    }
    for (const auto& as : {kCouncil, kIcb}) {
      EXPECT_TRUE(life.Lookup(as, scene.number_of_other).ok()) << as.organisation;
    }
  }

  static void ExpectDone(Identity& life, const Scene& scene) {
    const std::string& verb = GetParam().verb;
    const std::string of_one = life.Lookup(kStranger, scene.number_of_one).person.name();
    const Answer late = life.Lookup(kCouncil, scene.late);
    EXPECT_EQ(of_one, verb == "Merge" ? scene.other : scene.one);
    EXPECT_EQ(life.Get(kStranger, scene.other).ok(), verb == "Merge");
    EXPECT_EQ(life.Lookup(kIcb, scene.number_of_other).person.name(), scene.other);
    EXPECT_EQ(late.ok(), verb == "Add" || verb == "Separate");
    EXPECT_EQ(late.person.name() == scene.one, verb == "Add");
    if (verb == "Separate") {
      EXPECT_EQ(late.person.birth_date(), "1971-02-03");
    }
    const v1::Person one = life.Get(kCouncil, scene.one).person;
    EXPECT_EQ(one.identifiers_size(), verb == "Merge" || verb == "Undo" ? 1 : 2);
    EXPECT_EQ(one.separations_size(), verb == "Separate" ? 1 : 0);
  }

  void FinishAfterRestart(const Scene& scene, bool acknowledged) {
    Identity life = Life();
    ExpectNobodyLost(life, scene);
    if (!acknowledged) {
      const Answer again = Do(life, scene);
      ASSERT_TRUE(again.ok()) << again.status.error_message();
    }
    life.suite().SetDate("2025-06-03");
    life.suite().FinishWork("people");
    ExpectDone(life, scene);
    const std::string before = life.Get(kCouncil, scene.one).person.etag();
    EXPECT_TRUE(Do(life, scene).ok());
    EXPECT_EQ(life.Get(kCouncil, scene.one).person.etag(), before) << "repeated, it changes nothing";
    Findings findings;
    CheckSpace(*life.suite().process().StoreOf("people"), "people", findings);
    EXPECT_THAT(findings.complaints, ::testing::IsEmpty());
    EXPECT_EQ(findings.work_left, 0);
  }

  // Delays what is delayed; nothing is.
  async::Executor executor_{1};
  std::string file_;
};

TEST_P(IdentityCrashTest, LosesNobodyAndIsDoneOnce) {
  // The one after the last shows that there were no more.
  for (int commit = 1; commit <= GetParam().commits + 1; ++commit) {
    SCOPED_TRACE(absl::StrCat("commit ", commit));
    file_ = absl::StrCat(::testing::TempDir(), "/", NameOf({GetParam(), 0}), "-", commit, "-", getpid());
    const Scene scene = Prepare();
    Answer answer;
    {
      Identity crashing = Life(CrashingAt(commit));
      answer = Do(crashing, scene);
    }
    EXPECT_TRUE(answer.ok() || answer.status.error_code() == grpc::UNAVAILABLE)
        << answer.status.error_message();
    ExpectCrashed(commit);
    ASSERT_NO_FATAL_FAILURE(FinishAfterRestart(scene, answer.ok()));
    RemoveFile();
  }
}

INSTANTIATE_TEST_SUITE_P(Calls, IdentityCrashTest,
                         ::testing::Values(Crash{"Add", 2, false}, Crash{"Add", 2, true},
                                           Crash{"Remove", 3, false}, Crash{"Remove", 3, true},
                                           Crash{"Merge", 3, false}, Crash{"Merge", 3, true},
                                           Crash{"Undo", 3, false}, Crash{"Undo", 3, true},
                                           Crash{"Separate", 4, false}, Crash{"Separate", 4, true}),
                         NameOf);

}  // namespace
}  // namespace ipb::faults
