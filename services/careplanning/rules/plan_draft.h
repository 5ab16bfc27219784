// Beginning, changing and revising drafts.
#pragma once

#include "absl/status/statusor.h"
#include "ipb/v1/care_planning_service.pb.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// What a draft rests on.
struct DraftFacts {
  PersonFacts person;
  BudgetFacts budget;
};

// A new draft with the request's content, its lines' shares copied from the budget. Name, etag and times are
// the caller's to set. INVALID_ARGUMENT for identifiers used twice, dates in the wrong order, what is
// needed and left out, or names of another person's resources; FAILED_PRECONDITION PLAN-PERSON-LIVING,
// PLAN-BUDGET-CURRENT.
absl::StatusOr<PlanDecision> DecideCreate(const DraftFacts& facts, const v1::CreatePlanRequest& request,
                                          const Caller& by, const PlanPolicy& policy, absl::CivilDay today);

// The draft with the masked fields replaced. Clinical detail stays as it was where the caller is not an NHS
// body, which cannot have seen it. INVALID_ARGUMENT as DecideCreate, and for a mask that names what cannot be
// changed; FAILED_PRECONDITION WRONG_STATE unless DRAFT, and as DecideCreate.
absl::StatusOr<PlanDecision> DecideUpdate(const v1::Plan& plan, const DraftFacts& facts,
                                          const v1::UpdatePlanRequest& request, const Caller& by,
                                          const PlanPolicy& policy, absl::CivilDay today);

// A new full draft that copies a plan in effect, interim or full, and will replace it; the one in effect does
// not change. FAILED_PRECONDITION WRONG_STATE unless ACTIVE, PLAN-PERSON-LIVING, PLAN-BUDGET-CURRENT.
absl::StatusOr<PlanDecision> DecideRevise(const v1::Plan& active, const DraftFacts& facts,
                                          const v1::RevisePlanRequest& request, const Caller& by);

}  // namespace ipb::careplanning
