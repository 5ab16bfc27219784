// What the Redis engine does when Redis dies, hangs, forgets or is set up wrongly.
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/store/redis_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/async/wait.h"
#include "tests/store/redis_server.h"

namespace ipb::store {
namespace {

using async::Pending;
using async::Wait;

constexpr auto kAway = absl::StatusCode::kUnavailable;

Writes Put(const std::string& id, const std::string& name, const std::string& data) {
  Writes writes;
  writes.commit_id = id;
  writes.history = absl::StrCat("history of ", id);
  writes.puts.push_back({name, data, 0});
  return writes;
}

LoadRequest Ask(const std::string& subject, const std::string& request_key = "") {
  LoadRequest request;
  request.subject = subject;
  request.request_key = request_key;
  return request;
}

class RedisFaultsTest : public testing::Test {
 protected:
  ~RedisFaultsTest() override { CloseAll(); }

  void OpenAll(RedisServer& server, RedisOptions options = {}) {
    executor_ = std::make_unique<async::Executor>(2);
    engine_ = OpenRedis("127.0.0.1", server.port(), executor_.get(), options).value();
    store_ = engine_->Open("payments");
  }
  void CloseAll() {
    if (engine_) engine_->Close();
    executor_.reset();
    store_.reset();
    engine_.reset();
  }

  // Commits one after another to a subject, each as often as needed, until `count` are done or one is
  // refused.
  async::Task<int> CommitAll(std::string subject, int count) {
    Revision at;
    for (int i = 1; i <= count; ++i) {
      const std::string id = absl::StrCat(subject, "#", i);
      while (true) {
        auto task = store_->Commit(subject, at, Put(id, "a", absl::StrCat(i)), false);
        const absl::StatusOr<CommitResult> result = co_await task;
        if (result.status().code() == kAway) {
          auto pause = executor_->Yield();
          co_await pause;
          continue;
        }
        if (!result.ok() || result->kind != CommitResult::Kind::kDone) co_return i - 1;
        at = result->revision;
        break;
      }
      ++done_;
    }
    co_return count;
  }

  // Runs CommitAll over many subjects while `disturb` is called, and holds the outcome to what was
  // acknowledged.
  void CommitWhile(int subjects, int each, const std::function<void()>& disturb) {
    Pending pending;
    std::atomic<int> refused = 0;
    for (int s = 0; s < subjects; ++s) {
      pending.Add();
      async::Start(CommitAll(absl::StrCat("people/", s), each), [&, each](int count) {
        if (count != each) ++refused;
        pending.Done();
      });
    }
    disturb();
    pending.WaitAtMost(0);
    EXPECT_EQ(refused, 0);
    for (int s = 0; s < subjects; ++s) {
      const std::string subject = absl::StrCat("people/", s);
      const std::vector<std::string> history = HistoryOf(subject);
      ASSERT_EQ(history.size(), static_cast<size_t>(each));
      for (int i = 1; i <= each; ++i) EXPECT_EQ(history[i - 1], absl::StrCat("history of ", subject, "#", i));
    }
  }

  // Asks until the connection for reads is back.
  std::vector<std::string> HistoryOf(const std::string& subject) {
    while (true) {
      absl::StatusOr<std::vector<std::string>> entries = Wait(store_->History(subject, 0, kMaximumPage));
      if (entries.status().code() != kAway) return *std::move(entries);
      std::this_thread::yield();
    }
  }
  void WaitUntilDone(int count) {
    while (done_ < count) std::this_thread::yield();
  }
  void WaitUntilPingIs(bool ok) {
    while (Wait(store_->Ping()).ok() != ok) std::this_thread::yield();
  }

  std::atomic<int> done_ = 0;
  std::unique_ptr<async::Executor> executor_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Store> store_;
};

absl::Duration Since(std::chrono::steady_clock::time_point start) {
  return absl::FromChrono(std::chrono::steady_clock::now() - start);
}

TEST_F(RedisFaultsTest, AcknowledgedCommitsAreThereOnceAfterAKill) {
  RedisServer server;
  OpenAll(server);
  CommitWhile(32, 30, [&] {
    WaitUntilDone(100);
    server.Kill();
    server.Restart();
    WaitUntilDone(400);
    server.Restart();
  });
}

TEST_F(RedisFaultsTest, CallsFailAtOnceWhileRedisIsAwayAndRecover) {
  RedisServer server;
  OpenAll(server);
  const Cursor cursor = Wait(store_->Now()).value();
  server.Kill();
  WaitUntilPingIs(false);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Wait(store_->Load(Ask("people/a"))).status().code(), kAway);
    EXPECT_EQ(Wait(store_->Commit("people/a", {}, Put("x", "a", "1"), false)).status().code(), kAway);
  }
  EXPECT_LT(Since(start), absl::Seconds(2));
  server.Restart();
  WaitUntilPingIs(true);
  EXPECT_TRUE(Wait(store_->Commit("people/a", {}, Put("y", "a", "1"), false)).ok());
  // A restart is not another store: cursors go on.
  WaitUntilPingIs(true);
  absl::StatusOr<TailResult> tail = Wait(store_->Tail(cursor, 10));
  while (tail.status().code() == kAway) tail = Wait(store_->Tail(cursor, 10));
  EXPECT_EQ(tail.value().changes.size(), 1u);
}

TEST_F(RedisFaultsTest, CallsEndWithinTheDeadlineWhenRedisHangs) {
  RedisServer server;
  OpenAll(server, {.deadline = absl::Milliseconds(1000), .silence_limit = absl::Milliseconds(400)});
  server.Suspend();
  const auto start = std::chrono::steady_clock::now();
  Pending pending;
  std::atomic<int> away = 0;
  for (int i = 0; i < 20; ++i) {
    pending.Add();
    async::Start(store_->Commit(absl::StrCat("people/", i), {}, Put("x", "a", "1"), false),
                 [&](absl::StatusOr<CommitResult> result) {
                   if (result.status().code() == kAway) ++away;
                   pending.Done();
                 });
  }
  pending.WaitAtMost(0);
  EXPECT_EQ(away, 20);
  EXPECT_LT(Since(start), absl::Seconds(4));
  WaitUntilPingIs(false);
  server.Continue();
  WaitUntilPingIs(true);
  // What was in the socket may have been done or not: sent again it is done once.
  const CommitResult again = Wait(store_->Commit("people/1", {}, Put("x", "a", "1"), false)).value();
  EXPECT_EQ(again.kind, CommitResult::Kind::kDone);
  EXPECT_EQ(again.revision.counter, 1);
}

TEST_F(RedisFaultsTest, CloseReturnsWhileRedisHangs) {
  RedisServer server;
  OpenAll(server);
  server.Suspend();
  Pending pending;
  std::atomic<int> away = 0;
  for (int i = 0; i < 20; ++i) {
    pending.Add();
    async::Start(store_->Commit(absl::StrCat("people/", i), {}, Put("x", "a", "1"), false),
                 [&](absl::StatusOr<CommitResult> result) {
                   if (result.status().code() == kAway) ++away;
                   pending.Done();
                 });
  }
  const auto start = std::chrono::steady_clock::now();
  store_->Close();
  EXPECT_EQ(away, 20);
  engine_->Close();
  EXPECT_LT(Since(start), absl::Seconds(3));
  EXPECT_EQ(Wait(store_->Ping()).code(), kAway);
  server.Continue();
}

TEST_F(RedisFaultsTest, LostRepliesAreResolvedBySendingAgain) {
  RedisServer server;
  OpenAll(server);
  CommitWhile(32, 40, [&] {
    for (int kill = 1; kill <= 10; ++kill) {
      WaitUntilDone(kill * 100);
      server.Run({"CLIENT", "KILL", "TYPE", "normal"});
    }
  });
}

TEST_F(RedisFaultsTest, OneLostReplyIsNotSeenByItsCaller) {
  RedisServer server;
  OpenAll(server);
  // Redis takes the commit while it is paused for writes, and loses the connection before it answers.
  server.Run({"CLIENT", "PAUSE", "60000", "WRITE"});
  Pending pending;
  pending.Add();
  absl::StatusOr<CommitResult> result;
  async::Start(store_->Commit("people/a", {}, Put("x", "a", "1"), false),
               [&](absl::StatusOr<CommitResult> given) {
                 result = std::move(given);
                 pending.Done();
               });
  while (!absl::StrContains(server.Run({"INFO", "clients"}), "blocked_clients:1")) std::this_thread::yield();
  server.Run({"CLIENT", "UNPAUSE"});
  server.Run({"CLIENT", "KILL", "TYPE", "normal"});
  pending.WaitAtMost(0);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->kind, CommitResult::Kind::kDone);
  EXPECT_EQ(result->revision, (Revision{1, "x"}));
}

TEST_F(RedisFaultsTest, AMissingFunctionIsLoadedAgain) {
  RedisServer server;
  OpenAll(server);
  CommitWhile(32, 40, [&] {
    for (int flush = 1; flush <= 10; ++flush) {
      WaitUntilDone(flush * 100);
      EXPECT_EQ(server.Run({"FUNCTION", "FLUSH"}), "OK");
    }
  });
  server.Run({"FUNCTION", "FLUSH"});
  EXPECT_EQ(Wait(store_->List("people/1", "", "", 10)).value().size(), 1u);
}

TEST_F(RedisFaultsTest, AServerThatLosesAcknowledgedWritesIsRefused) {
  const std::vector<std::vector<std::string>> settings = {
      {"--appendfsync", "everysec"}, {"--appendonly", "no"}, {"--maxmemory-policy", "allkeys-lru"}};
  async::Executor executor(1);
  for (const std::vector<std::string>& setting : settings) {
    RedisServer server(setting);
    const auto refused = OpenRedis("127.0.0.1", server.port(), &executor);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.status().message()),
                testing::HasSubstr(setting[0].substr(2) + " is " + setting[1]));
    EXPECT_TRUE(
        OpenRedis("127.0.0.1", server.port(), &executor, {.allow_losing_acknowledged_writes = true}).ok());
  }
}

TEST_F(RedisFaultsTest, AStoreOfAnotherShapeIsRefused) {
  RedisServer server;
  OpenAll(server);
  server.Run({"HSET", "ipb:{00pc5}:store", "partitions", "32"});
  const auto refused = OpenRedis("127.0.0.1", server.port(), executor_.get());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RedisFaultsTest, DataThatVanishedIsNotWrittenOver) {
  RedisServer server;
  OpenAll(server);
  EXPECT_TRUE(Wait(store_->Commit("people/a", {}, Put("x", "a", "1"), false)).ok());
  server.Run({"FLUSHALL"});
  server.Restart();
  WaitUntilPingIs(false);
  EXPECT_EQ(Wait(store_->Commit("people/b", {}, Put("y", "a", "1"), false)).status().code(), kAway);
  CloseAll();
  OpenAll(server);
  EXPECT_TRUE(Wait(store_->Commit("people/b", {}, Put("y", "a", "1"), false)).ok());
}

TEST_F(RedisFaultsTest, NothingListensIsUnavailable) {
  async::Executor executor(1);
  const auto none = OpenRedis("127.0.0.1", 1, &executor, {.start_limit = absl::Milliseconds(300)});
  EXPECT_EQ(none.status().code(), kAway);
}

TEST_F(RedisFaultsTest, TooManyCallsAtOnceAreRefusedAtOnce) {
  RedisServer server;
  OpenAll(server, {.deadline = absl::Seconds(2), .maximum_calls = 10, .commit_connections = 1});
  server.Suspend();
  Pending pending;
  std::atomic<int> busy = 0;
  for (int i = 0; i < 15; ++i) {
    pending.Add();
    async::Start(store_->Load(Ask("people/a")), [&](absl::StatusOr<LoadResult> result) {
      if (result.status().code() == absl::StatusCode::kResourceExhausted) ++busy;
      pending.Done();
    });
  }
  EXPECT_EQ(busy, 5);
  server.Continue();
  pending.WaitAtMost(0);
}

TEST_F(RedisFaultsTest, CommitsAndReplaysWaitForReplicas) {
  RedisServer master;
  OpenAll(master, {.replicas = 1});
  EXPECT_EQ(Wait(store_->Commit("people/a", {}, Put("x", "a", "1"), false)).status().code(), kAway);
  RedisServer replica(
      {"--replicaof", absl::StrCat("127.0.0.1 ", master.port()), "--repl-diskless-sync-delay", "0"});
  Writes writes = Put("x", "a", "1");
  absl::StatusOr<CommitResult> result;
  do {
    result = Wait(store_->Commit("people/a", {}, writes, false));
  } while (!result.ok());
  EXPECT_EQ(result->revision, (Revision{1, "x"}));
  Writes remembered = Put("y", "a", "2");
  remembered.request_key = "key";
  EXPECT_TRUE(Wait(store_->Commit("people/a", {1, "x"}, remembered, false)).ok());
  EXPECT_TRUE(Wait(store_->Load(Ask("people/a", "key"))).value().remembered);
  replica.Suspend();
  // Another commit has moved the replication on; a replay must not be told before the replica has it.
  EXPECT_EQ(Wait(store_->Commit("people/b", {}, Put("z", "a", "1"), false)).status().code(), kAway);
  EXPECT_EQ(Wait(store_->Load(Ask("people/a", "key"))).status().code(), kAway);
  EXPECT_TRUE(Wait(store_->Load(Ask("people/a"))).ok());
  replica.Continue();
}

}  // namespace
}  // namespace ipb::store
