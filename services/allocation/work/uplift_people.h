// People as an uplift takes them: many at a time, each loaded, decided and committed by itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/uplift.pb.h"

namespace ipb::allocation {

// People of one uplift that are under way at once in a process: enough for a store that syncs every write to
// sync many in one go, and few beside the calls that a process answers.
inline constexpr size_t kPeopleAtOnce = 64;
// How often a commit that lost a race to others is decided again.
inline constexpr int kMostRaces = 5;

// The verdicts on the budgets of each person, in the order of the people; writes nothing.
async::Task<absl::StatusOr<std::vector<v1::UpliftVerdict>>> PreviewPeople(call::Call& call,
                                                                          const v1::Uplift& uplift,
                                                                          std::vector<std::string> people);

// Posts the verdicts that are TO_UPLIFT: writes each budget with its person, or drops it. Gives all verdicts
// as they are then, in their order. What was written before counts as done.
async::Task<absl::StatusOr<std::vector<v1::UpliftVerdict>>> PostVerdicts(
    call::Call& call, const v1::Uplift& uplift, std::vector<v1::UpliftVerdict> verdicts);

}  // namespace ipb::allocation
