// All tools of the law, applied to one joint assessment.
#pragma once

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"

namespace ipb::eligibility {

// What the rules find, and how.
struct Evaluation {
  v1::EligibilityFindings findings;
  explain::Trace trace;
};

// Whether there is any part that a tool could be applied to.
bool HasPart(const v1::AssessmentEvidence& evidence);

// Applies each tool whose part is present. Same input, same output; it decides nothing.
// FAILED_PRECONDITION with everything that is missing or contradictory in any part, or "no rate for" where
// policy has no row for a part's date.
absl::StatusOr<Evaluation> Evaluate(const v1::AssessmentEvidence& evidence,
                                    const v1::EligibilityPolicy& policy);

}  // namespace ipb::eligibility
