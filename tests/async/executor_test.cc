#include "common/async/executor.h"

#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include "common/async/task.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/async/wait.h"

namespace ipb::async {
namespace {

TEST(ExecutorTest, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  {
    Executor executor(1);
    for (int i = 0; i < 50; ++i) executor.Post([&order, i] { order.push_back(i); });
    std::vector<absl::AnyInvocable<void()>> more;
    for (int i = 50; i < 100; ++i) more.push_back([&order, i] { order.push_back(i); });
    executor.PostAll(std::move(more));
  }
  std::vector<int> expected(100);
  for (int i = 0; i < 100; ++i) expected[i] = i;
  EXPECT_EQ(order, expected);
}

TEST(ExecutorTest, AnotherThreadHelpsWhereMuchWaits) {
  constexpr int kPieces = 20;
  Executor executor(2);
  std::promise<void> all_ran;
  std::atomic<int> ran{0};
  Pending pending;
  pending.Add();
  executor.Post([&] {
    all_ran.get_future().wait();
    pending.Done();
  });
  for (int i = 0; i < kPieces; ++i) {
    executor.Post([&] {
      // The last ones may wait for the thread that waits.
      if (++ran == kPieces / 2) all_ran.set_value();
    });
  }
  pending.WaitAtMost(0);
}

TEST(ExecutorTest, DestroyingItRunsWhatIsQueued) {
  std::atomic<int> ran{0};
  {
    Executor executor(3);
    for (int i = 0; i < 10'000; ++i) executor.Post([&] { ++ran; });
  }
  EXPECT_EQ(ran, 10'000);
}

TEST(ExecutorTest, WorkPostedWhileItStopsIsRun) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> ran{0};
    {
      Executor executor(2);
      executor.Post([&] {
        for (int i = 0; i < 10; ++i) executor.Post([&] { ++ran; });
        std::vector<absl::AnyInvocable<void()>> more;
        for (int i = 0; i < 10; ++i) more.push_back([&] { ++ran; });
        executor.PostAll(std::move(more));
      });
    }
    EXPECT_EQ(ran, 20);
  }
}

Task<void> YieldOften(Executor& executor, int count) {
  for (int i = 0; i < count; ++i) co_await executor.Yield();
}

TEST(ExecutorTest, ALoopThatYieldsWhileItStopsUsesNoStack) {
  Pending pending;
  pending.Add();
  {
    Executor executor(2);
    Start(YieldOften(executor, 500'000), [&] { pending.Done(); });
  }
  EXPECT_EQ(pending.count(), 0);
}

TEST(ExecutorTest, PostingNothingIsNothing) {
  Executor executor(1);
  executor.PostAll({});
}

TEST(ExecutorTest, ManyThreadsPostAtOnce) {
  Executor executor(4);
  Pending pending;
  std::atomic<int> ran{0};
  std::vector<std::thread> posters;
  for (int i = 0; i < 40'000; ++i) pending.Add();
  for (int t = 0; t < 4; ++t) {
    posters.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) {
        executor.Post([&] {
          ++ran;
          pending.Done();
        });
      }
    });
  }
  for (std::thread& poster : posters) poster.join();
  pending.WaitAtMost(0);
  EXPECT_EQ(ran, 40'000);
}

TEST(ExecutorTest, WhatTheWorkHoldsIsFreedBeforeTheNextIsRun) {
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> weak = held;
  std::atomic<bool> gone{false};
  {
    Executor executor(1);
    executor.Post([held = std::move(held)] {});
    executor.Post([&] { gone = weak.expired(); });
  }
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace ipb::async
