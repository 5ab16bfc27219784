// A proposal, the person's agreement to it, and what follows when everybody has agreed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ipb/v1/care_planning_service.pb.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// DRAFT -> PROPOSED. FAILED_PRECONDITION with everything that CheckPlan finds, or WRONG_STATE; NO_RATE.
absl::StatusOr<PlanDecision> DecidePropose(const v1::Plan& plan, const BudgetFacts& budget,
                                           const PlanPolicy& policy, absl::CivilDay today);

// Adds an agreement; the last of agreements and approvals makes the plan APPROVED. FAILED_PRECONDITION
// PLAN-SIGN-... with every rule not met, or WRONG_STATE unless PROPOSED.
absl::StatusOr<PlanDecision> DecideSign(const v1::Plan& plan, const PersonFacts& person,
                                        const v1::SignPlanRequest& request, const Caller& by,
                                        const PlanPolicy& policy, absl::CivilDay today);

// PROPOSED -> DRAFT; agreements and approvals lapse. FAILED_PRECONDITION PLAN-RETURN-..., or WRONG_STATE.
absl::StatusOr<PlanDecision> DecideReturn(const v1::Plan& plan, const v1::ReturnPlanRequest& request,
                                          const Caller& by, absl::CivilDay today);

// APPROVED -> PROPOSED, because its budget could not be agreed: approvals lapse, agreements stay.
// FAILED_PRECONDITION WRONG_STATE.
absl::StatusOr<PlanDecision> DecideActivationFailure(const v1::Plan& plan,
                                                     const std::vector<std::string>& reasons);

// Which agreements the plan still needs, in words; none when the person, or who acts for them, has agreed.
std::vector<std::string> MissingAgreements(const v1::Plan& plan, const PlanPolicy& policy,
                                           absl::CivilDay today);

// Makes a PROPOSED plan APPROVED when no agreement and no approval is missing.
void ApproveWhenComplete(PlanDecision& decision, const PlanPolicy& policy, absl::CivilDay today);

}  // namespace ipb::careplanning
