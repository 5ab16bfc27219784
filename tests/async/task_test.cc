#include "common/async/task.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "common/async/executor.h"
#include "gtest/gtest.h"
#include "tests/async/wait.h"

namespace ipb::async {
namespace {

Task<int> Ready(int value) { co_return value; }

Task<int64_t> AwaitReady(int64_t count) {
  int64_t sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    Task<int> task = Ready(1);
    sum += co_await task;
  }
  co_return sum;
}

// Where the stack is when the task runs.
[[gnu::noinline]] uintptr_t StackNow() { return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)); }

Task<uintptr_t> Depth() { co_return StackNow(); }

TEST(TaskTest, TenMillionReadyTasksAwaitedInALoop) { EXPECT_EQ(Wait(AwaitReady(10'000'000)), 10'000'000); }

Task<uintptr_t> StackGrowth(int count) {
  Task<uintptr_t> first = Depth();
  const uintptr_t before = co_await first;
  uintptr_t largest = 0;
  for (int i = 0; i < count; ++i) {
    Task<uintptr_t> task = Depth();
    const uintptr_t depth = co_await task;
    largest = std::max(largest, depth < before ? before - depth : depth - before);
  }
  co_return largest;
}

TEST(TaskTest, ALoopOverReadyTasksUsesNoStack) {
  EXPECT_EQ(Wait(StackGrowth(2)), Wait(StackGrowth(100'000)));
}

Task<void> Chain(int depth, int& count) {
  if (depth > 0) {
    Task<void> next = Chain(depth - 1, count);
    co_await next;
  }
  ++count;
}

TEST(TaskTest, TasksNest) {
  int count = 0;
  Wait(Chain(100, count));
  EXPECT_EQ(count, 101);
}

Task<std::unique_ptr<std::string>> MoveOnly(std::unique_ptr<std::string> value) { co_return value; }

TEST(TaskTest, ResultsMayBeMoveOnly) {
  const std::unique_ptr<std::string> result = Wait(MoveOnly(std::make_unique<std::string>("held")));
  EXPECT_EQ(*result, "held");
}

Task<int> Suspended(Executor& executor, int value) {
  co_await executor.Yield();
  co_return value;
}

Task<int64_t> AwaitSuspended(Executor& executor, int count) {
  int64_t sum = 0;
  for (int i = 0; i < count; ++i) {
    Task<int> task = Suspended(executor, 1);
    sum += co_await task;
  }
  co_return sum;
}

TEST(TaskTest, ManyLoopsOverTasksThatChangeThreads) {
  Executor executor(4);
  Pending pending;
  std::atomic<int64_t> sum{0};
  for (int i = 0; i < 16; ++i) {
    pending.Add();
    Start(AwaitSuspended(executor, 5000), [&](int64_t value) {
      sum += value;
      pending.Done();
    });
  }
  pending.WaitAtMost(0);
  EXPECT_EQ(sum, 16 * 5000);
}

TEST(TaskTest, ATaskNeverAwaitedNeverRuns) {
  bool ran = false;
  const auto make = [](bool& flag) -> Task<void> {
    flag = true;
    co_return;
  };
  { Task<void> task = make(ran); }
  EXPECT_FALSE(ran);
}

// Tells when it goes away.
struct Guard {
  explicit Guard(std::atomic<int>* gone) : gone(gone) {}
  ~Guard() { ++*gone; }
  std::atomic<int>* gone;
};

Task<int> Holding(Executor& executor, std::shared_ptr<Guard> guard) {
  co_await executor.Yield();
  co_return guard ? 1 : 0;
}

TEST(TaskTest, StartFreesFramesWhetherTheyWaitOrNot) {
  std::atomic<int> gone{0};
  {
    Executor executor(2);
    for (int i = 0; i < 1000; ++i) Start(Holding(executor, std::make_shared<Guard>(&gone)), [](int) {});
    for (int i = 0; i < 1000; ++i) {
      Start(MoveOnly(nullptr), [guard = std::make_shared<Guard>(&gone)](std::unique_ptr<std::string>) {});
    }
  }
  EXPECT_EQ(gone, 2000);
}

}  // namespace
}  // namespace ipb::async
