#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/reviews/handlers/kept_review.h"
#include "services/reviews/handlers/plan_view.h"

namespace ipb::reviews::handlers {
namespace {

absl::Status AlreadyScheduled(const std::string& name) {
  return errors::Make(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_ALREADY_EXISTS,
                      "the plan's next review by cadence is scheduled", {{"name", name}});
}

}  // namespace

Answer<v1::Review> ScheduleReview(const Upstreams& upstreams, call::Call& call,
                                  const v1::ScheduleReviewRequest& request) {
  if (names::Subject(request.plan()) != request.parent()) {
    co_return errors::InvalidField("plan", "is a plan of another person than parent");
  }
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto viewing = ViewPlan(upstreams, call, subject, request.plan());
  IPB_CO_ASSIGN_OR_RETURN(const PlanView view, co_await viewing);
  const v1::Review* open = OpenCadenceReview(view.reviews, request.plan());
  if (request.trigger() == v1::REVIEW_TRIGGER_CADENCE && open != nullptr)
    co_return AlreadyScheduled(open->name());
  IPB_CO_ASSIGN_OR_RETURN(ReviewDecision decision,
                          DecideScheduleReview(view.facts, request, view.policy, call.today()));
  PutNew(call, subject, decision.trace, decision.review);
  auto committing = call.Commit(std::move(subject), std::move(decision.review));
  co_return co_await committing;
}

Answer<v1::Review> RescheduleReview(const Upstreams&, call::Call& call,
                                    const v1::RescheduleReviewRequest& request) {
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Review review, subject.Get<v1::Review>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), review));
  IPB_CO_ASSIGN_OR_RETURN(ReviewDecision decision,
                          DecideReschedule(review, request, CallerOf(call), call.today()));
  PutNext(call, subject, decision.trace, decision.review);
  auto committing = call.Commit(std::move(subject), std::move(decision.review));
  co_return co_await committing;
}

Answer<v1::Review> CancelReview(const Upstreams& upstreams, call::Call& call,
                                const v1::CancelReviewRequest& request) {
  std::vector<std::string> records = {call::ExplanationRecordOf(request.name())};
  const std::string& covered_by = request.cancellation().covered_by();
  if (!covered_by.empty()) {
    if (names::Subject(covered_by) != names::Subject(request.name())) {
      co_return errors::InvalidField("cancellation.covered_by", "is a review of another person");
    }
    records.push_back(covered_by);
  }
  auto loading = call.Load(request.name(), std::move(records));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Review review, subject.Get<v1::Review>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), review));
  PlanFacts plan;
  plan.name = review.plan();
  if (request.cancellation().reason() == v1::ReviewCancellation::REASON_PLAN_OVER) {
    auto viewing = ViewPlan(upstreams, call, subject, review.plan());
    IPB_CO_ASSIGN_OR_RETURN(PlanView view, co_await viewing);
    plan = std::move(view.facts);
  }
  std::optional<v1::Review> covering;
  if (!covered_by.empty()) covering = subject.Find<v1::Review>(covered_by);
  IPB_CO_ASSIGN_OR_RETURN(ReviewDecision decision, DecideCancel(review, plan, covering ? &*covering : nullptr,
                                                                request, CallerOf(call), call.today()));
  PutNext(call, subject, decision.trace, decision.review);
  auto committing = call.Commit(std::move(subject), std::move(decision.review));
  co_return co_await committing;
}

}  // namespace ipb::reviews::handlers
