// Runs a task from ordinary code: for tests, on a thread that is not the executor's.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "common/async/task.h"

namespace ipb::async {

// Counts calls that are under way, so that a test can wait for all of them.
class Pending {
 public:
  void Add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void Done() {
    const std::lock_guard lock(mutex_);
    --count_;
    changed_.notify_all();
  }
  void WaitAtMost(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ <= count; });
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

template <typename T>
T Wait(Task<T> task) {
  Pending pending;
  std::optional<T> result;
  pending.Add();
  Start(std::move(task), [&](T value) {
    result.emplace(std::move(value));
    pending.Done();
  });
  pending.WaitAtMost(0);
  return *std::move(result);
}

inline void Wait(Task<void> task) {
  Pending pending;
  pending.Add();
  Start(std::move(task), [&] { pending.Done(); });
  pending.WaitAtMost(0);
}

}  // namespace ipb::async
