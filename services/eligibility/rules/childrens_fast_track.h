// The fast track of children and young people at the end of life (National Framework for Children and Young
// People's Continuing Care, January 2016). The adult tool of SI 2012/2996 reg 21(8)-(9) is not for them, so
// nothing binds: the ICB decides at once, and the full assessment and its panel follow.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"

namespace ipb::eligibility {

// Whether it is valid: an appropriate clinician took part and gives reasons, the condition deteriorates
// rapidly, and consent was given by the day of receipt. The evidence must have a child's fast track. What is
// missing is added to `refusal`.
bool EvaluateChildrensFastTrack(const v1::AssessmentEvidence& evidence, explain::Refusal& refusal,
                                explain::Trace& trace);

// The consent to the assessment of a child, of whichever part it has; empty where it has neither.
const v1::ChildConsent& ConsentOf(const v1::AssessmentEvidence& evidence);

// Sets the day by which the panel looks at the full assessment, where `made` finds a child eligible on a fast
// track alone. FAILED_PRECONDITION "no rate for" where policy has no row for the day of the decision.
absl::Status SetPanelClock(const v1::Assessment& assessment, const v1::EligibilityPolicy& policy,
                           absl::CivilDay decided, v1::Determination& made, explain::Trace& trace);

}  // namespace ipb::eligibility
