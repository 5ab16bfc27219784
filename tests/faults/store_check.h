// Holds a whole store to what was promised of it: for each subject a dense, chained history; for each ledger
// transactions that sum to zero and balances that they derive.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/store/store.h"

namespace ipb::faults {

struct Findings {
  int64_t subjects = 0;
  int64_t commits = 0;
  int64_t transactions = 0;
  int64_t balances = 0;
  int64_t work_left = 0;               // work items that are not finished
  std::set<std::string> people;
  std::vector<std::string> complaints;  // empty where all is as promised
};

// Reads all of a service's space. Call it from a thread that is not the executor's.
void CheckSpace(store::Store& store, const std::string& space, Findings& findings);

// Complains of each work item of a service that was due by an instant and is still there. The suite may be
// running.
void CheckWork(store::Store& store, absl::Time due_by, Findings& findings);

}  // namespace ipb::faults
