#include "common/async/fan_out.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/async/completion.h"
#include "gtest/gtest.h"
#include "tests/async/wait.h"

namespace ipb::async {
namespace {

// What is under way, and how often each number was done.
class Doing {
 public:
  explicit Doing(size_t count) : done_(count) {}

  Task<absl::Status> Do(size_t number, Executor* executor) {
    const int under_way = ++under_way_;
    int most = most_;
    while (under_way > most && !most_.compare_exchange_weak(most, under_way)) {
    }
    for (int i = 0; i < 3; ++i) co_await executor->Yield();
    ++done_[number];
    --under_way_;
    co_return absl::OkStatus();
  }
  bool AllOnce() const {
    return std::all_of(done_.begin(), done_.end(), [](const auto& times) { return times == 1; });
  }
  int most() const { return most_; }

 private:
  std::vector<std::atomic<int>> done_;
  std::atomic<int> under_way_{0}, most_{0};
};

TEST(FanOutTest, DoesEachOnceAndNoMoreAtOnceThanAsked) {
  Executor executor(4);
  for (const size_t at_once : {1u, 3u, 16u, 5000u}) {
    Doing doing(1000);
    const absl::Status status =
        Wait(ForEach(&executor, 1000, at_once, [&](size_t number) { return doing.Do(number, &executor); }));
    EXPECT_TRUE(status.ok());
    EXPECT_TRUE(doing.AllOnce());
    EXPECT_LE(doing.most(), static_cast<int>(at_once));
    EXPECT_GE(doing.most(), at_once == 1 ? 1 : 2);
  }
}

Task<absl::Status> Ready(absl::Status status) { co_return status; }

TEST(FanOutTest, NothingToDoIsDone) {
  Executor executor(1);
  bool called = false;
  EXPECT_TRUE(Wait(ForEach(&executor, 0, 8, [&](size_t) {
                called = true;
                return Ready(absl::OkStatus());
              })).ok());
  EXPECT_FALSE(called);
}

TEST(FanOutTest, WhatIsReadyAtOnceNeedsNoThread) {
  Executor executor(1);
  int done = 0;
  EXPECT_TRUE(Wait(ForEach(&executor, 100000, 4, [&](size_t) {
                ++done;
                return Ready(absl::OkStatus());
              })).ok());
  EXPECT_EQ(done, 100000);
}

TEST(FanOutTest, BeginsNothingAfterAFailureAndTellsIt) {
  Executor executor(1);
  int begun = 0;
  const absl::Status status = Wait(ForEach(&executor, 1000, 1, [&](size_t number) {
    ++begun;
    return Ready(number < 10 ? absl::OkStatus() : absl::AbortedError(absl::StrCat(number)));
  }));
  EXPECT_EQ(status.message(), "10");
  EXPECT_EQ(begun, 11);
}

// Fails late where the number is low.
Task<absl::Status> FailsAfter(Executor* executor, int turns, std::string what) {
  for (int i = 0; i < turns; ++i) co_await executor->Yield();
  co_return absl::AbortedError(what);
}

TEST(FanOutTest, TellsTheFailureOfTheLowestNumberAndWaitsForAll) {
  Executor executor(1);
  const absl::Status status = Wait(ForEach(&executor, 3, 3, [&](size_t number) {
    return FailsAfter(&executor, static_cast<int>(10 - 3 * number), absl::StrCat(number));
  }));
  EXPECT_EQ(status.message(), "0");
}

}  // namespace
}  // namespace ipb::async
