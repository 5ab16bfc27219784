#include "services/people/handlers/claim.h"

#include "common/client/access_source.h"
#include "common/errors/errors.h"
#include "common/identifiers/nhs_number.h"

namespace ipb::people::handlers {

absl::StatusOr<std::string> ClaimOf(const call::Call& call, const v1::Identifier& identifier) {
  const std::string kind = v1::IdentifierKind_Name(identifier.kind());
  if (identifier.kind() != v1::IDENTIFIER_KIND_NHS_NUMBER) {
    return call.environment().claims->Name({kind, call.caller().organisation, identifier.value()});
  }
  const auto range = identifiers::CheckNhsNumber(identifier.value());
  if (!range.ok()) return errors::InvalidField("identifier.value", std::string(range.status().message()));
  if (*range == identifiers::NhsNumberRange::kTest && !call.environment().test_people) {
    return errors::InvalidField("identifier.value",
                                "is in the range 999 that is never issued; this deployment is not a test");
  }
  return call.environment().claims->Name({kind, "", identifier.value()});
}

void PutPerson(call::Subject& subject, v1::Person& person) {
  subject.Put(person);
  subject.SetAccess(client::AccessRecordOf(person));
}

}  // namespace ipb::people::handlers
