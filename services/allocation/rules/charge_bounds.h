// What a council charges at most and at least for care outside a care home (Care Act 2014 s14(1): it may
// charge).
#pragma once

#include <cstdint>

#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// What is left of a charge within the bounds of the council: its most where it is more, nothing where it is
// too little. In a care home, and without such a policy, the charge itself.
int64_t WithinBounds(int64_t weekly_pence, v1::CareSetting setting, const ChargingRates& rates);

// The same, explained where it makes a difference.
int64_t Bound(int64_t weekly_pence, v1::CareSetting setting, const ChargingRates& rates,
              explain::Trace& trace);

}  // namespace ipb::allocation
