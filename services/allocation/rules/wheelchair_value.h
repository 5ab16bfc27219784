// What a personal wheelchair budget is worth, and what there is to pay where the person chooses a dearer
// chair (SI 2012/2996 reg 32A; wheelchair-service pages).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_method.pb.h"
#include "ipb/v1/allocation_policy.pb.h"

namespace ipb::allocation {

// The budget is worth what the chair that meets the assessed need costs the NHS, by the local prices of the
// day, and where the person owns the chair, what the body adds for repair. What the chosen chair costs beyond
// that is contributed to a notional budget, or paid to the supplier; value added tax is counted on that part
// alone, half a penny up, unless it is exempt. INVALID_ARGUMENT without prices, with one twice, or without an
// option; FAILED_PRECONDITION for a dearer chair by an option that has no room for it, or a contribution of
// nothing; NO_RATE where the policy has no price, no practice or no tax for the day; OUT_OF_RANGE where a sum
// does not fit.
absl::StatusOr<v1::IndicativeAmount> ValueWheelchair(const v1::WheelchairNeed& need, absl::CivilDay day,
                                                     const v1::AllocationPolicy& local,
                                                     explain::Trace& trace);

}  // namespace ipb::allocation
