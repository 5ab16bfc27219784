// How plans end: by decision, with reasons, notice and what it rests on; or, for interim ones, by their date.
#pragma once

#include "absl/status/statusor.h"
#include "ipb/v1/care_planning_service.pb.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// Any state that is not over -> ENDED. Death and the person's own wish need no notice; other ends of a plan
// in effect need reasons and the notice of each funder's policy, and the finding that nothing is needed any
// more a reassessment. Death alone ends a plan before its first day. INVALID_ARGUMENT for a reason that is not a
// caller's to give, or another person's reassessment; FAILED_PRECONDITION PLAN-END-... with every rule not met,
// WRONG_STATE, or NO_RATE without a row for a funder's notice.
absl::StatusOr<PlanDecision> DecideEnd(const v1::Plan& plan, const PersonFacts& person,
                                       const v1::EndPlanRequest& request, const Caller& by,
                                       const PlanPolicy& policy, absl::CivilDay today);

// ACTIVE -> ENDED for an interim plan whose expiry date has passed and that no other replaces.
// FAILED_PRECONDITION WRONG_STATE for any other.
absl::StatusOr<PlanDecision> DecideExpire(const v1::Plan& plan, absl::CivilDay today);

}  // namespace ipb::careplanning
