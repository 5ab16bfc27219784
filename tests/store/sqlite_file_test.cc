// What the embedded engine does with its file: what it refuses, what outlives a killed process and a full
// disk, and what it does when too much is waiting.
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/store/sqlite_backend.h"

namespace ipb::store {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void RunSql(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
}

absl::Status TryOpen(const std::string& path) {
  async::Executor executor(1);
  const absl::StatusOr<std::unique_ptr<Engine>> engine = OpenSqlite(path, &executor);
  if (engine.ok()) (*engine)->Close();
  return engine.status();
}

TEST(SqliteFileTest, AFileOfAnotherKindIsRefusedAndLeftAlone) {
  const TemporaryFolder folder;
  const std::string text = folder.File("text"), other = folder.File("other.db");
  std::ofstream(text) << std::string(10'000, 'x');
  RunSql(other, "CREATE TABLE something (a); INSERT INTO something VALUES (1)");
  for (const std::string& file : {text, other}) {
    const std::string before = ReadFile(file);
    const absl::Status status = TryOpen(file);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr("is not an ipb store"));
    EXPECT_EQ(ReadFile(file), before);
  }
}

TEST(SqliteFileTest, AnotherVersionOrPartitionCountIsRefused) {
  const TemporaryFolder folder;
  const std::string file = folder.File("store.db");
  ASSERT_TRUE(TryOpen(file).ok());
  RunSql(file, "PRAGMA user_version = 2");
  EXPECT_THAT(TryOpen(file).ToString(),
              testing::HasSubstr("has schema version 2, and this program works with 1"));
  RunSql(file, "PRAGMA user_version = 1; UPDATE meta SET value = 32 WHERE key = 'partitions'");
  EXPECT_THAT(TryOpen(file).ToString(),
              testing::HasSubstr("has partitions 32, and this program works with 64"));
  RunSql(file, "UPDATE meta SET value = 64 WHERE key = 'partitions'");
  EXPECT_TRUE(TryOpen(file).ok());
}

TEST(SqliteFileTest, AFolderThatIsNotThereIsUnavailable) {
  const TemporaryFolder folder;
  EXPECT_EQ(TryOpen(folder.File("none/store.db")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(TryOpen("").code(), absl::StatusCode::kInvalidArgument);
}

TEST(SqliteFileTest, EpochsDifferAndLast) {
  SqliteBackend one(false), two(false);
  async::Executor executor(1);
  const auto epoch_of = [&](Backend& backend) {
    const std::unique_ptr<Engine> engine = backend.Open(&executor);
    const std::unique_ptr<Store> store = engine->Open("payments");
    std::string epoch = Value(async::Wait(store->Now())).epoch;
    engine->Close();
    return epoch;
  };
  EXPECT_NE(epoch_of(one), epoch_of(two));
  EXPECT_EQ(epoch_of(one), epoch_of(one));
}

// Commits for ever, each time telling the pipe which revision was acknowledged.
[[noreturn]] void CommitUntilKilled(const std::string& file, int pipe) {
  async::Executor executor(1);
  const std::unique_ptr<Engine> engine = OpenSqlite(file, &executor).value();
  const std::unique_ptr<Store> store = engine->Open("payments");
  Revision revision = async::Wait(store->Load({"people/a", "", {}}))->revision;
  while (true) {
    Writes writes;
    writes.commit_id = writes.history = absl::StrCat("commit ", revision.counter + 1);
    writes.puts = {{"counter", absl::StrCat(revision.counter + 1), 0}, {writes.history, "made", 0}};
    revision = async::Wait(store->Commit("people/a", revision, std::move(writes), false))->revision;
    if (write(pipe, &revision.counter, sizeof(revision.counter)) < 0) _exit(1);
  }
}

// Kills a process that commits after it has acknowledged `count` more; gives the last revision it
// acknowledged.
int64_t KillAfter(const std::string& file, int count) {
  int pipes[2];
  EXPECT_EQ(pipe(pipes), 0);
  const pid_t child = fork();
  if (child == 0) CommitUntilKilled(file, pipes[1]);
  close(pipes[1]);
  int64_t last = 0, read_revision = 0;
  for (int i = 0; i < count && read(pipes[0], &read_revision, sizeof(read_revision)) > 0; ++i)
    last = read_revision;
  kill(child, SIGKILL);
  while (read(pipes[0], &read_revision, sizeof(read_revision)) == sizeof(read_revision)) last = read_revision;
  close(pipes[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return last;
}

// Every commit is there once, whole and in order.
void CheckWhole(Store& store, int64_t at_least, int64_t at_most) {
  const LoadResult loaded = Value(async::Wait(store.Load({"people/a", "", {"counter"}})));
  const int64_t counter = loaded.revision.counter;
  EXPECT_GE(counter, at_least);
  EXPECT_LE(counter, at_most);
  EXPECT_EQ(loaded.records.at(0).value_or(Record{}).data, absl::StrCat(counter));
  std::vector<std::string> history;
  std::string after;
  size_t made = 0;
  for (int64_t from = 0; from < counter; from = static_cast<int64_t>(history.size())) {
    const auto page = Value(async::Wait(store.History("people/a", from, kMaximumPage)));
    ASSERT_FALSE(page.empty());
    history.insert(history.end(), page.begin(), page.end());
  }
  for (size_t i = 0; i < history.size(); ++i) EXPECT_EQ(history[i], absl::StrCat("commit ", i + 1));
  while (true) {
    const auto page = Value(async::Wait(store.List("people/a", "commit ", after, kMaximumPage)));
    if (page.empty()) break;
    made += page.size();
    after = page.back().name;
  }
  EXPECT_EQ(made, history.size());
  Cursor cursor;
  int64_t changes = 0;
  while (true) {
    TailResult page = Value(async::Wait(store.Tail(cursor, kMaximumPage)));
    for (const Change& change : page.changes) EXPECT_EQ(change.revision, ++changes);
    if (page.changes.empty()) break;
    cursor = page.next;
  }
  EXPECT_EQ(changes, counter);
}

TEST(SqliteFileTest, WhatWasAcknowledgedOutlivesAKilledProcess) {
  const TemporaryFolder folder;
  const std::string file = folder.File("store.db");
  std::mt19937 random(20260406);
  for (int round = 0; round < 20; ++round) {
    const int64_t acknowledged = KillAfter(file, 1 + static_cast<int>(random() % 40));
    async::Executor executor(1);
    const std::unique_ptr<Engine> engine = OpenSqlite(file, &executor).value();
    const std::unique_ptr<Store> store = engine->Open("payments");
    // One more may have been written without the process living to say so.
    CheckWhole(*store, acknowledged, acknowledged + 1);
    engine->Close();
  }
}

TEST(SqliteFileTest, AFullDiskIsUnavailableAndNothingIsHalfWritten) {
  const TemporaryFolder folder;
  const std::string file = folder.File("store.db");
  async::Executor executor(1);
  const std::unique_ptr<Engine> engine = OpenSqlite(file, &executor).value();
  const std::unique_ptr<Store> store = engine->Open("payments");
  signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  rlimit limit = old_limit;
  limit.rlim_cur = 1 << 20;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto commit = [&](const Revision& expected) {
    Writes writes;
    writes.commit_id = writes.history = absl::StrCat("commit ", expected.counter + 1);
    writes.puts = {{"counter", absl::StrCat(expected.counter + 1), 0},
                   {writes.history, std::string(50'000, 'x'), 0}};
    return async::Wait(store->Commit("people/a", expected, std::move(writes), false));
  };
  Revision revision;
  absl::StatusOr<CommitResult> result = commit(revision);
  while (result.ok()) {
    revision = result->revision;
    result = commit(revision);
  }
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable) << result.status();
  EXPECT_GT(revision.counter, 0);
  CheckWhole(*store, revision.counter, revision.counter);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  EXPECT_TRUE(async::Wait(store->Ping()).ok());
  EXPECT_EQ(commit(revision)->revision.counter, revision.counter + 1);
  CheckWhole(*store, revision.counter + 1, revision.counter + 1);
  engine->Close();
}

// A clock that stands still, and with it the writer, until it is let go.
class Gate {
 public:
  absl::Time Pass() {
    std::unique_lock lock(mutex_);
    reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return absl::UnixEpoch();
  }
  void WaitUntilReached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false, open_ = false;
};

TEST(SqliteFileTest, TooManyWaitingCommitsAreRefusedAndReadsGoOn) {
  const TemporaryFolder folder;
  Gate gate;
  SqliteOptions options;
  options.now = [&] { return gate.Pass(); };
  async::Executor executor(2);
  const std::unique_ptr<Engine> engine = OpenSqlite(folder.File("store.db"), &executor, options).value();
  const std::unique_ptr<Store> store = engine->Open("payments");
  std::atomic<int> done{0}, busy{0}, other{0};
  async::Pending pending;
  const auto commit = [&](int i) {
    pending.Add();
    async::Start(store->Commit(absl::StrCat("people/", i), {}, NewWrites(), false),
                 [&](absl::StatusOr<CommitResult> result) {
                   const absl::StatusCode code = result.status().code();
                   ++(result.ok() ? done : code == absl::StatusCode::kResourceExhausted ? busy : other);
                   pending.Done();
                 });
  };
  commit(0);
  gate.WaitUntilReached();
  for (int i = 1; busy == 0 && i < 100'000; ++i) commit(i);
  EXPECT_EQ(busy, 1);
  EXPECT_EQ(Value(async::Wait(store->Load({"people/0", "", {}}))).revision, Revision{});
  const int waiting = pending.count();
  gate.Open();
  pending.WaitAtMost(0);
  EXPECT_EQ(done, waiting);
  EXPECT_EQ(other, 0);
  engine->Close();
}

}  // namespace
}  // namespace ipb::store
