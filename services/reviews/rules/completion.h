// Completing a review: what it must have found, where it may lead, and when the next one is due.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "ipb/v1/reviews_service.pb.h"
#include "services/reviews/rules/review.h"

namespace ipb::reviews {

// A completed review, and the next one where the plan goes on. The caller names both.
struct Completion {
  v1::Review review;
  std::optional<v1::Review> next;
  explain::Trace trace;
};

// STARTED -> COMPLETED. A review does not cut a budget: it routes to reassessment, and money goes on
// meanwhile. FAILED_PRECONDITION REVIEW-... with every rule not met, WRONG_STATE unless STARTED; NO_RATE
// where policy has no cadence for the next review.
absl::StatusOr<Completion> DecideComplete(const v1::Review& review, const PlanFacts& plan,
                                          const v1::CompleteReviewRequest& request, const Caller& by,
                                          const ReviewPolicy& policy, absl::CivilDay today);

}  // namespace ipb::reviews
