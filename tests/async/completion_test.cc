#include "common/async/completion.h"

#include <string>
#include <thread>
#include <vector>

#include "common/async/task.h"
#include "gtest/gtest.h"
#include "tests/async/wait.h"

namespace ipb::async {
namespace {

Task<std::string> Await(Completion<std::string> completion) { co_return co_await completion; }

TEST(CompletionTest, SetBeforeItIsAwaited) {
  Executor executor(1);
  Completion<std::string> completion(&executor);
  EXPECT_TRUE(completion.Set("early"));
  EXPECT_EQ(Wait(Await(completion)), "early");
}

TEST(CompletionTest, SetWhileItIsAwaitedResumesOnTheExecutor) {
  Executor executor(1);
  Completion<std::string> completion(&executor);
  Pending pending;
  std::string result;
  std::thread::id resumed_on;
  pending.Add();
  Start(Await(completion), [&](std::string value) {
    result = std::move(value);
    resumed_on = std::this_thread::get_id();
    pending.Done();
  });
  EXPECT_EQ(pending.count(), 1);
  EXPECT_TRUE(completion.Set("late"));
  pending.WaitAtMost(0);
  EXPECT_EQ(result, "late");
  EXPECT_NE(resumed_on, std::this_thread::get_id());
}

TEST(CompletionTest, OnlyTheFirstResultCounts) {
  Executor executor(2);
  Completion<std::string> completion(&executor);
  EXPECT_TRUE(completion.Set("answer"));
  EXPECT_FALSE(completion.Set("time-out"));
  EXPECT_EQ(completion.SetLater("another time-out"), nullptr);
  EXPECT_EQ(Wait(Await(completion)), "answer");
  EXPECT_FALSE(completion.Set("much later"));
}

TEST(CompletionTest, ALateResultFindsTheFrameGone) {
  Executor executor(1);
  Completion<std::string> kept(&executor);
  kept.Set("answer");
  EXPECT_EQ(Wait(Await(kept)), "answer");
  EXPECT_EQ(kept.SetLater("time-out"), nullptr);
  EXPECT_FALSE(kept.Set("time-out"));
}

TEST(CompletionTest, SetLaterLeavesTheResumingToTheCaller) {
  Executor executor(2);
  constexpr int kCount = 1000;
  std::vector<Completion<std::string>> completions;
  Pending pending;
  for (int i = 0; i < kCount; ++i) {
    completions.emplace_back(&executor);
    pending.Add();
    Start(Await(completions.back()), [&](std::string) { pending.Done(); });
  }
  std::vector<absl::AnyInvocable<void()>> resumptions;
  for (const auto& completion : completions) {
    resumptions.push_back(completion.SetLater("value"));
    EXPECT_NE(resumptions.back(), nullptr);
  }
  EXPECT_EQ(pending.count(), kCount);
  executor.PostAll(std::move(resumptions));
  pending.WaitAtMost(0);
}

// Each round races one await against four results from four threads.
Task<int64_t> Race(Executor& executor, std::vector<Executor*> setters, int rounds) {
  int64_t sum = 0;
  for (int i = 0; i < rounds; ++i) {
    Completion<int> completion(&executor);
    for (Executor* setter : setters) setter->Post([completion] { completion.Set(1); });
    sum += co_await completion;
  }
  co_return sum;
}

TEST(CompletionTest, ResultsRaceWithTheAwaitFromManyThreads) {
  Executor executor(2), one(1), two(1), three(1), four(1);
  Pending pending;
  std::atomic<int64_t> sum{0};
  for (int i = 0; i < 8; ++i) {
    pending.Add();
    Start(Race(executor, {&one, &two, &three, &four}, 2000), [&](int64_t value) {
      sum += value;
      pending.Done();
    });
  }
  pending.WaitAtMost(0);
  EXPECT_EQ(sum, 8 * 2000);
}

}  // namespace
}  // namespace ipb::async
