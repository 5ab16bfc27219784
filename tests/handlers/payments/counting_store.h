// Counts what one service asks of its store, and can make one commit fail.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "common/store/store.h"

namespace ipb::payments {

struct StoreCounts {
  std::atomic<int> loads{0};
  std::atomic<int> lists{0};
  std::atomic<int> commits{0};
  std::atomic<int> trims{0};
  std::atomic<int> puts{0};           // records of the last commit that answers a request
  std::atomic<int64_t> bytes{0};      // all that this commit writes, without names
  std::atomic<int> until_failure{0};  // the commit, counted from now, that ends as UNAVAILABLE; 0 for none
  std::atomic<bool> fails_applied{false};  // that commit was done, only its answer is lost
  void Reset() { loads = lists = commits = puts = 0; }
};

// Wraps an engine so that what the service `space` does is counted.
std::function<std::unique_ptr<store::Engine>(std::unique_ptr<store::Engine>)> CountingEngine(
    std::string space, std::shared_ptr<StoreCounts> counts);

}  // namespace ipb::payments
