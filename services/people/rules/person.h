// Who is responsible for a person, and who lets another in.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/errors/errors.h"
#include "ipb/v1/options.pb.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// The organisation that registers a person, and what kind of body it is.
struct Registrant {
  std::string organisation;
  v1::CallerKind kind = v1::CALLER_KIND_UNSPECIFIED;
};

// The dates of a registration that cannot be: a birth in the future or before 1900, a responsibility before
// the birth.
std::vector<errors::FieldViolation> WrongDates(const v1::RegisterPersonRequest& request,
                                               absl::CivilDay today);

// A new person with the caller as first responsible organisation. `name` and `etag` are left to the handler.
// INVALID_ARGUMENT for wrong dates.
// FAILED_PRECONDITION for a role in which a body of this kind is never responsible.
absl::StatusOr<v1::Person> Register(const v1::RegisterPersonRequest& request, const Registrant& by,
                                    absl::CivilDay today);

// A known person whom another organisation registers too: its responsibility is added as pending, or left as
// it is where it has one that has not ended. Errors as of Register.
absl::StatusOr<v1::Person> AskToJoin(v1::Person person, const v1::RegisterPersonRequest& request,
                                     const Registrant& by, absl::CivilDay today);

// Whether the organisation has a responsibility that is accepted and in effect on the day, which gives
// access.
bool IsResponsible(const v1::Person& person, const std::string& organisation, absl::CivilDay day);

// The person with the pending responsibility of `request.organisation` accepted by `organisation`.
// FAILED_PRECONDITION where there is none pending or it is the caller's own.
absl::StatusOr<v1::Person> Accept(v1::Person person, const v1::AcceptResponsibilityRequest& request,
                                  const std::string& organisation, absl::CivilDay today);

// The person with the responsibility of `organisation` ended. FAILED_PRECONDITION where it is the last one.
absl::StatusOr<v1::Person> End(v1::Person person, const v1::EndResponsibilityRequest& request,
                               const std::string& organisation, absl::CivilDay today);

}  // namespace ipb::people::rules
