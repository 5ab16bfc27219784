// Granting a personal health budget to who is eligible, save to the extent that it is not appropriate, and
// reviewing that (SI 2012/2996 reg 32B(4)).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/eligibility_service.pb.h"
#include "services/eligibility/rules/determination.h"

namespace ipb::eligibility {

// The determination with one decision more. Facts need caller_kind, by and determination; under the regime
// WHEELCHAIR also person and others. The handler stamps the instant on the last decision. FAILED_PRECONDITION
// with every rule that refuses: see EligibilityService.RecordBudgetGrant.
absl::StatusOr<DeterminationDecision> DecideBudgetGrant(const DeterminationFacts& facts,
                                                        const v1::RecordBudgetGrantRequest& request,
                                                        const v1::EligibilityPolicy& policy,
                                                        absl::CivilDay today);

}  // namespace ipb::eligibility
