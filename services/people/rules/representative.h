// Who may act for a person.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// INVALID_ARGUMENT for a first day before the birth. FAILED_PRECONDITION for a person who has died, and for
// authority that begins before the person is old enough for it: Care Act 2014 ss31-32 are for adults, SI
// 2013/1617 reg 5 and 6 for those of 16 and over.
absl::StatusOr<v1::Representative> Appoint(const v1::Person& person, const v1::AppointRepresentativeRequest& request,
                                           absl::CivilDay today);

// INVALID_ARGUMENT for a last day before the first. FAILED_PRECONDITION where it has ended.
absl::StatusOr<v1::Representative> EndAppointment(v1::Representative representative,
                                                  const v1::EndRepresentativeRequest& request);

}  // namespace ipb::people::rules
