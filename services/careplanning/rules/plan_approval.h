// A funder's approval of a proposal.
#pragma once

#include "absl/status/statusor.h"
#include "ipb/v1/care_planning_service.pb.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// Adds the approval of the caller's organisation; the last of agreements and approvals makes the plan
// APPROVED. The plan is checked again as it stands. INVALID_ARGUMENT for a finding about a line that the plan
// does not have; FAILED_PRECONDITION PLAN-APPROVE-... with every rule not met, or WRONG_STATE unless
// PROPOSED; NO_RATE.
absl::StatusOr<PlanDecision> DecideApprove(const v1::Plan& plan, const BudgetFacts& budget,
                                           const v1::ApprovePlanRequest& request, const Caller& by,
                                           const PlanPolicy& policy, absl::CivilDay today);

}  // namespace ipb::careplanning
