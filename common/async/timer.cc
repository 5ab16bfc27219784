#include "common/async/timer.h"

#include <utility>

namespace ipb::async {

Timer::Timer(Executor* executor) : executor_(executor), thread_([this] { Run(); }) {}

Timer::~Timer() {
  Close();
  thread_.join();
}

Completion<Wake> Timer::Sleep(std::chrono::milliseconds duration) {
  Completion<Wake> sleeper(executor_);
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      sleepers_.emplace(std::chrono::steady_clock::now() + duration, sleeper);
      wake_.notify_one();
      return sleeper;
    }
  }
  sleeper.Set(Wake::kClosed);
  return sleeper;
}

void Timer::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_.notify_one();
}

void Timer::Run() {
  std::unique_lock lock(mutex_);
  while (!closed_) {
    if (sleepers_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const auto first = sleepers_.begin();
    if (first->first > std::chrono::steady_clock::now()) {
      const auto until = first->first;
      wake_.wait_until(lock, until);
      continue;
    }
    const Completion<Wake> sleeper = first->second;
    sleepers_.erase(first);
    lock.unlock();
    sleeper.Set(Wake::kElapsed);
    lock.lock();
  }
  for (const auto& [when, sleeper] : sleepers_) sleeper.Set(Wake::kClosed);
  sleepers_.clear();
}

}  // namespace ipb::async
