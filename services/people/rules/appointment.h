// What must be established before somebody acts for a person, kind by kind.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/errors/errors.h"
#include "common/explain/trace.h"
#include "services/people/rules/authority.h"

namespace ipb::people::rules {

// The fields of an appointment that cannot be: dates, and what is missing from or does not belong to the
// kind.
std::vector<errors::FieldViolation> WrongFields(const v1::AppointRepresentativeRequest& request,
                                                const v1::Person& person, absl::CivilDay first,
                                                absl::CivilDay today);

// Adds every condition of the kind that is not met on the first day: those that the body establishes, the
// person's capacity as it is on record, and whoever is authorised under the Mental Capacity Act 2005.
void CheckConditions(const AuthorityFacts& facts, const v1::AppointRepresentativeRequest& request,
                     absl::CivilDay first, explain::Refusal& refusal);

// Adds where the record of whoever is appointed was not checked and had to be. NO_RATE where no row of policy
// says whether it has to be.
absl::Status CheckDisclosure(const v1::AuthorityPolicy& policy,
                             const v1::AppointRepresentativeRequest& request, absl::CivilDay first,
                             explain::Refusal& refusal);

}  // namespace ipb::people::rules
