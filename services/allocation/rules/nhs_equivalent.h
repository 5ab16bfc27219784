// What the NHS would have spent on the same needs: the amount that a person is told before planning where the
// NHS gives a personal health budget (SI 2012/2996 Part 6A).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "google/protobuf/repeated_field.h"
#include "ipb/v1/allocation_method.pb.h"
#include "ipb/v1/allocation_policy.pb.h"

namespace ipb::allocation {

// The sum of the services, each its units a week times its price by the local policy of the day, half a penny
// up for each. NO_RATE where there is no such price; OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<v1::IndicativeAmount> PriceNhsEquivalent(
    const google::protobuf::RepeatedPtrField<v1::NhsEquivalentService>& services, absl::CivilDay day,
    const v1::AllocationPolicy& local, explain::Trace& trace);

}  // namespace ipb::allocation
