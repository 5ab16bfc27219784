// What a person pays of the council's part of a cost (Care Act 2014 ss14, 17; SI 2014/2672). The order is
// that of the law: what may not be charged for, who pays the full cost, then the means test.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

using ChargeLines = google::protobuf::RepeatedPtrField<v1::ChargeLine>;

// Whether a line is reablement that is free on the day of the rates: for as many weeks from its first day as
// policy says, and while no first day is given. NO_RATE where policy has no row for that.
absl::StatusOr<bool> IsFreeReablement(const v1::ChargeLine& line, const ChargingRates& rates);

// The part of a weekly cost that may be charged for on the day of the rates, in pence: CARE_ACT money without
// a basis for no charge. NO_RATE where a limit of such a basis is needed and has no row; OUT_OF_RANGE where
// the sum does not fit.
absl::StatusOr<int64_t> ChargeableWeeklyPence(const ChargeLines& lines, const ChargingRates& rates,
                                              explain::Trace& trace);

// What a person with these means pays of a chargeable weekly cost: never more than the cost, and within the
// council's bounds of the day of the rates.
int64_t ChargeWeeklyPence(const v1::MeansTest& means, int64_t chargeable_weekly_pence,
                          const ChargingRates& rates, explain::Trace& trace);

// All of it together. Means are looked at only where something is chargeable. Errors: as AssessMeans and
// ChargeableWeeklyPence.
absl::StatusOr<v1::ChargeCalculation> DecideCharge(const v1::FinancialFacts& facts, const ChargeLines& lines,
                                                   const ChargingRates& rates, explain::Trace& trace);

}  // namespace ipb::allocation
