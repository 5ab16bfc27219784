// Awaiting something that calls back: the store's loop, a gRPC call, a timer.
#pragma once

#include <atomic>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include "common/async/executor.h"

namespace ipb::async {

// The receiving end of one result. Copies share it. The first Set wins; later ones are dropped, so a time-out
// and a late answer may race. Thread-safe. It owns nothing of the coroutine's frame: the frame may not go
// away while it waits, and whoever holds a Completion may outlive it.
template <typename T>
class Completion {
 public:
  explicit Completion(Executor* executor) : state_(std::make_shared<State>(executor)) {}

  // Gives the result; the waiting coroutine resumes on the executor. True if it was the first.
  bool Set(T value) const {
    if (!Store(std::move(value))) return false;
    if (state_->stage.exchange(kDone, std::memory_order_acq_rel) == kWaiting) {
      state_->executor->Post([state = state_] { state->frame.resume(); });
    }
    return true;
  }

  // The same, but leaves the resuming to the caller, who posts many at once: the work to post, or null if
  // nobody waits yet or a result was there before.
  absl::AnyInvocable<void()> SetLater(T value) const {
    if (!Store(std::move(value))) return nullptr;
    if (state_->stage.exchange(kDone, std::memory_order_acq_rel) != kWaiting) return nullptr;
    return [state = state_] { state->frame.resume(); };
  }

  Executor* executor() const { return state_->executor; }

  // Awaiting it gives the result. Await at most once.
  auto operator co_await() const noexcept {
    struct Awaiter {
      std::shared_ptr<State> state;
      bool await_ready() const noexcept { return state->stage.load(std::memory_order_acquire) == kDone; }
      bool await_suspend(std::coroutine_handle<> frame) const {
        state->frame = frame;
        int idle = kIdle;
        return state->stage.compare_exchange_strong(idle, kWaiting, std::memory_order_acq_rel);
      }
      T await_resume() const { return *std::move(state->value); }
    };
    return Awaiter{state_};
  }

 private:
  static constexpr int kIdle = 0, kWaiting = 1, kDone = 2;

  struct State {
    explicit State(Executor* executor) : executor(executor) {}
    Executor* const executor;
    std::atomic<bool> claimed{false};
    std::atomic<int> stage{kIdle};
    std::coroutine_handle<> frame;
    std::optional<T> value;
  };

  bool Store(T value) const {
    if (state_->claimed.exchange(true, std::memory_order_acq_rel)) return false;
    state_->value.emplace(std::move(value));
    return true;
  }

  std::shared_ptr<State> state_;
};

}  // namespace ipb::async
