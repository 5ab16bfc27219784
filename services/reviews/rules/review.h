// Scheduling, arranging, cancelling and starting a review.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ipb/v1/reviews_service.pb.h"
#include "services/reviews/rules/schedule.h"

namespace ipb::reviews {

// The plan that a review is about, as reviews sees it.
struct PlanFacts {
  // `people/{person}/plans/{n}`.
  std::string name;
  bool in_effect = false;
  // The organisations that fund it, which hold its reviews.
  std::vector<std::string> organisations;
  std::vector<RegimeFacts> regimes;
  // Some of its money is held as a direct payment.
  bool has_direct_payment = false;
};

// Who calls.
struct Caller {
  std::string organisation;
  std::string actor;
  std::string role;
};

// A review's new version, and why.
struct ReviewDecision {
  v1::Review review;
  explain::Trace trace;
};

// A new SCHEDULED review. For the cadence trigger the regimes give the date; for any other the trigger does,
// and it is held for all regimes. A date asked for can only be earlier. FAILED_PRECONDITION
// REVIEW-PLAN-ACTIVE, REVIEW-IN-TIME, REVIEW-TRIGGER-REASONS; NO_RATE. Where policy gives a trigger no
// deadline, the date asked for is taken.
absl::StatusOr<ReviewDecision> DecideScheduleReview(const PlanFacts& plan,
                                                    const v1::ScheduleReviewRequest& request,
                                                    const ReviewPolicy& policy, absl::CivilDay today);

// The review arranged for another day; the due date stays. FAILED_PRECONDITION REVIEW-DELAY-REASONS where the
// new day is past the due date without reasons, REVIEW-DELAY-PAST for a day that has passed, WRONG_STATE
// unless SCHEDULED.
absl::StatusOr<ReviewDecision> DecideReschedule(const v1::Review& review,
                                                const v1::RescheduleReviewRequest& request, const Caller& by,
                                                absl::CivilDay today);

// SCHEDULED -> CANCELLED. `covering` is the review named by covered_by, null where there is none.
// FAILED_PRECONDITION REVIEW-CANCEL-... where a duty to review stays unmet, WRONG_STATE.
absl::StatusOr<ReviewDecision> DecideCancel(const v1::Review& review, const PlanFacts& plan,
                                            const v1::Review* covering,
                                            const v1::CancelReviewRequest& request, const Caller& by,
                                            absl::CivilDay today);

// SCHEDULED -> STARTED. FAILED_PRECONDITION WRONG_STATE.
absl::StatusOr<ReviewDecision> DecideStart(const v1::Review& review, absl::CivilDay today);

// The decision as given, with who decided and, where it was left out, today as its date.
v1::HumanDecision Decided(const v1::HumanDecision& given, const Caller& by, absl::CivilDay today);

}  // namespace ipb::reviews
