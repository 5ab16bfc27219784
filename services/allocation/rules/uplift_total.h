// An uplift of all budgets that hold an organisation's money: looked at by one person, frozen, released by
// another for exactly what was frozen.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/money/pence.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/decision.pb.h"
#include "ipb/v1/uplift.pb.h"

namespace ipb::allocation {

// The uplift that a request asks for, PREVIEWING, without name and times. NO_RATE where the organisation's
// own policy has no rate at all for the day.
absl::StatusOr<v1::Uplift> DecideApplyUplift(const v1::ApplyUpliftRequest& request,
                                             absl::string_view organisation, absl::string_view preparer,
                                             const v1::AllocationPolicy& own);

// Counts, totals and digest of verdicts, added one by one in order of budget. The digest is SHA-256 over a
// line for each: budget, kind, and pence before and after. Not thread-safe.
class UpliftTally {
 public:
  void Add(const v1::UpliftVerdict& verdict);

  int64_t budget_count() const { return budget_count_; }
  int64_t uplifted_count() const { return uplifted_count_; }
  // OUT_OF_RANGE where it does not fit.
  absl::StatusOr<int64_t> WeeklyBefore() const { return before_.Total(); }
  absl::StatusOr<int64_t> WeeklyAfter() const { return after_.Total(); }
  std::string Digest() const;

 private:
  int64_t budget_count_ = 0, uplifted_count_ = 0;
  money::Sum before_, after_;
  std::string lines_;
};

// The uplift PREVIEWED, with what its verdicts come to. WRONG_STATE unless it is PREVIEWING; OUT_OF_RANGE
// where a total does not fit.
absl::StatusOr<v1::Uplift> DecideFreezeUplift(const v1::Uplift& uplift, const UpliftTally& tally);

// The uplift released, POSTING. `decision` is completed with who calls and the date. WRONG_STATE unless it is
// PREVIEWED; FAILED_PRECONDITION where who asked for it would release it, or for another digest or total;
// INVALID_ARGUMENT for a decision dated after today.
absl::StatusOr<v1::Uplift> DecideReleaseUplift(const v1::Uplift& uplift,
                                               const v1::ReleaseUpliftRequest& request,
                                               const v1::HumanDecision& decision, absl::CivilDay today);

// The uplift given up. WRONG_STATE once it was released; FAILED_PRECONDITION without reasons;
// INVALID_ARGUMENT as above.
absl::StatusOr<v1::Uplift> DecideCancelUplift(const v1::Uplift& uplift, const v1::HumanDecision& decision,
                                              absl::CivilDay today);

// The uplift with a verdict that was TO_UPLIFT counted as posted or dropped. OUT_OF_RANGE where a total does
// not fit.
absl::StatusOr<v1::Uplift> CountPosted(const v1::Uplift& uplift, const v1::UpliftVerdict& verdict);

}  // namespace ipb::allocation
