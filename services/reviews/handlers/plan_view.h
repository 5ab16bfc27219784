// The facts that decisions about a plan's reviews start from, gathered from care planning, policy and the
// person's own reviews.
#pragma once

#include <string>
#include <vector>

#include "services/reviews/handlers/handlers.h"
#include "services/reviews/rules/plan_facts.h"

namespace ipb::reviews {

// Refers to the policy of the call's environment.
struct PlanView {
  v1::Plan plan;
  PlanFacts facts;
  ReviewPolicy policy;
  // Every review of the person.
  std::vector<v1::Review> reviews;
};

// `subject` is the plan's person, as loaded by this call. NOT_FOUND where there is no such plan.
handlers::Answer<PlanView> ViewPlan(const Upstreams& upstreams, call::Call& call,
                                    const call::Subject& subject, std::string plan);

// Every review of a person, in order of number.
handlers::Answer<std::vector<v1::Review>> ReviewsOf(call::Call& call, const call::Subject& subject);

// The plan's review by cadence that is still to be completed; null if there is none.
const v1::Review* OpenCadenceReview(const std::vector<v1::Review>& reviews, const std::string& plan);

// Who calls, as the rules know it.
Caller CallerOf(const call::Call& call);

}  // namespace ipb::reviews
