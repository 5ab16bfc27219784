// The statement of a personal budget: what needs cost, what the person pays, what the council pays, and other
// public money (Care Act 2014 s26).
#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charge.h"
#include "services/allocation/rules/policies.h"

namespace ipb::allocation {

// What a budget pays a week, as lines of a charge: one for each component and funder that pays something.
ChargeLines LinesOf(const v1::Budget& budget);

// Sets every amount of `budget` from a costing, and its contribution from the assessment of the council that
// funds it on its first day. The statement of s26 leaves out what the council pays for reablement that is
// free on that day (SI 2014/2840), so that care_act_weekly_pence and other_public_weekly_pence sum to that
// much less than weekly_pence; totals, funders' parts and what is paid leave out nothing. The contribution
// comes out of CARE_ACT money only. Where something is chargeable and no assessment holds on that day,
// `charge_assessed` is false and the contribution 0. Errors: as ChargeableWeeklyPence.
absl::Status StateBudget(const v1::Costing& costing, absl::Span<const v1::FinancialAssessment> assessments,
                         const Policies& policies, v1::Budget& budget, explain::Trace& trace);

}  // namespace ipb::allocation
