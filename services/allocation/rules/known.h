// Which budgets hold on a day, and how they were known to stand at an instant.
#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ipb/v1/budget.pb.h"

namespace ipb::allocation {

// The budget as it was known to stand at the instant, by its log of states; nullopt where it was not known
// yet. What was recorded before states were logged counts as it stands from when it was recorded.
std::optional<v1::Budget> AsKnown(v1::Budget budget, absl::Time known_at);

// Whether the budget holds on the day: as an estimate that nothing replaced, or as what was agreed, although
// another followed it later.
bool HoldsOn(const v1::Budget& budget, absl::CivilDay day);

}  // namespace ipb::allocation
