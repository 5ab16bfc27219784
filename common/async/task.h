// Task<T>: a coroutine that starts when it is awaited and gives one T.
//
// A task that finishes without waiting hands its result straight back to the awaiting loop, so that a loop
// over any number of ready tasks uses no stack. A task that waits is resumed on whichever thread completes
// the wait; the waits of this project resume on an executor (completion.h). A Task must be awaited at most
// once, and a Task that has started must not be destroyed before it has finished: cancellation is a flag that
// the code looks at, never destruction.
#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace ipb::async {

namespace internal {

// Who reached the hand-over first: the awaiting side that goes to sleep, or the task that finishes.
class HandOver {
 public:
  // Called by the awaiting side after the task gave up control. True: sleep, the task will resume it.
  bool Sleep() { return !second_.exchange(true, std::memory_order_acq_rel); }
  // Called by the finished task. True: the awaiting side sleeps and must be resumed.
  bool Finish() { return second_.exchange(true, std::memory_order_acq_rel); }

 private:
  std::atomic<bool> second_{false};
};

struct PromiseBase {
  HandOver hand_over;
  std::coroutine_handle<> awaiting;

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      // Once Finish() has returned false the awaiting side may free this frame: nothing of it is touched
      // after.
      const std::coroutine_handle<> awaiting = self.promise().awaiting;
      if (self.promise().hand_over.Finish()) awaiting.resume();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  // Exceptions are not part of this project's error handling; one that escapes is a defect.
  void unhandled_exception() const noexcept { std::terminate(); }
};

}  // namespace internal

template <typename T>
class [[nodiscard]] Task {
 public:
  struct promise_type : internal::PromiseBase {
    std::optional<T> value;
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    template <typename U>
    void return_value(U&& result) {
      value.emplace(std::forward<U>(result));
    }
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  struct Awaiter {
    std::coroutine_handle<promise_type> frame;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) const {
      frame.promise().awaiting = awaiting;
      frame.resume();
      return frame.promise().hand_over.Sleep();
    }
    T await_resume() const { return *std::move(frame.promise().value); }
  };
  Awaiter operator co_await() && noexcept { return Awaiter{frame_}; }
  Awaiter operator co_await() & noexcept { return Awaiter{frame_}; }

 private:
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

template <>
class [[nodiscard]] Task<void> {
 public:
  struct promise_type : internal::PromiseBase {
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    void return_void() const noexcept {}
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  struct Awaiter {
    std::coroutine_handle<promise_type> frame;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) const {
      frame.promise().awaiting = awaiting;
      frame.resume();
      return frame.promise().hand_over.Sleep();
    }
    void await_resume() const noexcept {}
  };
  Awaiter operator co_await() && noexcept { return Awaiter{frame_}; }
  Awaiter operator co_await() & noexcept { return Awaiter{frame_}; }

 private:
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

namespace internal {

// A coroutine that owns itself: it starts at once and frees its frame when it ends.
struct Detached {
  struct promise_type {
    Detached get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
};

template <typename T, typename Done>
Detached RunDetached(Task<T> task, Done done) {
  done(co_await task);
}

template <typename Done>
Detached RunDetached(Task<void> task, Done done) {
  co_await task;
  done();
}

}  // namespace internal

// Starts a task on the calling thread and calls `done` with its result when it finishes, on whichever thread
// that is.
template <typename T, typename Done>
void Start(Task<T> task, Done done) {
  internal::RunDetached(std::move(task), std::move(done));
}

}  // namespace ipb::async
