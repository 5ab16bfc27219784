// Who may act for a person.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "services/people/rules/authority.h"

namespace ipb::people::rules {

// A new appointment, and why. Name and instants are left to the handler.
struct AppointmentDecision {
  v1::Representative representative;
  explain::Trace trace;
};

// `by` is the named human of the call who is satisfied of the conditions. INVALID_ARGUMENT and
// FAILED_PRECONDITION as the contract says of the method: Care Act 2014 ss31-32 are for adults, SI 2013/1617
// regs 5-6 for those of 16 and over, parental responsibility for those under 16.
absl::StatusOr<AppointmentDecision> Appoint(const AuthorityFacts& facts,
                                            const v1::AppointRepresentativeRequest& request,
                                            const v1::HumanDecision& by, absl::CivilDay today);

// INVALID_ARGUMENT for a last day before the first. FAILED_PRECONDITION where it has ended.
absl::StatusOr<v1::Representative> EndAppointment(v1::Representative representative,
                                                  const v1::EndRepresentativeRequest& request);

}  // namespace ipb::people::rules
