// What a plan that everybody approved asks of allocation, on whose behalf, and how it takes over from the
// plan before.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// The approval on behalf of which the budget is agreed: a council's where council money is in the plan,
// because it has decided what is chargeable; the last one otherwise. The plan must have an approval.
const v1::PlanApproval& DecidingApproval(const v1::Plan& plan, const PlanPolicy& policy, absl::CivilDay day);

// The request that agrees the budget with the plan, from the plan's first day: what the lines cost of each
// component, and a contingency as it was estimated, by the decision of the approval of `organisation`; for an
// interim plan, why it cannot wait and until when. The same inputs give the same request, but for its request
// id, which is left out. OUT_OF_RANGE (MONEY_OVERFLOW).
absl::StatusOr<v1::AgreeBudgetRequest> AgreementFor(const v1::Plan& plan, const v1::Budget& budget,
                                                    absl::string_view organisation);

// The ACTIVE plan that a plan replaces, among all plans of the person: the one that it revises, or the last
// of those that replace that; else one that spends the same budget; else an interim one of the same form.
// Null if none.
const v1::Plan* PlanToReplace(const v1::Plan& plan, const std::vector<v1::Plan>& all);

// The plan in effect, and what it does to those before it.
struct Activation {
  v1::Plan plan;
  // Every plan that ends with it or, because it begins before the one that it replaces, ends earlier than was
  // known.
  std::vector<v1::Plan> changed;
  explain::Trace trace;
};

// APPROVED -> ACTIVE, once its budget is agreed, from its first day: the one planned, or later where a direct
// payment would be in effect before the person agreed to it, or where the plan that it replaces has begun
// later. That one stays in effect to the day before, so that there is no day without a plan and none with
// two; it is SUPERSEDED once that day has passed. `all` are the plans of the person. FAILED_PRECONDITION
// WRONG_STATE.
absl::StatusOr<Activation> DecideActivate(const v1::Plan& plan, const std::vector<v1::Plan>& all,
                                          absl::CivilDay today);

// ACTIVE -> SUPERSEDED, for a plan whose last day has passed because another replaces it. FAILED_PRECONDITION
// WRONG_STATE for any other.
absl::StatusOr<PlanDecision> DecideSupersede(const v1::Plan& plan, absl::CivilDay today);

}  // namespace ipb::careplanning
