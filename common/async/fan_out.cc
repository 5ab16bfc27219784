#include "common/async/fan_out.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "common/async/completion.h"

namespace ipb::async {
namespace {

// What the lanes share: in the frame of ForEach, which outlives them.
struct Shared {
  Shared(Executor* executor, size_t count, std::function<Task<absl::Status>(size_t)> each)
      : each(std::move(each)), count(count), first_failed(count), ended(executor) {}

  // The number to do next; `count` or more where none is left to begin.
  size_t Next() {
    const std::lock_guard lock(mutex);
    return failure.ok() ? next++ : count;
  }
  void Failed(size_t number, absl::Status status) {
    const std::lock_guard lock(mutex);
    if (number >= first_failed) return;
    first_failed = number;
    failure = std::move(status);
  }

  const std::function<Task<absl::Status>(size_t)> each;
  const size_t count;
  std::mutex mutex;
  size_t next = 0;
  size_t first_failed;
  absl::Status failure;
  std::atomic<size_t> lanes{0};
  const Completion<bool> ended;
};

Task<void> Lane(Shared* shared) {
  while (true) {
    const size_t number = shared->Next();
    if (number >= shared->count) co_return;
    Task<absl::Status> doing = shared->each(number);
    absl::Status status = co_await doing;
    if (!status.ok()) shared->Failed(number, std::move(status));
  }
}

}  // namespace

Task<absl::Status> ForEach(Executor* executor, size_t count, size_t at_once,
                           std::function<Task<absl::Status>(size_t)> each) {
  Shared shared(executor, count, std::move(each));
  const size_t lanes = std::min(count, at_once);
  if (lanes == 0) co_return absl::OkStatus();
  shared.lanes = lanes;
  for (size_t i = 0; i < lanes; ++i) {
    // The copy outlives the frame that the last lane resumes.
    Start(Lane(&shared), [ended = shared.ended, state = &shared] {
      if (state->lanes.fetch_sub(1) == 1) ended.Set(true);
    });
  }
  const Completion<bool> ended = shared.ended;
  co_await ended;
  co_return std::move(shared.failure);
}

}  // namespace ipb::async
