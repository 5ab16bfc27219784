// The dated facts of a person's life that matter to their support.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// What recording a circumstance makes: the circumstance, and the person whom it may change.
struct CircumstanceDecision {
  v1::Circumstance circumstance;
  v1::Person person;
};

// `known` are the person's circumstances; a death is compared with them. INVALID_ARGUMENT for a first day in
// the future or before the birth. FAILED_PRECONDITION for a second death, or for what would begin after the
// death.
absl::StatusOr<CircumstanceDecision> RecordCircumstance(v1::Person person,
                                                        const std::vector<v1::Circumstance>& known,
                                                        const v1::RecordCircumstanceRequest& request,
                                                        absl::CivilDay today);

// INVALID_ARGUMENT for a last day in the future or before the first. FAILED_PRECONDITION where it has ended or is death.
absl::StatusOr<v1::Circumstance> EndCircumstance(v1::Circumstance circumstance,
                                                 const v1::EndCircumstanceRequest& request, absl::CivilDay today);

}  // namespace ipb::people::rules
