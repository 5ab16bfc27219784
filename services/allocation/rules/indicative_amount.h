// The amount that a person is told before planning: what a table of points or bands makes of answers about
// needs, what the NHS would have spent on the same needs, or what a wheelchair is worth. It is a starting
// point only (R (Savva) v RBKC [2010] EWCA Civ 1209; R (KM) v Cambridgeshire CC [2012] UKSC 23).
#pragma once

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/allocation_service.pb.h"
#include "ipb/v1/options.pb.h"

namespace ipb::allocation {

// The amount for who asks, by what is asked for: a table, or for NHS bodies the services of nhs_equivalent.h
// or the wheelchair of wheelchair_value.h.
//
// By a table, needs are scored without carers; what carers are willing and able to do then takes points off,
// and the amount falls by what those were worth. Above the table's ceiling the needs are priced one by one
// and added. Each amount is rounded half a penny up.
//
// INVALID_ARGUMENT for none or several of the three, or what goes with a table without one; for answers that
// are not one to each question of the table, parts that are no parts, or needs one by one below the ceiling;
// FAILED_PRECONDITION for what only an NHS body can work out, for a carer who is not willing and able by the
// day, points beyond the table, or a table that contradicts itself; NO_RATE without the table or a price;
// OUT_OF_RANGE where a sum does not fit; further as those headers say.
absl::StatusOr<v1::IndicativeAmount> DecideIndicativeAmount(
    const v1::EvaluateIndicativeAmountRequest& request, v1::CallerKind asking,
    const v1::AllocationPolicy& local, explain::Trace& trace);

}  // namespace ipb::allocation
