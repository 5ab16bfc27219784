// Capital: what of it counts, and the income it is taken to give (SI 2014/2672 Parts 4-5).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// What of the capital counts, in pence.
struct CountedCapital {
  // All that counts but notional capital that diminishes.
  int64_t counted_pence = 0;
  // Notional capital that diminishes, as it was when it was valued; null where there is none.
  const v1::CapitalItem* notional = nullptr;
};

// What the means test needs to know of capital.
struct CapitalFinding {
  // Income that capital between the limits is taken to give.
  int64_t tariff_weekly_pence = 0;
  // Capital exceeds the upper limit: the full cost is paid. The tariff is then 0.
  bool above_upper_limit = false;
};

// Looks at the capital in `facts` by the disregards of the day for needs met there.
// INVALID_ARGUMENT where a kind that is disregarded for a time has no received date, land has several owners,
// two items diminish, or one that does was valued after the day; OUT_OF_RANGE where the sum does not fit.
absl::StatusOr<CountedCapital> CountCapital(const v1::FinancialFacts& facts, v1::CareSetting setting,
                                            const ChargingRates& rates, explain::Trace& trace);

// What capital of that sum comes to, without a word.
CapitalFinding FindCapital(int64_t counted_pence, const CapitalLimitsOfDay& limits);

// The same, explained.
CapitalFinding AssessCapital(int64_t counted_pence, const CapitalLimitsOfDay& limits, explain::Trace& trace);

}  // namespace ipb::allocation
