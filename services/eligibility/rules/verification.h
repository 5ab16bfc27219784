// Verifying what a multidisciplinary team recommends: an integrated care board looks at it and decides within
// the working days of practice (National Framework, July 2022). Late is shown, and refuses nothing.
#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"

namespace ipb::eligibility {

// The clock that a recommendation started.
struct VerificationClock {
  const v1::VerificationClockRule* rule;  // a row of the policy, which outlives it
  absl::CivilDay due;                     // the last day in time
};

// The clock of a recommendation for NHS continuing healthcare on the decision support tool of its assessment,
// by the policy of the day of the recommendation; nullopt for any other, which a tool binds or no team made,
// and where policy has no clock.
std::optional<VerificationClock> VerificationOf(const v1::Determination& recommended,
                                                const v1::Assessment& assessment,
                                                const v1::EligibilityPolicy& policy);

// Says in `trace` that what was recommended was decided on after the last day of its clock, where it was.
void ExplainVerification(const v1::Determination& recommended, const v1::Assessment& assessment,
                         const v1::EligibilityPolicy& policy, absl::CivilDay decided, explain::Trace& trace);

}  // namespace ipb::eligibility
