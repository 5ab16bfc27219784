// The change streams, trimming, many callers at once, and closing.
#include <atomic>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/store/store_suite.h"

namespace ipb::store {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreSuite, TailGivesEveryCommitInOrderOfItsSubject) {
  for (int round = 1; round <= 3; ++round) {
    for (int i = 0; i < 100; ++i) Put(absl::StrCat("people/", i), "a", absl::StrCat(round));
  }
  for (const size_t limit : {1000, 100, 7, 1}) {
    std::map<std::string, int64_t> last;
    size_t count = 0;
    for (const Change& change : TailAll(Cursor{}, limit)) {
      EXPECT_EQ(change.revision, ++last[change.subject]);
      ++count;
    }
    EXPECT_EQ(count, 300u);
    EXPECT_THAT(last, SizeIs(100));
  }
  EXPECT_LE(Tail(Cursor{}, 100).changes.size(), 100u);
}

TEST_P(StoreSuite, TailGoesOnFromItsCursor) {
  Put("people/a", "a", "1");
  TailResult first = Tail(Cursor{});
  ASSERT_THAT(first.changes, SizeIs(1));
  EXPECT_EQ(first.changes[0].subject, "people/a");
  EXPECT_EQ(first.changes[0].revision, 1);
  EXPECT_THAT(first.next.positions, SizeIs(kPartitions));
  EXPECT_THAT(first.next.positions, testing::Not(testing::Contains("")));
  TailResult none = Tail(first.next);
  EXPECT_THAT(none.changes, IsEmpty());
  Put("people/a", "a", "2");
  Put("people/b", "a", "1");
  EXPECT_THAT(Tail(none.next).changes, SizeIs(2));
  EXPECT_THAT(Tail(first.next).changes, SizeIs(2));
}

TEST_P(StoreSuite, NowSeesOnlyWhatIsToCome) {
  EXPECT_THAT(Tail(Now()).changes, IsEmpty());
  const Cursor empty = Now();
  Put("people/a", "a", "1");
  const Cursor one = Now();
  EXPECT_THAT(Tail(one).changes, IsEmpty());
  Put("people/a", "a", "2");
  EXPECT_THAT(TailAll(empty, 10), SizeIs(2));
  const std::vector<Change> later = TailAll(one, 10);
  ASSERT_THAT(later, SizeIs(1));
  EXPECT_EQ(later[0].revision, 2);
}

TEST_P(StoreSuite, PositionsOfDifferentAgesMix) {
  Put("people/a", "a", "1");
  ASSERT_NE(PartitionOf("people/a"), PartitionOf("people/b"));
  Cursor mixed = Now();
  Put("people/b", "a", "1");
  Put("people/a", "a", "2");
  mixed.positions[PartitionOf("people/a")] = Now().positions[PartitionOf("people/a")];
  const std::vector<Change> changes = TailAll(mixed, 10);
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].subject, "people/b");
  mixed.positions[PartitionOf("people/a")] = "";
  EXPECT_THAT(TailAll(mixed, 10), SizeIs(3));
}

TEST_P(StoreSuite, ACursorOfAnotherEpochIsOutOfRange) {
  Put("people/a", "a", "1");
  Cursor cursor = Now();
  EXPECT_FALSE(cursor.epoch.empty());
  cursor.epoch += "x";
  EXPECT_EQ(async::Wait(store().Tail(cursor, 10)).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_P(StoreSuite, TrimDropsOldChangesAndTheirCursorsAreOutOfRange) {
  const Cursor beginning = Now();
  Put("people/a", "a", "1");
  Put("people/b", "a", "1");
  const Cursor middle = Now();
  backend().AdvanceClock();
  Put("people/a", "a", "2");
  const absl::Time second = TailAll(middle, 10).at(0).time;
  for (const Change& change : TailAll(beginning, 10)) EXPECT_EQ(change.time < second, change.revision == 1);

  EXPECT_EQ(Value(async::Wait(store().Trim(second, absl::InfinitePast(), 1))), 1u);
  EXPECT_EQ(Value(async::Wait(store().Trim(second, absl::InfinitePast(), 100))), 1u);
  EXPECT_EQ(Value(async::Wait(store().Trim(second, absl::InfinitePast(), 100))), 0u);

  EXPECT_EQ(async::Wait(store().Tail(beginning, 10)).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(TailAll(middle, 10), SizeIs(1));
  EXPECT_THAT(TailAll(Cursor{}, 10), SizeIs(1));
  EXPECT_THAT(TailAll(Tail(Cursor{}).next, 10), IsEmpty());
  EXPECT_THAT(History("people/a"), SizeIs(2));

  const Cursor end = Now();
  EXPECT_EQ(Value(async::Wait(store().Trim(absl::InfiniteFuture(), absl::InfinitePast(), 100))), 1u);
  EXPECT_THAT(Tail(end).changes, IsEmpty());
  EXPECT_EQ(async::Wait(store().Tail(middle, 10)).status().code(), absl::StatusCode::kOutOfRange);
  Put("people/a", "a", "3");
  EXPECT_THAT(TailAll(end, 10), SizeIs(1));
  EXPECT_THAT(TailAll(Cursor{}, 10), SizeIs(1));
}

TEST_P(StoreSuite, TrimCutsOldRepliesDownToTheirFingerprints) {
  const auto remember = [&](const std::string& key) {
    Writes writes = NewWrites();
    writes.request_key = key;
    writes.remember = {"fingerprint of " + key, "reply of " + key, "name of " + key, 0};
    Commit("people/a", Load("people/a").revision, std::move(writes));
  };
  remember("one");
  remember("two");
  backend().AdvanceClock();
  const Cursor before = Now();
  remember("three");
  const absl::Time third = TailAll(before, 10).at(0).time;
  EXPECT_EQ(Value(async::Wait(store().Trim(absl::InfinitePast(), third, 1))), 1u);
  EXPECT_EQ(Value(async::Wait(store().Trim(absl::InfinitePast(), third, 100))), 1u);
  EXPECT_EQ(Value(async::Wait(store().Trim(absl::InfinitePast(), third, 100))), 0u);

  const std::optional<Remembered> one = Load("people/a", {}, "one").remembered;
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->reply, "");
  EXPECT_EQ(one->fingerprint, "fingerprint of one");
  EXPECT_EQ(one->name, "name of one");
  EXPECT_EQ(one->revision, 1);
  EXPECT_EQ(Load("people/a", {}, "three").remembered.value().reply, "reply of three");
  Writes again = NewWrites();
  again.request_key = "one";
  EXPECT_EQ(Commit("people/a", Load("people/a").revision, std::move(again)).kind,
            CommitResult::Kind::kRepeated);
  EXPECT_THAT(TailAll(Cursor{}, 10), SizeIs(3));
}

TEST_P(StoreSuite, TrimKeepsToItsSpace) {
  Put("people/a", "a", "1");
  EXPECT_EQ(Value(async::Wait(other().Trim(absl::InfiniteFuture(), absl::InfiniteFuture(), 100))), 0u);
  EXPECT_THAT(TailAll(Cursor{}, 10), SizeIs(1));
}

// Adds one to a number kept in a record, by load and commit, until it has won `wins` times.
async::Task<absl::Status> Increment(Store& store, std::string subject, int wins,
                                    std::atomic<int>& conflicts) {
  while (wins > 0) {
    LoadRequest request{subject, "", {"number"}};
    absl::StatusOr<LoadResult> loaded = co_await store.Load(std::move(request));
    if (!loaded.ok()) co_return loaded.status();
    const int64_t number = loaded->records[0] ? std::stoll(loaded->records[0]->data) : 0;
    Writes writes = NewWrites();
    writes.puts.push_back({"number", absl::StrCat(number + 1), 0});
    const Revision expected = loaded->revision;
    absl::StatusOr<CommitResult> result = co_await store.Commit(subject, expected, std::move(writes), false);
    if (!result.ok()) co_return result.status();
    if (result->kind == CommitResult::Kind::kDone) {
      --wins;
      if (result->revision.counter != expected.counter + 1)
        co_return absl::InternalError("a revision was skipped");
    } else {
      ++conflicts;
    }
  }
  co_return absl::OkStatus();
}

TEST_P(StoreSuite, OfManyCommitsToOneSubjectOneWinsPerRevision) {
  constexpr int kCallers = 32, kWins = 10;
  const Cursor cursor = Now();
  std::atomic<int> conflicts{0}, failures{0};
  async::Pending pending;
  for (int i = 0; i < kCallers; ++i) {
    pending.Add();
    async::Start(Increment(store(), "people/hot", kWins, conflicts), [&](absl::Status status) {
      if (!status.ok()) ++failures;
      pending.Done();
    });
  }
  pending.WaitAtMost(0);
  EXPECT_EQ(failures, 0);
  EXPECT_GT(conflicts, 0);
  const LoadResult loaded = Load("people/hot", {"number"});
  EXPECT_EQ(loaded.revision.counter, kCallers * kWins);
  EXPECT_EQ(loaded.records[0].value().data, absl::StrCat(kCallers * kWins));
  const std::vector<std::string> history = History("people/hot");
  EXPECT_EQ(std::set<std::string>(history.begin(), history.end()).size(), size_t{kCallers * kWins});
  int64_t revision = 0;
  for (const Change& change : TailAll(cursor, 50)) EXPECT_EQ(change.revision, ++revision);
  EXPECT_EQ(revision, kCallers * kWins);
}

TEST_P(StoreSuite, OfCommitsSentAtOnceWithOneRevisionExactlyOneIsDone) {
  for (int round = 0; round < 20; ++round) {
    const Revision expected = Load("people/race").revision;
    std::atomic<int> done{0}, conflicts{0};
    async::Pending pending;
    for (int i = 0; i < 16; ++i) {
      pending.Add();
      async::Start(store().Commit("people/race", expected, NewWrites(), false),
                   [&](absl::StatusOr<CommitResult> result) {
                     if (result.ok()) ++(result->kind == CommitResult::Kind::kDone ? done : conflicts);
                     pending.Done();
                   });
    }
    pending.WaitAtMost(0);
    EXPECT_EQ(done, 1);
    EXPECT_EQ(conflicts, 15);
  }
}

TEST_P(StoreSuite, CloseEndsCallsUnderWayAndRefusesNewOnes) {
  std::atomic<int> good{0}, away{0}, wrong{0};
  async::Pending pending;
  const auto count = [&](const absl::Status& status) {
    ++(status.ok() ? good : status.code() == absl::StatusCode::kUnavailable ? away : wrong);
    pending.Done();
  };
  for (int i = 0; i < 200; ++i) {
    pending.Add();
    async::Start(store().Commit(absl::StrCat("people/", i), Revision{}, NewWrites(), false),
                 [&](absl::StatusOr<CommitResult> result) { count(result.status()); });
    pending.Add();
    async::Start(store().Load({absl::StrCat("people/", i), "", {}}),
                 [&](absl::StatusOr<LoadResult> result) { count(result.status()); });
  }
  store().Close();
  pending.WaitAtMost(0);
  EXPECT_EQ(good + away, 400);
  EXPECT_EQ(wrong, 0);
  constexpr absl::StatusCode kAway = absl::StatusCode::kUnavailable;
  EXPECT_EQ(async::Wait(store().Load({"people/1", "", {}})).status().code(), kAway);
  EXPECT_EQ(async::Wait(store().Commit("people/1", Revision{}, NewWrites(), false)).status().code(), kAway);
  EXPECT_EQ(async::Wait(store().List("people/1", "", "", 1)).status().code(), kAway);
  EXPECT_EQ(async::Wait(store().History("people/1", 0, 1)).status().code(), kAway);
  EXPECT_EQ(async::Wait(store().Scan("work", "", "", std::nullopt, 1)).status().code(), kAway);
  EXPECT_EQ(async::Wait(store().Tail(Cursor{}, 1)).status().code(), kAway);
  EXPECT_EQ(async::Wait(store().Now()).status().code(), kAway);
  EXPECT_EQ(async::Wait(store().Trim(absl::InfinitePast(), absl::InfinitePast(), 1)).status().code(), kAway);
  store().Close();
  EXPECT_TRUE(async::Wait(other().Ping()).ok());
}

}  // namespace
}  // namespace ipb::store
