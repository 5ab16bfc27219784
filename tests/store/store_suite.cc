// Loading and committing: what one commit does, when it is refused, and what it means to send it again.
#include "tests/store/store_suite.h"

#include <atomic>

#include "absl/strings/str_cat.h"

namespace ipb::store {

using testing::ElementsAre;
using testing::IsEmpty;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreSuite);

LoadResult StoreSuite::Load(const std::string& subject, std::vector<std::string> names,
                            const std::string& request_key) {
  return Value(async::Wait(store().Load({subject, request_key, std::move(names)})));
}

std::vector<Record> StoreSuite::List(const std::string& subject, const std::string& prefix,
                                     const std::string& after, size_t limit) {
  return Value(async::Wait(store().List(subject, prefix, after, limit)));
}

std::vector<std::string> StoreSuite::History(const std::string& subject, int64_t after, size_t limit) {
  return Value(async::Wait(store().History(subject, after, limit)));
}

CommitResult StoreSuite::Commit(const std::string& subject, const Revision& expected, Writes writes,
                                bool check_only) {
  return Value(async::Wait(store().Commit(subject, expected, std::move(writes), check_only)));
}

std::vector<IndexEntry> StoreSuite::Scan(const std::string& index, const std::string& from,
                                         const std::string& to, std::optional<IndexEntry> after,
                                         size_t limit) {
  return Value(async::Wait(store().Scan(index, from, to, std::move(after), limit)));
}

TailResult StoreSuite::Tail(const Cursor& cursor, size_t limit) {
  return Value(async::Wait(store().Tail(cursor, limit)));
}

Cursor StoreSuite::Now() { return Value(async::Wait(store().Now())); }

std::vector<Change> StoreSuite::TailAll(Cursor cursor, size_t limit) {
  std::vector<Change> all;
  while (true) {
    TailResult page = Tail(cursor, limit);
    if (page.changes.empty()) return all;
    all.insert(all.end(), page.changes.begin(), page.changes.end());
    cursor = std::move(page.next);
  }
}

Revision StoreSuite::Put(const std::string& subject, const std::string& name, const std::string& data) {
  Writes writes = NewWrites();
  writes.puts.push_back({name, data, 0});
  const CommitResult result = Commit(subject, Load(subject).revision, std::move(writes));
  EXPECT_EQ(result.kind, CommitResult::Kind::kDone);
  return result.revision;
}

Writes NewWrites() {
  static std::atomic<int64_t> next{1};
  Writes writes;
  writes.commit_id = absl::StrCat("commit-", next.fetch_add(1));
  writes.history = absl::StrCat("history of ", writes.commit_id);
  return writes;
}

namespace {

using Kind = CommitResult::Kind;

TEST_P(StoreSuite, ASubjectNeverWrittenIsEmpty) {
  const LoadResult loaded = Load("people/none", {"budgets/1", "budgets/2"}, "request");
  EXPECT_EQ(loaded.revision, Revision{});
  EXPECT_EQ(loaded.head, "");
  EXPECT_EQ(loaded.access, "");
  EXPECT_FALSE(loaded.remembered.has_value());
  EXPECT_THAT(loaded.records, ElementsAre(std::nullopt, std::nullopt));
  EXPECT_THAT(History("people/none"), IsEmpty());
  EXPECT_THAT(List("people/none", "", "", 10), IsEmpty());
}

TEST_P(StoreSuite, ACommitWritesAllItHas) {
  Writes writes = NewWrites();
  const std::string binary("\0\xff\n", 3);
  writes.puts = {{"budgets/1", "one", 0}, {"budgets/2", binary, 0}};
  writes.access = "council";
  writes.head = "next=3";
  writes.history = binary;
  const std::string commit_id = writes.commit_id;
  const CommitResult done = Commit("people/a", Revision{}, std::move(writes));
  EXPECT_EQ(done.kind, Kind::kDone);
  EXPECT_EQ(done.revision, (Revision{1, commit_id}));
  EXPECT_FALSE(done.remembered.has_value());

  const LoadResult loaded = Load("people/a", {"budgets/2", "missing", "budgets/1"});
  EXPECT_EQ(loaded.revision, (Revision{1, commit_id}));
  EXPECT_EQ(loaded.head, "next=3");
  EXPECT_EQ(loaded.access, "council");
  EXPECT_THAT(loaded.records,
              ElementsAre(Record{"budgets/2", binary, 1}, std::nullopt, Record{"budgets/1", "one", 1}));
  EXPECT_THAT(History("people/a"), ElementsAre(binary));
}

TEST_P(StoreSuite, ALaterCommitChangesOnlyWhatItNames) {
  Writes first = NewWrites();
  first.puts = {{"a", "1", 0}, {"b", "1", 0}, {"c", "1", 0}};
  first.access = "council";
  first.head = "head 1";
  const Revision one = Commit("people/a", Revision{}, std::move(first)).revision;

  Writes second = NewWrites();
  second.puts = {{"b", "", 0}, {"d", "2", 0}};
  second.deletes = {"c", "never there", "d"};
  const Revision two = Commit("people/a", one, std::move(second)).revision;
  EXPECT_EQ(two.counter, 2);

  const LoadResult loaded = Load("people/a", {"a", "b", "c", "d"});
  EXPECT_EQ(loaded.head, "head 1");
  EXPECT_EQ(loaded.access, "council");
  EXPECT_THAT(loaded.records,
              ElementsAre(Record{"a", "1", 1}, Record{"b", "", 2}, std::nullopt, Record{"d", "2", 2}));

  Writes third = NewWrites();
  third.access = "";
  third.head = "";
  Commit("people/a", two, std::move(third));
  EXPECT_EQ(Load("people/a").access, "");
  EXPECT_EQ(Load("people/a").head, "");
}

TEST_P(StoreSuite, AnotherRevisionIsAConflictAndWritesNothing) {
  const Revision one = Put("people/a", "a", "1");
  const Revision two = Put("people/a", "a", "2");
  for (const Revision& stale : {Revision{}, one, Revision{3, "later"}}) {
    Writes writes = NewWrites();
    writes.puts = {{"a", "3", 0}};
    writes.index_adds = {{"work", "key", "", "a"}};
    const CommitResult result = Commit("people/a", stale, std::move(writes));
    EXPECT_EQ(result.kind, Kind::kConflict);
    EXPECT_EQ(result.revision, two);
  }
  EXPECT_THAT(Load("people/a", {"a"}).records, ElementsAre(Record{"a", "2", 2}));
  EXPECT_EQ(History("people/a").size(), 2u);
  EXPECT_THAT(Scan("work"), IsEmpty());
  EXPECT_EQ(TailAll(Cursor{}, 100).size(), 2u);
}

TEST_P(StoreSuite, TheSameCounterOfAnotherCommitIsAConflict) {
  const Revision one = Put("people/a", "a", "1");
  const CommitResult result = Commit("people/a", Revision{1, "another life"}, NewWrites());
  EXPECT_EQ(result.kind, Kind::kConflict);
  EXPECT_EQ(result.revision, one);
}

TEST_P(StoreSuite, ACommitOfASubjectNeverWrittenConflictsWithAnyRevision) {
  const CommitResult result = Commit("people/a", Revision{1, "lost"}, NewWrites());
  EXPECT_EQ(result.kind, Kind::kConflict);
  EXPECT_EQ(result.revision, Revision{});
}

TEST_P(StoreSuite, TheSameCommitSentAgainIsDoneOnce) {
  const Revision one = Put("people/a", "a", "1");
  Writes writes = NewWrites();
  writes.puts = {{"a", "2", 0}};
  writes.request_key = "request";
  writes.remember = {"fingerprint", "reply", "people/a/a", 0};
  const CommitResult first = Commit("people/a", one, writes);
  const CommitResult again = Commit("people/a", one, writes);
  EXPECT_EQ(again.kind, Kind::kDone);
  EXPECT_EQ(again.revision, first.revision);
  EXPECT_EQ(Load("people/a").revision.counter, 2);
  EXPECT_EQ(History("people/a").size(), 2u);
  EXPECT_EQ(TailAll(Cursor{}, 100).size(), 2u);
}

TEST_P(StoreSuite, TheSameCommitIsKnownAfterOthersCommitted) {
  Writes writes = NewWrites();
  writes.puts = {{"a", "1", 0}};
  const Revision one = Commit("people/a", Revision{}, writes).revision;
  Put("people/a", "a", "2");
  const Revision three = Put("people/a", "a", "3");
  const CommitResult again = Commit("people/a", Revision{}, writes);
  EXPECT_EQ(again.kind, Kind::kDone);
  EXPECT_EQ(again.revision, one);
  EXPECT_EQ(Load("people/a").revision, three);
  EXPECT_THAT(Load("people/a", {"a"}).records, ElementsAre(Record{"a", "3", 3}));
}

TEST_P(StoreSuite, UnrecordedCommitsLeaveOnlyTheirRecords) {
  const auto writes_of = [](const std::string& data) {
    Writes writes = NewWrites();
    writes.puts = {{"cursor", data, 0}};
    writes.history = "";
    writes.unrecorded = true;
    return writes;
  };
  const Writes first = writes_of("1");
  const Revision one = Commit("consumers/a", Revision{}, first).revision;
  EXPECT_EQ(one, (Revision{1, first.commit_id}));
  EXPECT_EQ(Commit("consumers/a", Revision{}, first).kind, Kind::kDone);
  EXPECT_EQ(Commit("consumers/a", Revision{}, writes_of("other")).kind, Kind::kConflict);
  const Revision two = Commit("consumers/a", one, writes_of("2")).revision;
  EXPECT_EQ(two.counter, 2);
  EXPECT_EQ(Commit("consumers/a", Revision{}, first).kind, Kind::kConflict) << "it can no longer be known";
  EXPECT_EQ(Load("consumers/a").revision, two);
  EXPECT_THAT(Load("consumers/a", {"cursor"}).records, ElementsAre(Record{"cursor", "2", 2}));
  EXPECT_THAT(History("consumers/a"), IsEmpty());
  EXPECT_THAT(TailAll(Cursor{}, 100), IsEmpty());

  // One that was recorded before it became bookkeeping keeps what it has.
  const Revision recorded = Put("consumers/b", "cursor", "1");
  const Revision next = Commit("consumers/b", recorded, writes_of("2")).revision;
  Commit("consumers/b", next, writes_of("3"));
  EXPECT_EQ(Load("consumers/b").revision.counter, 3);
  EXPECT_THAT(History("consumers/b"), testing::SizeIs(1));
  EXPECT_THAT(TailAll(Cursor{}, 100), testing::SizeIs(1));
}

TEST_P(StoreSuite, ARememberedRequestIsRepeated) {
  Writes writes = NewWrites();
  writes.request_key = "council/system/Open/1";
  writes.remember = {"fingerprint", "reply", "people/a/agreements/1", 0};
  const Revision one = Commit("people/a", Revision{}, std::move(writes)).revision;
  const Revision two = Put("people/a", "a", "1");

  for (const Revision& expected : {two, one, Revision{}}) {
    Writes again = NewWrites();
    again.puts = {{"a", "again", 0}};
    again.request_key = "council/system/Open/1";
    again.remember = {"other", "other reply", "people/a/agreements/2", 0};
    const CommitResult result = Commit("people/a", expected, std::move(again));
    EXPECT_EQ(result.kind, Kind::kRepeated);
    EXPECT_EQ(result.revision, two);
    ASSERT_TRUE(result.remembered.has_value());
    EXPECT_EQ(result.remembered->fingerprint, "fingerprint");
    EXPECT_EQ(result.remembered->reply, "reply");
    EXPECT_EQ(result.remembered->name, "people/a/agreements/1");
    EXPECT_EQ(result.remembered->revision, 1);
  }
  const LoadResult loaded = Load("people/a", {"a"}, "council/system/Open/1");
  EXPECT_EQ(loaded.revision, two);
  ASSERT_TRUE(loaded.remembered.has_value());
  EXPECT_EQ(loaded.remembered->reply, "reply");
  EXPECT_EQ(loaded.remembered->revision, 1);
  EXPECT_FALSE(Load("people/a", {}, "council/system/Open/2").remembered.has_value());
  EXPECT_FALSE(Load("people/b", {}, "council/system/Open/1").remembered.has_value());
}

TEST_P(StoreSuite, CheckOnlyAnswersTheSameAndWritesNothing) {
  Writes remembered = NewWrites();
  remembered.request_key = "known";
  remembered.remember = {"fingerprint", "reply", "name", 0};
  const Revision one = Commit("people/a", Revision{}, remembered).revision;

  Writes writes = NewWrites();
  writes.puts = {{"a", "1", 0}};
  writes.access = "access";
  writes.head = "head";
  writes.index_adds = {{"work", "key", "", "a"}};
  writes.request_key = "new";
  writes.remember = {"fingerprint", "reply", "name", 0};
  const CommitResult would = Commit("people/a", one, writes, true);
  EXPECT_EQ(would.kind, Kind::kDone);
  EXPECT_EQ(would.revision, (Revision{2, writes.commit_id}));
  EXPECT_EQ(Commit("people/new", Revision{}, writes, true).kind, Kind::kDone);
  EXPECT_EQ(Commit("people/a", Revision{}, writes, true).kind, Kind::kConflict);
  EXPECT_EQ(Commit("people/a", Revision{}, remembered, true).kind, Kind::kDone);
  Writes repeated = NewWrites();
  repeated.request_key = "known";
  const CommitResult answer = Commit("people/a", one, repeated, true);
  EXPECT_EQ(answer.kind, Kind::kRepeated);
  ASSERT_TRUE(answer.remembered.has_value());
  EXPECT_EQ(answer.remembered->reply, "reply");

  const LoadResult loaded = Load("people/a", {"a"}, "new");
  EXPECT_EQ(loaded.revision, one);
  EXPECT_EQ(loaded.access, "");
  EXPECT_FALSE(loaded.remembered.has_value());
  EXPECT_THAT(loaded.records, ElementsAre(std::nullopt));
  EXPECT_EQ(Load("people/new").revision, Revision{});
  EXPECT_EQ(History("people/a").size(), 1u);
  EXPECT_THAT(Scan("work"), IsEmpty());
  EXPECT_EQ(TailAll(Cursor{}, 100).size(), 1u);
}

TEST_P(StoreSuite, SpacesShareNothing) {
  Writes writes = NewWrites();
  writes.puts = {{"a", "1", 0}};
  writes.access = "access";
  writes.index_adds = {{"work", "key", "", "a"}};
  writes.request_key = "request";
  Commit("people/a", Revision{}, std::move(writes));

  const LoadResult loaded = Value(async::Wait(other().Load({"people/a", "request", {"a"}})));
  EXPECT_EQ(loaded.revision, Revision{});
  EXPECT_EQ(loaded.access, "");
  EXPECT_FALSE(loaded.remembered.has_value());
  EXPECT_THAT(loaded.records, ElementsAre(std::nullopt));
  EXPECT_THAT(Value(async::Wait(other().List("people/a", "", "", 10))), IsEmpty());
  EXPECT_THAT(Value(async::Wait(other().History("people/a", 0, 10))), IsEmpty());
  EXPECT_THAT(Value(async::Wait(other().Scan("work", "", "", std::nullopt, 10))), IsEmpty());
  EXPECT_THAT(Value(async::Wait(other().Tail(Cursor{}, 10))).changes, IsEmpty());
  EXPECT_EQ(Value(async::Wait(other().Commit("people/a", Revision{}, NewWrites(), false))).revision.counter,
            1);
  EXPECT_EQ(Value(async::Wait(other().Tail(Cursor{}, 10))).changes.size(), 1u);
  EXPECT_EQ(TailAll(Cursor{}, 100).size(), 1u);
}

TEST_P(StoreSuite, TwoOpensOfASpaceShareEverything) {
  const std::unique_ptr<Store> twin = engine().Open("payments");
  const Revision one = Put("people/a", "a", "1");
  EXPECT_EQ(Value(async::Wait(twin->Load({"people/a", "", {}}))).revision, one);
  twin->Close();
  EXPECT_EQ(async::Wait(twin->Load({"people/a", "", {}})).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Load("people/a").revision, one);
}

TEST_P(StoreSuite, WhatWasCommittedLasts) {
  if (!backend().Durable()) GTEST_SKIP() << "this backend keeps nothing";
  Writes writes = NewWrites();
  writes.puts = {{"a", "1", 0}};
  writes.access = "access";
  writes.head = "head";
  writes.index_adds = {{"work", "key", "", "a"}};
  writes.request_key = "request";
  writes.remember = {"fingerprint", "reply", "name", 0};
  const Revision one = Commit("people/a", Revision{}, writes).revision;
  const Cursor cursor = Now();
  Reopen();
  const LoadResult loaded = Load("people/a", {"a"}, "request");
  EXPECT_EQ(loaded.revision, one);
  EXPECT_EQ(loaded.head, "head");
  EXPECT_EQ(loaded.access, "access");
  EXPECT_TRUE(loaded.remembered.has_value());
  EXPECT_THAT(loaded.records, ElementsAre(Record{"a", "1", 1}));
  EXPECT_THAT(Scan("work"), ElementsAre(IndexEntry{"work", "key", "people/a", "a"}));
  EXPECT_EQ(History("people/a").size(), 1u);
  EXPECT_EQ(TailAll(Cursor{}, 100).size(), 1u);
  EXPECT_THAT(TailAll(cursor, 100), IsEmpty());
  Put("people/a", "a", "2");
  EXPECT_EQ(TailAll(cursor, 100).size(), 1u);
  EXPECT_EQ(Commit("people/a", Revision{}, writes).kind, Kind::kDone);
}

TEST_P(StoreSuite, PingIsOkWhileOpen) {
  EXPECT_TRUE(async::Wait(store().Ping()).ok());
  store().Close();
  EXPECT_EQ(async::Wait(store().Ping()).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace ipb::store
