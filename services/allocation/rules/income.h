// Income: what of it counts (SI 2014/2672 Part 3 and Sch 1).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// The weekly income in `facts` that counts where the needs are met there, in pence, without tariff income.
// Income counts unless a row of the national or the council's policy disregards its kind, wholly, in part or
// up to a sum; what several rows disregard is added together. INVALID_ARGUMENT for income passed to a partner
// by who has none; FAILED_PRECONDITION for a kind listed twice that is received once, or for kinds that are
// not paid together; OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<int64_t> AssessIncome(const v1::FinancialFacts& facts, v1::CareSetting setting,
                                     const ChargingRates& rates, explain::Trace& trace);

}  // namespace ipb::allocation
