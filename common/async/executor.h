// Where coroutines run: a fixed set of threads and a queue of work.
#pragma once

#include <condition_variable>
#include <coroutine>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace ipb::async {

// Thread-safe. Work is begun in the order it was posted, on any of the threads; it must be short and wait for
// nothing, as another thread is woken only where more waits than those at work will soon have done.
// Destroying it runs what is queued and what that posts in turn, then joins; work posted after that, by
// whoever outlives it for a moment, is run on the posting thread, so that a late completion is never lost.
class Executor {
 public:
  explicit Executor(int threads);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  void Post(absl::AnyInvocable<void()> work);
  // Posts many at once: one lock for all.
  void PostAll(std::vector<absl::AnyInvocable<void()>> work);

  // Awaiting it moves the coroutine to this executor's threads, behind what is queued already.
  auto Yield() {
    struct Awaiter {
      Executor* executor;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> frame) const {
        executor->Post([frame] { frame.resume(); });
      }
      void await_resume() const noexcept {}
    };
    return Awaiter{this};
  }

 private:
  // What a thread at work is trusted to take in the time that it costs to wake another.
  static constexpr size_t kPiecesAThread = 4;

  void Run();
  bool WantsAnother() const;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<absl::AnyInvocable<void()>> queue_;
  int running_ = 0;        // threads that are at work
  bool stopping_ = false;  // the threads may end when there is nothing left
  bool stopped_ = false;   // they end
  std::vector<std::thread> threads_;
};

}  // namespace ipb::async
