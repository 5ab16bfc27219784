// From an identifier to the claim that stands for it, and from the claim to the person.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/call/call.h"
#include "ipb/v1/people_service.pb.h"
#include "services/people/rules/identifier.h"
#include "services/people/rules/registrant.h"

namespace ipb::people::handlers {

// What is wrong with an identifier besides its form: a malformed NHS number, or one of the test range where
// this deployment is not a test. Empty where nothing is.
std::string IdentifierFault(const call::Call& call, const v1::Identifier& identifier);

// A claim as it is kept: the subject that changes of it go to, and what it says. Where the identifier was
// never claimed `claim` names its origin and no person.
struct FoundClaim {
  call::Subject subject;
  state::v1::Claim claim;
  // How a person's record shows the identifier; only from FindClaim.
  v1::HeldIdentifier shown;
};

// The claim of an identifier, whichever key it was named by; one named by an older key is rewritten under the
// current one as it is met. A local identifier is the caller's own, or one of an organisation that the caller
// succeeds. INVALID_ARGUMENT for a fault of the identifier, told of `field`.
async::Task<absl::StatusOr<FoundClaim>> FindClaim(call::Call& call, v1::Identifier identifier,
                                                  std::string field);

// The claim of that name, or the one that it was rewritten to.
async::Task<absl::StatusOr<FoundClaim>> FindClaimNamed(call::Call& call, std::string name);

// Points the claim to a person, or to nobody.
async::Task<absl::Status> PointClaim(call::Call& call, FoundClaim found, std::string person);

// The person who is found where a claim points to: themselves, or the last in the line of those they were
// merged into. Nobody's access is looked at.
async::Task<absl::StatusOr<std::string>> SurvivorOf(call::Call& call, std::string person);

// The identifier of a claim as the rules see it.
async::Task<absl::StatusOr<rules::MetIdentifier>> Meet(call::Call& call, v1::HeldIdentifier shown,
                                                       state::v1::Claim claim);

// Who calls, as the rules see them.
rules::Registrant By(const call::Call& call);

// Writes the person and with it the access record that opens it to the organisations responsible.
void PutPerson(call::Subject& subject, v1::Person& person);

// Sets what storing adds to a decided person: the instant of recording, on every part that has none yet.
v1::Person& Stamp(const call::Call& call, v1::Person& person);

}  // namespace ipb::people::handlers
