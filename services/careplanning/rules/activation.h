// What a plan that everybody approved asks of allocation, on whose behalf, and which plan it will replace.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// The approval on behalf of which the budget is agreed: a council's where council money is in the plan, because it has
// decided what is chargeable; the last one otherwise. The plan must have an approval.
const v1::PlanApproval& DecidingApproval(const v1::Plan& plan, const PlanPolicy& policy, absl::CivilDay day);

// The request that agrees the budget with the plan: what the lines cost of each component, and a contingency as it was
// estimated, by the decision of the approval of `organisation`. The same inputs give the same request, but for its
// request id, which is left out. OUT_OF_RANGE (MONEY_OVERFLOW).
absl::StatusOr<v1::AgreeBudgetRequest> AgreementFor(const v1::Plan& plan, const v1::Budget& budget,
                                                    absl::string_view organisation);

// The ACTIVE plan that a plan replaces when it comes into effect, among all plans of the person: the one that it
// revises, or what has replaced that since; else one that spends the same budget; else an interim one of the same form.
// Null if none.
const v1::Plan* PlanToReplace(const v1::Plan& plan, const std::vector<v1::Plan>& all);

}  // namespace ipb::careplanning
