// Whether the store holds what was acknowledged: nothing less and nothing more.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/store/store.h"
#include "tests/bench/population.h"

namespace ipb::bench {

// Follows the change streams of one space beside a count of acknowledged writes.
class Tally {
 public:
  Tally(store::Engine& engine, const std::string& space, const Population& population);

  // Changes before now are none of ours.
  absl::Status Begin();
  // A write for a person was acknowledged. Thread-safe.
  void Acknowledged(int64_t index) {
    acknowledged_[index % population_.size()].fetch_add(1, std::memory_order_relaxed);
  }
  // Reads the changes since Begin or the last Check. DATA_LOSS unless each person has exactly as many of them
  // as were acknowledged.
  absl::Status Check();

  // All that were checked, and found in the store.
  int64_t checked() const { return checked_; }

 private:
  absl::Status ReadChanges(std::vector<int64_t>& changes);

  const std::string space_;
  const Population& population_;
  const std::unique_ptr<store::Store> store_;
  store::Cursor cursor_;
  std::vector<std::atomic<int64_t>> acknowledged_;
  int64_t checked_ = 0;
};

}  // namespace ipb::bench
