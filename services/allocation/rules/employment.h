// What employing somebody costs beside the wage: paid holiday, the employer's national insurance and pension
// contribution, and the sick pay that nobody gives back. The wage itself is an ongoing component of its own.
//
// The weekly wage alone is what national insurance, pension and sick pay are worked out from: pay for holiday
// is added to it and is no part of it, because in a week of holiday it is paid instead of the wage. Amounts
// of a year become weekly by the local weeks of a year.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"
#include "services/allocation/rules/policies.h"

namespace ipb::allocation {

// Sets the amounts of every ongoing component of employments, among components whose prices are set already.
// Of one employer there is one employment allowance: what a component leaves of it is for the next. Adds to
// `refusal` each wage below the minimum wage of the day. NO_RATE where the national policy has no rates of
// employment or no minimum wage of a band, or the local one no weeks of a year; OUT_OF_RANGE where a sum does
// not fit.
absl::Status CostEmployments(absl::Span<v1::BudgetComponent> components, absl::CivilDay day,
                             const Policies& policies, explain::Refusal& refusal, explain::Trace& trace);

// Says of each ongoing component for a personal assistant for which no employment is costed that whether
// there is one is not a choice.
void SayWhatStatusIsOpen(absl::Span<const v1::BudgetComponent> components, explain::Trace& trace);

// Sets the amount of a contingency of employments, among components whose prices are set already: weeks of
// what statutory sick pay is a week. Errors: as CostEmployments; NO_RATE where neither the component nor the
// local policy says how many weeks.
absl::Status HoldSickPay(v1::BudgetComponent& reserve, absl::Span<const v1::BudgetComponent> components,
                         absl::CivilDay day, const Policies& policies, explain::Refusal& refusal,
                         explain::Trace& trace);

}  // namespace ipb::allocation
