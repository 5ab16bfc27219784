// The decision support tool and the fast track for NHS continuing healthcare (SI 2012/2996 reg 21; National
// Framework and Decision Support Tool, July 2022).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/continuing_healthcare.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"

namespace ipb::eligibility {

// What the pattern of levels says, by the policy of the tool's own date. The evidence must have a decision
// support tool. What it lacks or contradicts is added to `refusal`; the finding is then without meaning.
// FAILED_PRECONDITION "no rate for" where policy has no rows for the day.
absl::StatusOr<v1::DecisionSupportToolFinding> EvaluateDecisionSupportTool(
    const v1::AssessmentEvidence& evidence, const v1::EligibilityPolicy& policy, explain::Refusal& refusal,
    explain::Trace& trace);

// The level at which a domain counts: the highest of the members' views, and without management that is in
// place unless it has permanently reduced the need.
v1::NeedLevel CountedLevel(const v1::DomainAssessment& domain, const v1::LevelCounting& counting);

// Whether a valid fast track tool binds the ICB to decide that the person is eligible. The evidence must have
// a fast track. A tool that is not one is added to `refusal`.
bool EvaluateFastTrack(const v1::AssessmentEvidence& evidence, explain::Refusal& refusal,
                       explain::Trace& trace);

}  // namespace ipb::eligibility
