// An uplift's own subject: the uplift, its work, and its verdicts, a record for each slice of people.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "common/work/owned.h"
#include "ipb/v1/uplift.pb.h"

namespace ipb::allocation {

// Verdicts of one record; those of a person are in one of them.
struct VerdictChunk {
  std::string record;  // "verdicts/..."
  v1::ListUpliftVerdictsResponse verdicts;
};

// The record for the verdicts of a slice that begins with this person. Records are in the order of the people
// in the index of budgets.
std::string VerdictRecordOf(absl::string_view first_person);

// The first record of verdicts after `after`; without a name where there is none.
async::Task<absl::StatusOr<VerdictChunk>> NextVerdicts(call::Call& call, std::string uplift,
                                                       std::string after);

// Shows every verdict that is written to `see`, in order.
async::Task<absl::Status> ForEachVerdict(call::Call& call, std::string uplift,
                                         std::function<void(const v1::UpliftVerdict&)> see);

// An uplift with its subject.
using LoadedUplift = work::Owned<v1::Uplift>;

}  // namespace ipb::allocation
