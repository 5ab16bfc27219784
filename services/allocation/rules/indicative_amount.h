// What a table of points or bands makes of answers about needs: the amount that a person is told before
// planning. It is a starting point only (R (Savva) v RBKC [2010] EWCA Civ 1209; R (KM) v Cambridgeshire CC
// [2012] UKSC 23).
#pragma once

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/allocation_service.pb.h"

namespace ipb::allocation {

// The amount by the table and prices of the day. Needs are scored without carers; what carers are willing and
// able to do then takes points off, and the amount falls by what those were worth. Above the table's ceiling
// the needs are priced one by one and added. Each amount is rounded half a penny up.
// INVALID_ARGUMENT for answers that are not one to each question of the table, parts that are no parts, or
// needs one by one below the ceiling; FAILED_PRECONDITION for a carer who is not willing and able by the day,
// points beyond the table, or a table that contradicts itself; NO_RATE without the table or a price;
// OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<v1::IndicativeAmount> DecideIndicativeAmount(
    const v1::EvaluateIndicativeAmountRequest& request, const v1::AllocationPolicy& local,
    explain::Trace& trace);

}  // namespace ipb::allocation
