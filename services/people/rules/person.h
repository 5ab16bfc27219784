// Who a person is: registration, and corrections of it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/errors/errors.h"
#include "ipb/v1/people_service.pb.h"
#include "services/people/rules/registrant.h"

namespace ipb::people::rules {

// What is wrong with a date of birth: none given, in the future, or before 1900.
std::vector<errors::FieldViolation> WrongBirth(const std::string& birth_date, absl::CivilDay today);

// The dates of a registration that cannot be: a birth in the future or before 1900, a responsibility before
// the birth.
std::vector<errors::FieldViolation> WrongDates(const v1::RegisterPersonRequest& request,
                                               absl::CivilDay today);

// A new person with the caller as first responsible organisation. `name` and `etag` are left to the handler.
// INVALID_ARGUMENT for wrong dates.
// FAILED_PRECONDITION for a role in which a body of this kind is never responsible.
absl::StatusOr<v1::Person> Register(const v1::RegisterPersonRequest& request, const Registrant& by,
                                    absl::CivilDay today);

// A known person whom an organisation registers too (Ask). Errors as of Register and Ask.
absl::StatusOr<v1::Person> AskToJoin(v1::Person person, const v1::RegisterPersonRequest& request,
                                     const Registrant& by, absl::CivilDay today);

// What is recorded of a person with dates, beside the person.
struct DatedFacts {
  std::vector<v1::Circumstance> circumstances;
  std::vector<v1::Representative> representatives;
  std::vector<v1::CapacityDecision> capacity;
  std::vector<v1::PaymentExclusion> exclusions;
  std::vector<v1::PersonRelationship> relationships;
};

// The person with another date of birth, and the one before among those superseded. INVALID_ARGUMENT for an
// impossible date or a decision without reasons. FAILED_PRECONDITION for the date on record, and where
// something recorded would be before the birth; what waits, was withdrawn or was corrected is not looked at.
absl::StatusOr<v1::Person> CorrectBirthDate(v1::Person person, const v1::UpdatePersonRequest& request,
                                            const v1::HumanDecision& decision, const DatedFacts& facts,
                                            absl::CivilDay today);

}  // namespace ipb::people::rules
