// By which part the yearly uplift lets an organisation's money in one budget grow. What becomes of the budget
// is in uplift_verdict.h, and all budgets together in uplift_total.h.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/budget_change.pb.h"

namespace ipb::allocation {

// Which shares of the budget's ongoing components that the organisation funds grow by which part, by the rows
// of its own policy that hold on `day`; from that day on. Of rows that fit, the one that names basis and
// category counts before the one that names the basis, and that before one which names the category. Nothing
// where no share grows, or where an uplift of the organisation's from the same first day is in the budget
// already; the trace says why. A share that pays nothing needs no row. NO_RATE where one that pays has none.
absl::StatusOr<std::optional<v1::BudgetChange>> UpliftOf(const v1::Budget& budget,
                                                         absl::string_view organisation,
                                                         const v1::AllocationPolicy& local,
                                                         absl::CivilDay day, explain::Trace& trace);

}  // namespace ipb::allocation
