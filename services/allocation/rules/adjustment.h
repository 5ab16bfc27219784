// What funders and the person owe more, or are owed, for days that passed before a budget came to be what it
// is.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/budget_change.pb.h"

namespace ipb::allocation {

// For which days, and why.
struct AdjustmentBasis {
  // The day from which accrual counts: the course's first day, so that times cut anywhere add up.
  absl::CivilDay start;
  // The last day that has passed.
  absl::CivilDay last;
  // Why.
  v1::AdjustmentReason reason = v1::ADJUSTMENT_REASON_LATE_FACT;
  // The day from which what is owed now counts, where that is another course.
  std::optional<absl::CivilDay> start_now = {};
  // The person is refunded, and asked for nothing more.
  bool refunds_only = false;
  // Days before this one are the overrun of a decision that came late; none where absent.
  std::optional<absl::CivilDay> overrun_until = {};
};

// Adds to `made` the differences between what is owed by it for its days up to basis.last and what was owed
// by the budgets `before`, funder by funder and for the person; and what they come to between bodies. Over
// the funders of a component whose cost stays the same they sum to nothing. Errors: OUT_OF_RANGE where a sum
// does not fit.
absl::Status Adjust(absl::Span<const v1::Budget> before, const AdjustmentBasis& basis, v1::Budget& made,
                    explain::Trace& trace);

// The same for a budget whose funding ends on a day: for the days after it nothing is owed any more.
absl::Status AdjustEnded(absl::Span<const v1::Budget> before, const AdjustmentBasis& basis,
                         absl::CivilDay last_day, v1::Budget& ended, explain::Trace& trace);

// What adjustments come to between bodies: who owes more pays who is owed, in the order in which they first
// appear. None where they do not sum to nothing, as then the cost itself has changed. OUT_OF_RANGE where a
// sum does not fit.
absl::StatusOr<google::protobuf::RepeatedPtrField<v1::Recharge>> RechargesOf(
    absl::Span<const v1::FundingAdjustment> adjustments);

}  // namespace ipb::allocation
