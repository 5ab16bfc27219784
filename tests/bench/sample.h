// What the suite wrote when it recorded a spending, as the store shows it: the measure for the floor, which
// writes the same without knowing why.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/store/store.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/spending.pb.h"

namespace ipb::bench {

// A record of the last commit to a subject. A new one at each spending has a number in its name.
struct SampleRecord {
  std::string before;  // "spendings/", or the whole name of a record that is only overwritten
  std::string after;   // "/explanation"; meaningless in an overwritten one
  bool numbered = false;
  std::string data;

  // The name that it has at the spending `number`, shaped as the suite's names are.
  std::string Name(int64_t number) const;
};

struct Sample {
  std::vector<SampleRecord> records;
  std::string head;
  std::string history;
  v1::Spending spending;  // the reply
  v1::Balance balance;    // the reply of GetBalance
};

// Reads the subject of a person whose last commit recorded the first spending. FAILED_PRECONDITION for any
// other. Entries of indexes cannot be seen this way: RecordSpending has none.
async::Task<absl::StatusOr<Sample>> TakeSample(store::Store& payments, std::string person);

}  // namespace ipb::bench
