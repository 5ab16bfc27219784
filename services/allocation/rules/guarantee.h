// The minimum income guarantee: what a person must be left with (SI 2014/2672 reg 7).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// The first day on which someone born on `birth` is of state pension age, by the rows that may be relied on
// on the day of the rates. NO_RATE where no row covers the birth.
absl::StatusOr<absl::CivilDay> PensionDay(absl::CivilDay birth, const ChargingRates& rates);

// The guarantee of an adult's household, in pence a week: base, children, premiums and the council's own
// addition; for those whom the council charged before, by earlier rates where it says so. INVALID_ARGUMENT
// where a couple lacks the partner's birth date; NO_RATE where a component that is due has no row.
absl::StatusOr<int64_t> AssessGuarantee(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                        explain::Trace& trace);

}  // namespace ipb::allocation
