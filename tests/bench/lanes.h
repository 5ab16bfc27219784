// Runs many tasks, a fixed number of them at a time.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/async/task.h"
#include "tests/async/wait.h"

namespace ipb::bench {

template <typename MakeTask>
async::Task<void> RunLane(std::atomic<int64_t>& next, int64_t count, int lane, const MakeTask& make) {
  for (int64_t index = next++; index < count; index = next++) {
    async::Task<void> task = make(index, lane);
    co_await task;
  }
}

// Awaits make(index, lane) for each index below `count`, one at a time in each lane; returns when all have
// ended. Not to be called on an executor's thread.
template <typename MakeTask>
void RunLanes(int lanes, int64_t count, const MakeTask& make) {
  std::atomic<int64_t> next{0};
  async::Pending pending;
  for (int lane = 0; lane < lanes; ++lane) {
    pending.Add();
    async::Start(RunLane(next, count, lane, make), [&pending] { pending.Done(); });
  }
  pending.WaitAtMost(0);
}

}  // namespace ipb::bench
