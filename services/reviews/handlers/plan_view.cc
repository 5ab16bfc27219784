#include "services/reviews/handlers/plan_view.h"

#include <algorithm>
#include <utility>

#include "common/errors/status_macros.h"
#include "common/policy/policy.h"

namespace ipb::reviews {
namespace {

using handlers::Answer;

// Revisions that are followed back to where a regime began; older ones are taken as its beginning.
constexpr size_t kRevisions = 20;

// The plans that a plan revises, newest first; those that nobody stated are unknown.
Answer<std::vector<v1::Plan>> RevisedBy(const Upstreams& upstreams, call::Call& call, std::string name) {
  std::vector<v1::Plan> revised;
  while (!name.empty() && revised.size() < kRevisions) {
    auto reading = upstreams.read_plan(call, name);
    absl::StatusOr<v1::Plan> plan = co_await reading;
    if (plan.status().code() == absl::StatusCode::kNotFound) break;
    IPB_CO_RETURN_IF_ERROR(plan.status());
    name = plan->revises();
    revised.push_back(*std::move(plan));
  }
  co_return revised;
}

ReviewPolicy PolicyFor(const call::Call& call, const std::vector<std::string>& funders) {
  const policy::Policy& policy = *call.environment().policy;
  ReviewPolicy result;
  result.national = &policy.national();
  for (const std::string& funder : funders) {
    if (const v1::PolicyDocument* local = policy.local(funder)) result.local.push_back(local);
  }
  return result;
}

}  // namespace

Answer<std::vector<v1::Review>> ReviewsOf(call::Call& call, const call::Subject& subject) {
  auto listing = call.AllOf<v1::Review>(subject.name(), "reviews");
  absl::StatusOr<std::vector<v1::Review>> reviews = co_await listing;
  co_return reviews;
}

Answer<PlanView> ViewPlan(const Upstreams& upstreams, call::Call& call, const call::Subject& subject,
                          std::string plan) {
  PlanSources sources;
  auto reading = upstreams.read_plan(call, plan);
  IPB_CO_ASSIGN_OR_RETURN(sources.plan, co_await reading);
  auto going_back = RevisedBy(upstreams, call, sources.plan.revises());
  IPB_CO_ASSIGN_OR_RETURN(sources.revised, co_await going_back);
  auto listing = ReviewsOf(call, subject);
  IPB_CO_ASSIGN_OR_RETURN(sources.reviews, co_await listing);
  const std::vector<std::string> funders = FundersOf(sources.plan);
  for (const std::string& funder : funders) {
    if (call.environment().policy->KindOf(funder, call.today()) == v1::CALLER_KIND_NHS) {
      sources.nhs_organisations.push_back(funder);
    }
  }
  sources.person_died = !subject.access().death_date().empty();
  PlanView view;
  view.policy = PolicyFor(call, funders);
  view.facts = FactsOf(sources, view.policy);
  view.plan = std::move(sources.plan);
  view.reviews = std::move(sources.reviews);
  co_return view;
}

const v1::Review* OpenCadenceReview(const std::vector<v1::Review>& reviews, const std::string& plan) {
  const auto open = std::find_if(reviews.begin(), reviews.end(), [&plan](const v1::Review& review) {
    return review.plan() == plan && review.trigger() == v1::REVIEW_TRIGGER_CADENCE &&
           (review.state() == v1::Review::STATE_SCHEDULED || review.state() == v1::Review::STATE_STARTED);
  });
  return open == reviews.end() ? nullptr : &*open;
}

Caller CallerOf(const call::Call& call) {
  return {call.caller().organisation, call.caller().actor, call.caller().role};
}

}  // namespace ipb::reviews
