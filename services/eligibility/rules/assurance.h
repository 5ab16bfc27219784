// What NHS England holds integrated care boards to in NHS continuing healthcare: which decisions count, as
// what, and whether there were enough in time and few enough assessed in an acute hospital.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/continuing_healthcare.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "services/eligibility/rules/decider.h"

namespace ipb::eligibility {

// As what a decision counts.
struct CountedDecision {
  // The day on which it was made.
  absl::CivilDay decided;
  // Whether the person is eligible by it.
  bool eligible = false;
  // Whether it met a clock, and whether that had not run out.
  bool clocked = false;
  bool in_time = false;
  // Whether the team met in an acute hospital.
  bool in_acute_hospital = false;
};

// How many decisions of a period there were.
struct DecisionCounts {
  int64_t decided = 0;
  int64_t eligible = 0;
  int64_t clocked = 0;
  int64_t in_time = 0;
  int64_t in_acute_hospital = 0;
};

// The counts, and what comes of holding them against what is expected; the explanation is in the trace.
struct Assurance {
  v1::CountContinuingHealthcareDecisionsResponse response;
  explain::Trace trace;
};

// As what a decision on NHS continuing healthcare counts: one by a decision support tool, with the clocks of
// the request that it answers. Nothing for other regimes, a decision that a fast track tool bound, one
// without a tool, and one that is not made yet. `request` has an empty name where it answers none.
std::optional<CountedDecision> CountedAs(const v1::Determination& determination,
                                         const v1::Assessment* assessment, const v1::SupportRequest& request);

// The decision as which a determination counts: itself, or, where it overturns another, that one, on whose
// day the matter was decided first. Null where it overturns one that is not among the facts.
const v1::Determination* FirstDecision(const v1::Determination& determination,
                                       const DeterminationFacts& facts);

// Adds a decision to the counts.
void Count(const CountedDecision& decision, DecisionCounts& counts);

// INVALID_ARGUMENT for a last day before the first, or for more than 366 days.
absl::Status CheckPeriod(absl::CivilDay from, absl::CivilDay to);

// Holds the counts of the organisation's own decisions in a period against the targets in effect on its last
// day, exactly: nothing is rounded. "No rate for" where policy has none for it.
absl::StatusOr<Assurance> HoldAgainstTargets(const DecisionCounts& counts, const std::string& organisation,
                                             absl::CivilDay from, absl::CivilDay to,
                                             const v1::EligibilityPolicy& policy);

}  // namespace ipb::eligibility
