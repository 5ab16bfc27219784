// Income: what of it counts (SI 2014/2672 Part 3 and Sch 1).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/financial_assessment.pb.h"

namespace ipb::allocation {

// The weekly income in `facts` that counts on `day`, in pence, without tariff income. Income counts unless a
// row of the national or local policy disregards its kind, wholly or up to a sum; the sums of both are added
// together. OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<int64_t> AssessIncome(const v1::FinancialFacts& facts, absl::CivilDay day,
                                     const v1::AllocationPolicy& national, const v1::AllocationPolicy& local,
                                     explain::Trace& trace);

}  // namespace ipb::allocation
