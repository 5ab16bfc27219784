#include "services/people/handlers/claim.h"

#include <utility>

#include "common/client/access_source.h"
#include "common/errors/errors.h"
#include "common/identifiers/nhs_number.h"

namespace ipb::people::handlers {

std::string IdentifierFault(const call::Call& call, const v1::Identifier& identifier) {
  if (identifier.kind() != v1::IDENTIFIER_KIND_NHS_NUMBER) return "";
  const auto range = identifiers::CheckNhsNumber(identifier.value());
  if (!range.ok()) return std::string(range.status().message());
  const bool test = *range == identifiers::NhsNumberRange::kTest;
  if (test && !call.environment().test_people) {
    return "is in the range 999 that is never issued; this deployment is not a test";
  }
  return "";
}

absl::StatusOr<std::string> ClaimOf(const call::Call& call, const v1::Identifier& identifier) {
  std::string fault = IdentifierFault(call, identifier);
  if (!fault.empty()) return errors::InvalidField("identifier.value", std::move(fault));
  const bool national = identifier.kind() == v1::IDENTIFIER_KIND_NHS_NUMBER;
  return call.environment().claims->Name({v1::IdentifierKind_Name(identifier.kind()),
                                          national ? "" : call.caller().organisation, identifier.value()});
}

void PutPerson(call::Subject& subject, v1::Person& person) {
  subject.Put(person);
  subject.SetAccess(client::AccessRecordOf(person));
}

}  // namespace ipb::people::handlers
