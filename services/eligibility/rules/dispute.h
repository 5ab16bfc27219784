// Disputing a determination, and what comes of it: who decided is not who looks again, a late dispute is a
// matter of discretion, and a dispute takes nothing away. What has ended or was superseded can be disputed
// for the time in which it held, and what followed stays as it is (SI 2012/2996 reg 23; National Framework,
// July 2022; SI 2009/309).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/dispute.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "services/eligibility/rules/determination.h"

namespace ipb::eligibility {

// The determination in state DISPUTED, or closed as it is, at the next stage of its regime by the policy of
// the day of receipt. Facts need caller_kind and determination. FAILED_PRECONDITION with every rule that
// refuses, see EligibilityService.DisputeDetermination; "no rate for" where policy has no stages on the day.
absl::StatusOr<DeterminationDecision> DecideDispute(const DeterminationFacts& facts,
                                                    const v1::DisputeDeterminationRequest& request,
                                                    const v1::EligibilityPolicy& policy,
                                                    absl::CivilDay today);

// The determination in state UPHELD, or closed as it is. Facts need caller_kind, by and determination.
// FAILED_PRECONDITION with every rule that refuses: see EligibilityService.UpholdDetermination.
absl::StatusOr<DeterminationDecision> DecideUpholding(const DeterminationFacts& facts,
                                                      const v1::UpholdDeterminationRequest& request,
                                                      absl::CivilDay today);

// The determination in the place of the one disputed, which becomes `superseded` in state OVERTURNED; closed
// where that one was. Facts need person, caller_kind, by, new_name and determination. FAILED_PRECONDITION
// with every rule that refuses: see EligibilityService.OverturnDetermination.
absl::StatusOr<DeterminationDecision> DecideOverturning(const DeterminationFacts& facts,
                                                        const v1::EligibilityPolicy& policy,
                                                        absl::CivilDay today);

}  // namespace ipb::eligibility
