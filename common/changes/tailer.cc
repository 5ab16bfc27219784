#include "common/changes/tailer.h"

#include <utility>

#include "common/server/limits.h"

namespace ipb::changes {
namespace {

constexpr int kIdlePolls = 50;

}  // namespace

struct Tailer::State {
  State(store::Store* store, async::Timer* timer) : store(store), timer(timer) {}
  store::Store* const store;
  async::Timer* const timer;
  std::mutex mutex;
  std::vector<async::Completion<async::Wake>> waiting;
  bool polling = false;
  bool closed = false;
  int idle_polls = 0;

  void WakeAll(async::Wake wake) {
    std::vector<async::Completion<async::Wake>> woken;
    {
      const std::lock_guard lock(mutex);
      woken.swap(waiting);
    }
    for (const auto& one : woken) one.Set(wake);
  }

  // Whether to poll on: those who were just woken look at the store and come back, so a while without anyone counts as
  // nobody. The next Wait then starts a new poll.
  bool GoOn() {
    const std::lock_guard lock(mutex);
    idle_polls = waiting.empty() ? idle_polls + 1 : 0;
    polling = !closed && idle_polls < kIdlePolls;
    return polling;
  }
};

Tailer::Tailer(store::Store* store, async::Timer* timer) : state_(std::make_shared<State>(store, timer)) {}

Tailer::~Tailer() { Close(); }

async::Completion<async::Wake> Tailer::Wait(std::chrono::milliseconds longest) {
  async::Completion<async::Wake> wake = state_->timer->Sleep(longest);
  bool start = false;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->closed) {
      wake.Set(async::Wake::kClosed);
      return wake;
    }
    state_->waiting.push_back(wake);
    start = !std::exchange(state_->polling, true);
  }
  if (start) async::Start(Poll(state_), [] {});
  return wake;
}

async::Task<void> Tailer::Poll(std::shared_ptr<State> state) {
  auto asking = state->store->Now();
  absl::StatusOr<store::Cursor> now = co_await asking;
  // What was committed before this cursor may have been missed by those who looked before it: all look again.
  state->WakeAll(async::Wake::kElapsed);
  store::Cursor cursor = now.ok() ? *std::move(now) : store::Cursor();
  while (state->GoOn()) {
    async::Completion<async::Wake> sleeping =
        state->timer->Sleep(absl::ToChronoMilliseconds(server::kTailInterval));
    if (co_await sleeping == async::Wake::kClosed) co_return;
    auto tailing = state->store->Tail(cursor, server::kTailBatch);
    absl::StatusOr<store::TailResult> tail = co_await tailing;
    // A store that is away is for the watchers to find out, each in its own words.
    if (!tail.ok() || !tail->changes.empty()) state->WakeAll(async::Wake::kElapsed);
    if (tail.ok()) cursor = std::move(tail->next);
  }
}

void Tailer::Close() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
  }
  state_->WakeAll(async::Wake::kClosed);
}

}  // namespace ipb::changes
