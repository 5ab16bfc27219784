// The tests of after-care and of wheelchairs, which have no national tool, and which regime puts a person in
// which cohort of the right to a personal health budget.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/personal_health_budget.pb.h"

namespace ipb::eligibility {

// What the test of after-care finds.
struct AfterCareFinding {
  // Whether Mental Health Act 1983 s117(1) is met: a qualifying detention that ended, and hospital left.
  bool qualifies = false;
  // The code of the council that has the duty with the integrated care board; empty where it is not met.
  std::string council;
};

// The test of after-care on `day`. What is missing, contradictory or not for the law of the day on which the
// detention began is added to `refusal`. "No rate for" where policy has no law for that day.
absl::StatusOr<AfterCareFinding> EvaluateAfterCare(const v1::AfterCareEvidence& evidence,
                                                   const v1::EligibilityPolicy& policy, absl::CivilDay day,
                                                   explain::Refusal& refusal, explain::Trace& trace);

// How many of the needs listed are met by after-care, with why for each: it comes of the mental disorder, and
// meeting it reduces the risk of a deterioration (Mental Health Act 1983 s117(6)). The others are met under
// other law.
int CountAfterCareNeeds(const v1::AfterCareEvidence& evidence, explain::Trace& trace);

// Whether the criteria of the wheelchair service are met for a long-term need (SI 2012/2996 reg 32A).
bool EvaluateWheelchair(const v1::WheelchairEvidence& evidence, explain::Trace& trace);

// The cohort of a regime; unspecified for the Care Act, whose budget is not a health budget.
v1::PersonalHealthBudgetCohort CohortOf(v1::EligibilityRegime regime);

}  // namespace ipb::eligibility
