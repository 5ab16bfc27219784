// From an identifier to the claim that stands for it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/call/call.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::handlers {

// What is wrong with an identifier besides its form: a malformed NHS number, or one of the test range where
// this deployment is not a test. Empty where nothing is.
std::string IdentifierFault(const call::Call& call, const v1::Identifier& identifier);

// `identifiers/{claim}`. INVALID_ARGUMENT for a fault of the identifier.
absl::StatusOr<std::string> ClaimOf(const call::Call& call, const v1::Identifier& identifier);

// Writes the person and with it the access record that opens it to the organisations responsible.
void PutPerson(call::Subject& subject, v1::Person& person);

}  // namespace ipb::people::handlers
