// Capital: what of it counts, and the income it is taken to give (SI 2014/2672 Parts 4-5).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/financial_assessment.pb.h"

namespace ipb::allocation {

// What the means test needs to know of capital.
struct CapitalFinding {
  // Capital that counts.
  int64_t counted_pence = 0;
  // Income that capital between the limits is taken to give.
  int64_t tariff_weekly_pence = 0;
  // Capital exceeds the upper limit: the full cost is paid. The tariff is then 0.
  bool above_upper_limit = false;
};

// Looks at the capital in `facts` by the limits and disregards of `day`. A local limit can only raise a
// national one. INVALID_ARGUMENT where a kind that is disregarded for a time has no received date; NO_RATE
// without limits.
absl::StatusOr<CapitalFinding> AssessCapital(const v1::FinancialFacts& facts, absl::CivilDay day,
                                             const v1::AllocationPolicy& national,
                                             const v1::AllocationPolicy& local, explain::Trace& trace);

}  // namespace ipb::allocation
