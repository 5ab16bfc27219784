// NHS-funded nursing care (SI 2012/2996 reg 28): whether a registered nurse is needed in a care home, and
// what the ICB pays to the home.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/nursing_care.pb.h"

namespace ipb::eligibility {

// Whether nursing care is needed and at which band, by the policy of the nursing assessment's own date. The
// evidence must have the nursing part. What it lacks or contradicts is added to `refusal`; the finding is
// then without meaning. FAILED_PRECONDITION "no rate for" where policy has no row for the day.
absl::StatusOr<v1::NursingCareFinding> EvaluateNursingCare(const v1::AssessmentEvidence& evidence,
                                                           const v1::EligibilityPolicy& policy,
                                                           explain::Refusal& refusal, explain::Trace& trace);

// What the ICB pays to the home for the week of `day`, by what had been announced on `known_day` (everything
// where empty). A week in which the rate changes has each rate for its days. FAILED_PRECONDITION "no rate
// for" where no rate of the day had been announced.
absl::StatusOr<v1::NursingCarePayment> NursingCarePaymentOn(v1::NursingCareBand band, absl::CivilDay day,
                                                            std::optional<absl::CivilDay> known_day,
                                                            const v1::EligibilityPolicy& policy);

}  // namespace ipb::eligibility
