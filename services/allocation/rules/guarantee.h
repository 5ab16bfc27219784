// The minimum income guarantee: what a person must be left with (SI 2014/2672 reg 7).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/financial_assessment.pb.h"

namespace ipb::allocation {

// The first day on which someone born on `birth` is of state pension age, by the rows that may be relied on
// on `day`. NO_RATE where no row covers the birth.
absl::StatusOr<absl::CivilDay> PensionDay(absl::CivilDay birth, absl::CivilDay day,
                                          const v1::AllocationPolicy& national);

// The guarantee of a household on `day`, in pence a week: base, children, premiums and the council's own
// addition. INVALID_ARGUMENT where a couple lacks the partner's birth date; FAILED_PRECONDITION for a person
// under 18; NO_RATE where a component that is due has no row.
absl::StatusOr<int64_t> AssessGuarantee(const v1::Household& household, absl::CivilDay day,
                                        const v1::AllocationPolicy& national,
                                        const v1::AllocationPolicy& local, explain::Trace& trace);

}  // namespace ipb::allocation
