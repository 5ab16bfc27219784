// What points are worth by a table.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/money/pence.h"
#include "ipb/v1/allocation_method.pb.h"

namespace ipb::allocation {

// FAILED_PRECONDITION where the table cannot be used as it is: without what its method needs, with a fit
// where the method is not that of percentiles, or with points or prices out of order, so that more need could
// be worth less.
absl::Status CheckTable(const v1::AllocationTable& table);

// The price of exact points, in pence a week; 0 below the first. FAILED_PRECONDITION above the last price
// point of a table that draws lines between them. The table must be one that CheckTable lets pass.
absl::StatusOr<int64_t> PriceOf(const v1::AllocationTable& table, money::Fraction points);

}  // namespace ipb::allocation
