// What the person may keep beyond the guarantee: housing costs and disability-related expenses (SI 2014/2672
// Sch 1).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// Housing costs allowed, in pence a week. OUT_OF_RANGE where the sum does not fit.
absl::StatusOr<int64_t> AllowedHousingCosts(const v1::FinancialFacts& facts, explain::Trace& trace);

// Disability-related expenses allowed, in pence a week: what is evidenced and not publicly supplied, or the
// council's flat amount where that is more and the person receives a disability benefit. OUT_OF_RANGE where
// the sum does not fit.
absl::StatusOr<int64_t> AllowedDisabilityExpenses(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                                  explain::Trace& trace);

}  // namespace ipb::allocation
