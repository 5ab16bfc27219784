// Applying one change to the components of a budget.
#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/budget_change.pb.h"

namespace ipb::allocation {

// Sets what the change says of the components: prices first, then what grows, then who funds. What a
// component or a share of it that is not there any more would have had is passed over. A part that grows is
// rounded half a penny up; where all shares of a component grow by the same part they stay as they are, else
// they become the exact fractions of the new amounts. Errors: as SplitBetweenFunders; OUT_OF_RANGE where an
// amount does not fit.
absl::Status ApplyChange(const v1::BudgetChange& change, absl::Span<v1::BudgetComponent> components,
                         explain::Trace& trace);

}  // namespace ipb::allocation
