#include "ipb/v1/plan.pb.h"
#include "ipb/v1/reviews_service.pb.h"
#include "tests/handlers/preview/steps.h"
#include "tests/handlers/reviews/requests.h"

namespace ipb::preview {
namespace {

using testing::kCouncil;
using testing::kIcb;

Asking ScheduleReview(Known& known) {
  const auto* active = known.In<v1::Plan>(v1::Plan::STATE_ACTIVE);
  if (active == nullptr) return std::nullopt;
  const auto trigger = known.Chance(50)
                           ? v1::REVIEW_TRIGGER_CADENCE
                           : static_cast<v1::ReviewTrigger>(1 + known.Pick(v1::ReviewTrigger_MAX));
  v1::ScheduleReviewRequest request = reviews::Unplanned(known.person(), trigger);
  request.set_plan(active->name());
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking RescheduleReview(Known& known) {
  const auto* scheduled = known.In<v1::Review>(v1::Review::STATE_SCHEDULED);
  if (scheduled == nullptr) return std::nullopt;
  v1::RescheduleReviewRequest request;
  request.set_name(scheduled->name());
  request.set_planned_date(known.Date(known.Pick(60)));
  request.mutable_decision()->set_reasons("The person is away.");
  request.set_etag(known.EtagOf(*scheduled));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

// One that was scheduled because something happened may go; others where the plan is over or a review covers
// it.
Asking CancelReview(Known& known) {
  using Cancellation = v1::ReviewCancellation;
  // Most that are scheduled are owed, and are cancelled only when their plan is over.
  const bool any = known.Chance(50);
  const auto* scheduled = known.One<v1::Review>([any](const v1::Review& review) {
    return review.state() == v1::Review::STATE_SCHEDULED &&
           (any || review.trigger() != v1::REVIEW_TRIGGER_CADENCE);
  });
  if (scheduled == nullptr || known.Chance(10)) return std::nullopt;
  v1::CancelReviewRequest request;
  request.set_name(scheduled->name());
  Cancellation& cancellation = *request.mutable_cancellation();
  const bool owed = scheduled->trigger() == v1::REVIEW_TRIGGER_CADENCE;
  const auto* covering = known.In<v1::Review>(v1::Review::STATE_COMPLETED);
  cancellation.set_reason(owed ? Cancellation::REASON_PLAN_OVER : Cancellation::REASON_NO_LONGER_NEEDED);
  if (covering != nullptr && known.Chance(25)) {
    cancellation.set_reason(Cancellation::REASON_COVERED);
    cancellation.set_covered_by(covering->name());
  }
  cancellation.mutable_decision()->set_reasons("What made it necessary is over.");
  request.set_etag(known.EtagOf(*scheduled));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking StartReview(Known& known) {
  const auto* scheduled = known.In<v1::Review>(v1::Review::STATE_SCHEDULED);
  if (scheduled == nullptr) return std::nullopt;
  v1::StartReviewRequest request;
  request.set_name(scheduled->name());
  request.set_etag(known.EtagOf(*scheduled));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking CompleteReview(Known& known) {
  const auto* started = known.In<v1::Review>(v1::Review::STATE_STARTED);
  if (started == nullptr) return std::nullopt;
  v1::CompleteReviewRequest request = reviews::Completion(started->name());
  if (known.Chance(20)) request.mutable_findings()->set_needs_changed(v1::REVIEW_ANSWER_YES);
  request.set_etag(known.EtagOf(*started));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

constexpr Step kSteps[] = {
    {"ReviewsService.ScheduleReview", ScheduleReview}, {"ReviewsService.RescheduleReview", RescheduleReview},
    {"ReviewsService.CancelReview", CancelReview},     {"ReviewsService.StartReview", StartReview},
    {"ReviewsService.CompleteReview", CompleteReview},
};

}  // namespace

absl::Span<const Step> ReviewsSteps() { return kSteps; }

}  // namespace ipb::preview
