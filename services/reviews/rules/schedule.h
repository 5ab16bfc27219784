// When a review is due: each regime has its rule, the earliest date holds, and one joint review serves them
// all.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/policy.pb.h"
#include "ipb/v1/review.pb.h"

namespace ipb::reviews {

// Every explanation of this service names it.
inline constexpr absl::string_view kRuleSetVersion = "reviews/1";

// National rows, and the local policy of each organisation that holds the review. Refers to documents that
// outlive it.
struct ReviewPolicy {
  const v1::PolicyDocument* national = nullptr;
  std::vector<const v1::PolicyDocument*> local;
};

// One regime that the plan is under.
struct RegimeFacts {
  v1::ReviewRegime regime = v1::REVIEW_REGIME_UNSPECIFIED;
  // First day of the plan, the payment or the funding that the regime is about.
  absl::CivilDay start_date;
  // The day on which it was last reviewed under this regime.
  std::optional<absl::CivilDay> last_review_date;
  // For a regime that follows a date of its own (an interim plan's review date, a wheelchair budget's end):
  // that date.
  std::optional<absl::CivilDay> fixed_date;
};

// One regime's due date.
struct RegimeDue {
  v1::ReviewRegime regime;
  absl::CivilDay due_date;
  bool light_touch;
};

// When the next review is due, and what for.
struct Schedule {
  absl::CivilDay due_date;
  v1::ReviewRegime deciding_regime;
  // Every regime that the review is held for: all of the plan's, or only the deciding one where it is a
  // light-touch review, which stands for no other.
  std::vector<v1::ReviewRegime> regimes;
  bool light_touch = false;
  explain::Trace trace;
};

// The earliest of all regimes' dates. FAILED_PRECONDITION REVIEW-REGIME where there is none, NO_RATE where no
// cadence row covers one of them on the day from which it is counted.
absl::StatusOr<Schedule> DecideSchedule(const std::vector<RegimeFacts>& regimes, const ReviewPolicy& policy);

// The last day for an unplanned review that is recorded today: the earliest of the national and local rows.
// NO_RATE where no row covers the trigger.
absl::StatusOr<absl::CivilDay> DueForTrigger(v1::ReviewTrigger trigger, const ReviewPolicy& policy,
                                             absl::CivilDay today, explain::Trace& trace);

// Days past the due date; 0 while in time, and always for a review that is over.
int64_t OverdueDays(const v1::Review& review, absl::CivilDay today);

}  // namespace ipb::reviews
