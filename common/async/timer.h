// Waiting until an instant of the steady clock.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "common/async/completion.h"

namespace ipb::async {

// What ended a wait.
enum class Wake { kElapsed, kClosed };

// One thread that wakes sleepers; they resume on the executor. Thread-safe. Destroying it wakes everyone as kClosed.
class Timer {
 public:
  explicit Timer(Executor* executor);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Await the result. After Close() it is kClosed at once.
  Completion<Wake> Sleep(std::chrono::milliseconds duration);
  // Wakes everyone as kClosed, now and from now on.
  void Close();

 private:
  void Run();

  Executor* const executor_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<std::chrono::steady_clock::time_point, Completion<Wake>> sleepers_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace ipb::async
