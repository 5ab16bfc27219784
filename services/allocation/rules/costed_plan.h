// The costed-plan method: each component is units times price, split between its funders to the penny.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/budget.pb.h"
#include "services/allocation/rules/policies.h"

namespace ipb::allocation {

// Prices components by the policies of `day`, splits them, and adds up. ONGOING is units a week times the
// price, or the on-costs of its employments; ONE_OFF and START_UP units times the price; CONTINGENCY a number
// of weeks of what its own funders pay weekly, or of the sick pay of its employments. A half penny is rounded
// up. Every component gets a step in the trace with the input `component_id`. Adds to `refusal` each wage
// below the minimum wage. INVALID_ARGUMENT with all violations for components not well formed; NO_RATE where
// the policies have no such price, weeks of contingency or sick pay, convention of weeks, minimum wage or
// rates of employment; OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<v1::Costing> CostPlan(absl::Span<const v1::BudgetComponent> components, absl::CivilDay day,
                                     const Policies& policies, explain::Refusal& refusal,
                                     explain::Trace& trace);

// Adds up components whose amounts and funder amounts are set already: totals, and the year by the local
// convention.
absl::StatusOr<v1::Costing> AddUp(absl::Span<const v1::BudgetComponent> components, absl::CivilDay day,
                                  const v1::AllocationPolicy& local, explain::Trace& trace);

// What the component's units cost at a price: a week for ONGOING, else once; half a penny up. OUT_OF_RANGE where
// it does not fit.
absl::StatusOr<int64_t> AmountAt(const v1::BudgetComponent& component, int64_t unit_rate_pence);

// Whether an explanation shows how each of the components was costed.
bool ExplainsCosting(const v1::Explanation& explanation, absl::Span<const v1::BudgetComponent> components);

}  // namespace ipb::allocation
