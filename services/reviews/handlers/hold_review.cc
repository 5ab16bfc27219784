#include "common/errors/status_macros.h"
#include "services/reviews/handlers/kept_review.h"
#include "services/reviews/handlers/plan_view.h"
#include "services/reviews/rules/completion.h"

namespace ipb::reviews::handlers {

Answer<v1::Review> StartReview(const Upstreams&, call::Call& call, const v1::StartReviewRequest& request) {
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Review review, subject.Get<v1::Review>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), review));
  IPB_CO_ASSIGN_OR_RETURN(ReviewDecision decision, DecideStart(review, call.today()));
  PutNext(call, subject, decision.trace, decision.review);
  auto committing = call.Commit(std::move(subject), std::move(decision.review));
  co_return co_await committing;
}

Answer<v1::Review> CompleteReview(const Upstreams& upstreams, call::Call& call,
                                  const v1::CompleteReviewRequest& request) {
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Review review, subject.Get<v1::Review>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), review));
  auto viewing = ViewPlan(upstreams, call, subject, review.plan());
  IPB_CO_ASSIGN_OR_RETURN(PlanView view, co_await viewing);
  IPB_CO_ASSIGN_OR_RETURN(Completion completion, DecideComplete(review, view.facts, request, CallerOf(call),
                                                                view.policy, call.today()));
  // This one is not open any more; after an unplanned review the plan's next by cadence may stand already.
  std::erase_if(view.reviews, [&review](const v1::Review& other) { return other.name() == review.name(); });
  const v1::Review* standing = OpenCadenceReview(view.reviews, review.plan());
  if (completion.next && standing == nullptr) PutNew(call, subject, completion.trace, *completion.next);
  const v1::Review* next = standing != nullptr ? standing : completion.next ? &*completion.next : nullptr;
  completion.review.set_next_review(next == nullptr ? "" : next->name());
  completion.review.set_next_due_date(next == nullptr ? "" : next->due_date());
  PutNext(call, subject, completion.trace, completion.review);
  auto committing = call.Commit(std::move(subject), std::move(completion.review));
  co_return co_await committing;
}

}  // namespace ipb::reviews::handlers
