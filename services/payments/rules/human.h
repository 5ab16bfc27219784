// The named human behind a decision, filled in from who calls.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/decision.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments {

// The decision with decider, role and organisation of the caller, and today's date where it has none.
// INVALID_ARGUMENT for a date in the future.
absl::StatusOr<v1::HumanDecision> DecidedBy(const v1::HumanDecision& decision, const Caller& caller,
                                            absl::CivilDay today);

// Whether the same human of the same organisation.
bool SamePerson(absl::string_view organisation, absl::string_view actor, const Caller& caller);

// Whether reasons are given: anything but spaces.
bool HasReasons(const v1::HumanDecision& decision);

}  // namespace ipb::payments
