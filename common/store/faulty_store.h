// A store that goes wrong on purpose, for tests: it wraps another store and does to its calls what networks,
// disks and other callers do, in an order that a seed fixes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/async/executor.h"
#include "common/store/store.h"

namespace ipb::store {

// How often each fault happens, in calls per mille. Faults of commits never touch check_only.
struct Faults {
  uint64_t seed = 1;
  int lost_before_per_mille = 0;  // UNAVAILABLE, nothing was done; every call
  int lost_after_per_mille = 0;   // UNAVAILABLE, but it was done; every call
  int duplicated_per_mille = 0;   // a commit arrives twice
  int late_per_mille =
      0;  // a lost commit arrives after all, when others have been made; of those lost before
  int delayed_per_mille = 0;   // a call waits while others pass it
  int conflict_per_mille = 0;  // a commit is told kConflict though nobody else committed; nothing was written
  // From this commit on (the first is 1) every call is UNAVAILABLE, as if the process had crashed: commits
  // before it are whole, it and those after it were not done. 0 for never.
  int64_t crash_at_commit = 0;
  bool crash_after = false;  // the commit of the crash was done, though its caller is not told
  std::string only_space;    // of the stores of an engine only this one has faults; empty for all
};

// Wraps a store. Calls are delayed by posting them to the back of the executor's queue. The order of faults
// is the same for the same seed as long as the calls come in the same order. Close closes the wrapped store.
std::unique_ptr<Store> MakeFaulty(std::unique_ptr<Store> store, async::Executor* executor,
                                  const Faults& faults);

// Wraps an engine: each store opened has the faults, with a seed of its own made from theirs and its space.
std::unique_ptr<Engine> MakeFaulty(std::unique_ptr<Engine> engine, async::Executor* executor,
                                   const Faults& faults);

}  // namespace ipb::store
