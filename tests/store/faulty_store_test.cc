// A caller that sends the same commit again after UNAVAILABLE writes each thing exactly once, whatever goes
// wrong.
#include "common/store/faulty_store.h"

#include <atomic>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/store/sqlite_backend.h"

namespace ipb::store {
namespace {

constexpr int kSubjects = 5;

std::string SubjectOf(int i) { return absl::StrCat("people/", i % kSubjects); }

Faults EveryFault(uint64_t seed) {
  Faults faults;
  faults.seed = seed;
  faults.lost_before_per_mille = 150;
  faults.lost_after_per_mille = 150;
  faults.duplicated_per_mille = 150;
  faults.late_per_mille = 500;
  faults.delayed_per_mille = 300;
  faults.conflict_per_mille = 100;
  return faults;
}

// Sends a commit until its outcome is known.
async::Task<CommitResult> Resubmit(Store& store, std::string subject, Revision expected, Writes writes) {
  while (true) {
    auto commit = store.Commit(subject, expected, writes, false);
    absl::StatusOr<CommitResult> result = co_await commit;
    if (result.ok()) co_return *std::move(result);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
  }
}

async::Task<Revision> LoadRevision(Store& store, std::string subject) {
  while (true) {
    LoadRequest request;
    request.subject = subject;
    auto load = store.Load(std::move(request));
    absl::StatusOr<LoadResult> result = co_await load;
    if (result.ok()) co_return result->revision;
  }
}

// Does one thing as a handler does: load, decide, commit, and all of it again on a conflict.
async::Task<void> DoOnce(Store& store, std::string subject, std::string thing, bool with_request) {
  while (true) {
    auto load = LoadRevision(store, subject);
    const Revision revision = co_await load;
    Writes writes = NewWrites();
    writes.history = thing;
    writes.puts.push_back({thing, "done", 0});
    if (with_request) {
      writes.request_key = thing;
      writes.remember.name = thing;
    }
    auto commit = Resubmit(store, subject, revision, std::move(writes));
    const CommitResult result = co_await commit;
    if (result.kind != CommitResult::Kind::kConflict) co_return;
  }
}

class FaultySuite : public testing::TestWithParam<uint64_t> {};

TEST_P(FaultySuite, EachThingIsWrittenExactlyOnce) {
  constexpr int kThings = 300;
  SqliteBackend backend(true);
  async::Executor executor(2);
  const std::unique_ptr<Engine> engine = backend.Open(&executor);
  const std::unique_ptr<Store> store = engine->Open("payments");
  const std::unique_ptr<Store> faulty =
      MakeFaulty(engine->Open("payments"), &executor, EveryFault(GetParam()));
  std::mt19937_64 random(GetParam());
  async::Pending pending;
  for (int i = 0; i < kThings; ++i) {
    pending.Add();
    async::Start(DoOnce(*faulty, SubjectOf(i), absl::StrCat("thing/", i), random() % 2 == 0),
                 [&] { pending.Done(); });
    pending.WaitAtMost(static_cast<int>(random() % 24));
  }
  pending.WaitAtMost(0);

  std::multiset<std::string> things;
  for (int s = 0; s < kSubjects; ++s) {
    const auto history = Value(async::Wait(store->History(SubjectOf(s), 0, kMaximumPage)));
    things.insert(history.begin(), history.end());
    EXPECT_EQ(Value(async::Wait(store->Load({SubjectOf(s), "", {}}))).revision.counter,
              static_cast<int64_t>(history.size()));
  }
  EXPECT_EQ(things.size(), size_t{kThings});
  EXPECT_EQ(std::set<std::string>(things.begin(), things.end()).size(), size_t{kThings});
  EXPECT_EQ(Value(async::Wait(store->Tail(Cursor{}, kMaximumPage))).changes.size(), size_t{kThings});
  engine->Close();
}

INSTANTIATE_TEST_SUITE_P(Seeds, FaultySuite, testing::Range<uint64_t>(1, 31));

class FaultyStoreTest : public testing::Test {
 protected:
  // A store with faults over the one that `store` shows as it is.
  Store& Wrap(const Faults& faults) {
    faulty_ = MakeFaulty(engine_->Open("payments"), &executor_, faults);
    return *faulty_;
  }
  ~FaultyStoreTest() override { engine_->Close(); }

  SqliteBackend backend_{true};
  async::Executor executor_{2};
  std::unique_ptr<Engine> engine_ = backend_.Open(&executor_);
  std::unique_ptr<Store> store_ = engine_->Open("payments");
  std::unique_ptr<Store> faulty_;

  Revision RevisionOf(const std::string& subject) {
    return Value(async::Wait(store_->Load({subject, "", {}}))).revision;
  }
};

TEST_F(FaultyStoreTest, WithoutFaultsItIsTheStoreItWraps) {
  Store& faulty = Wrap(Faults{});
  EXPECT_EQ(Value(async::Wait(faulty.Commit("people/a", {}, NewWrites(), false))).revision.counter, 1);
  EXPECT_EQ(Value(async::Wait(faulty.Load({"people/a", "", {}}))).revision, RevisionOf("people/a"));
}

TEST_F(FaultyStoreTest, ALostCommitIsDoneOrNotAsTheFaultSays) {
  Faults before;
  before.lost_before_per_mille = 1000;
  EXPECT_EQ(async::Wait(Wrap(before).Commit("people/a", {}, NewWrites(), false)).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(RevisionOf("people/a").counter, 0);
  Faults after;
  after.lost_after_per_mille = 1000;
  EXPECT_EQ(async::Wait(Wrap(after).Commit("people/a", {}, NewWrites(), false)).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(RevisionOf("people/a").counter, 1);
}

TEST_F(FaultyStoreTest, ADuplicatedCommitIsDoneOnce) {
  Faults faults;
  faults.duplicated_per_mille = 1000;
  const CommitResult result = Value(async::Wait(Wrap(faults).Commit("people/a", {}, NewWrites(), false)));
  EXPECT_EQ(result.kind, CommitResult::Kind::kDone);
  EXPECT_EQ(RevisionOf("people/a"), result.revision);
  EXPECT_EQ(result.revision.counter, 1);
}

TEST_F(FaultyStoreTest, AConflictThatIsNoneWritesNothing) {
  Faults faults;
  faults.conflict_per_mille = 1000;
  Store& faulty = Wrap(faults);
  const CommitResult result = Value(async::Wait(faulty.Commit("people/a", {}, NewWrites(), false)));
  EXPECT_EQ(result.kind, CommitResult::Kind::kConflict);
  EXPECT_EQ(RevisionOf("people/a").counter, 0);
  EXPECT_EQ(Value(async::Wait(faulty.Commit("people/a", {}, NewWrites(), true))).kind,
            CommitResult::Kind::kDone);
}

TEST_F(FaultyStoreTest, NothingIsDoneFromTheCrashOn) {
  Faults faults;
  faults.crash_at_commit = 3;
  Store& faulty = Wrap(faults);
  Revision revision;
  for (int i = 1; i <= 2; ++i) {
    revision = Value(async::Wait(faulty.Commit("people/a", revision, NewWrites(), false))).revision;
    EXPECT_EQ(revision.counter, i);
  }
  EXPECT_FALSE(async::Wait(faulty.Commit("people/a", revision, NewWrites(), false)).ok());
  EXPECT_FALSE(async::Wait(faulty.Load({"people/a", "", {}})).ok());
  EXPECT_FALSE(async::Wait(faulty.Ping()).ok());
  EXPECT_EQ(RevisionOf("people/a"), revision);
}

TEST_F(FaultyStoreTest, TheCommitOfACrashMayBeDoneUnheard) {
  Faults faults;
  faults.crash_at_commit = 2;
  faults.crash_after = true;
  Store& faulty = Wrap(faults);
  const Revision first = Value(async::Wait(faulty.Commit("people/a", {}, NewWrites(), false))).revision;
  EXPECT_FALSE(async::Wait(faulty.Commit("people/a", first, NewWrites(), false)).ok());
  EXPECT_EQ(RevisionOf("people/a").counter, 2);
  EXPECT_FALSE(async::Wait(faulty.Ping()).ok());
  EXPECT_FALSE(async::Wait(faulty.Commit("people/a", RevisionOf("people/a"), NewWrites(), false)).ok());
  EXPECT_EQ(RevisionOf("people/a").counter, 2);
}

TEST_F(FaultyStoreTest, AWrappedEngineWrapsItsStores) {
  Faults faults;
  faults.crash_at_commit = 1;
  const std::unique_ptr<Engine> engine = MakeFaulty(backend_.Open(&executor_), &executor_, faults);
  const std::unique_ptr<Store> store = engine->Open("reviews");
  EXPECT_TRUE(async::Wait(store->Ping()).ok());
  EXPECT_FALSE(async::Wait(store->Commit("people/a", {}, NewWrites(), false)).ok());
  EXPECT_FALSE(async::Wait(store->Ping()).ok());
  engine->Close();
}

TEST_F(FaultyStoreTest, AWrappedEngineCanWrapOneStoreOnly) {
  Faults faults;
  faults.crash_at_commit = 1;
  faults.only_space = "payments";
  const std::unique_ptr<Engine> engine = MakeFaulty(backend_.Open(&executor_), &executor_, faults);
  const std::unique_ptr<Store> other = engine->Open("reviews");
  EXPECT_TRUE(async::Wait(other->Commit("people/a", {}, NewWrites(), false)).ok());
  const std::unique_ptr<Store> only = engine->Open("payments");
  EXPECT_FALSE(async::Wait(only->Commit("people/a", {}, NewWrites(), false)).ok());
  engine->Close();
}

}  // namespace
}  // namespace ipb::store
