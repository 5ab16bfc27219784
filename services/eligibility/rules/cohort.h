// The tests of after-care and of wheelchairs, which have no national tool, and which regime puts a person in
// which cohort of the right to a personal health budget.
#pragma once

#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/personal_health_budget.pb.h"

namespace ipb::eligibility {

// Whether Mental Health Act 1983 s117(1) is met on `day`: a qualifying detention that ended, and hospital
// left.
bool EvaluateAfterCare(const v1::AfterCareEvidence& evidence, absl::CivilDay day, explain::Refusal& refusal,
                       explain::Trace& trace);

// How many of the needs listed are met by after-care, with why for each: it comes of the mental disorder, and
// meeting it reduces the risk of a deterioration (Mental Health Act 1983 s117(6)). The others are met under
// other law.
int CountAfterCareNeeds(const v1::AfterCareEvidence& evidence, explain::Trace& trace);

// Whether the criteria of the wheelchair service are met for a long-term need (SI 2012/2996 reg 32A).
bool EvaluateWheelchair(const v1::WheelchairEvidence& evidence, explain::Trace& trace);

// The cohort of a regime; unspecified for the Care Act, whose budget is not a health budget.
v1::PersonalHealthBudgetCohort CohortOf(v1::EligibilityRegime regime);

}  // namespace ipb::eligibility
