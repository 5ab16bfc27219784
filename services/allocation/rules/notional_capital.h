// Notional capital that diminishes (SI 2014/2672 reg 23).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"
#include "services/allocation/rules/weekly_means.h"

namespace ipb::allocation {

// What is left of the notional capital on the day of the rates, in pence: for each whole week since it was
// valued, less what the person pays in that week with it and would not without it. `other_pence` is the
// capital that counts beside it. OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<int64_t> LeftOfNotional(const v1::CapitalItem& notional, int64_t other_pence,
                                       const WeeklyMeans& weekly, const ChargingRates& rates,
                                       explain::Trace& trace);

}  // namespace ipb::allocation
