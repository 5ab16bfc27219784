// The price points of an allocation table, fitted to what the support of a sample of people costs: the
// percentile method of a resource allocation system. The table is a starting point only (R (Savva) v RBKC
// [2010] EWCA Civ 1209; R (KM) v Cambridgeshire CC [2012] UKSC 23).
#pragma once

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_service.pb.h"

namespace ipb::allocation {

// The price points and what they were fitted to; the explanation is left to the caller. People are grouped by
// points. For a percentile, the price of a group is the nearest rank of its costs: the least cost that at
// least so many hundredths of its people do not exceed. Where a group with more points would be worth less,
// neighbouring groups are pooled and share the average of their prices, weighted by their people, until
// prices never descend; the averages are exact fractions, and only the final prices are rounded, down to
// whole pence. The percentile is the highest by which the prices of all people fit in the budget less its
// contingency, which is rounded down. One price point for each group or pool, from the fewest points in it
// on. The trace gets a step for the whole and one for each of the first 50 price points. Takes O(n log n) for
// a sample of n. INVALID_ARGUMENT for an empty sample and for a contingency that is not less than the whole;
// FAILED_PRECONDITION where the first percentile does not fit, with the least budget that would do, or where
// there would be more price points than a table holds; OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<v1::FitAllocationTableResponse> FitTable(const v1::FitAllocationTableRequest& request,
                                                        explain::Trace& trace);

}  // namespace ipb::allocation
