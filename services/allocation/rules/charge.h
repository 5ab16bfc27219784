// What a person pays of the council's part of a cost (Care Act 2014 ss14, 17; SI 2014/2672). For needs met
// outside a care home. The order is that of the law: what may not be charged for, who pays the full cost,
// then the means test.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/allocation_service.pb.h"

namespace ipb::allocation {

// A charge and how it was reached.
struct ChargeDecision {
  v1::ChargeCalculation charge;
  explain::Trace trace;
};

// The means test by the rates of `day`.
// INVALID_ARGUMENT where a fact that is needed is missing; FAILED_PRECONDITION for a person under 18; NO_RATE
// where a rate that is needed has no row.
absl::StatusOr<v1::MeansTest> AssessMeans(const v1::FinancialFacts& facts, absl::CivilDay day,
                                          const v1::AllocationPolicy& national,
                                          const v1::AllocationPolicy& local, explain::Trace& trace);

// The part of a weekly cost that may be charged for, in pence: CARE_ACT money without a basis for no charge.
// OUT_OF_RANGE where the sum does not fit.
absl::StatusOr<int64_t> ChargeableWeeklyPence(absl::Span<const v1::ChargeLine> lines, explain::Trace& trace);

// What a person with these means pays of a chargeable weekly cost: never more than the cost.
int64_t ChargeWeeklyPence(const v1::MeansTest& means, int64_t chargeable_weekly_pence, explain::Trace& trace);

// All three together. Means are looked at only where something is chargeable.
absl::StatusOr<ChargeDecision> DecideCharge(const v1::EvaluateChargeRequest& request,
                                            const v1::AllocationPolicy& national,
                                            const v1::AllocationPolicy& local);

}  // namespace ipb::allocation
