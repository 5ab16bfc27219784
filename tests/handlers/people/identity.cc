#include "tests/handlers/people/identity.h"

#include "services/people/service.h"

namespace ipb::people {
namespace {

v1::ResponsibilityRole RoleOf(const As& as) {
  return as.organisation == ipb::testing::kIcb.organisation ? v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB
                                                            : v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE;
}

// With the reasons that the test gives for everything.
template <typename Request>
Request Deciding(const std::string& person) {
  Request request;
  request.set_name(person);
  request.set_request_id(ipb::testing::NewRequestId());
  *request.mutable_decision() = Because("It is so.");
  return request;
}

}  // namespace

v1::Identifier NhsNumber(const std::string& value) {
  v1::Identifier identifier;
  identifier.set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  identifier.set_value(value);
  return identifier;
}

v1::Identifier LocalNumber(const std::string& value) {
  v1::Identifier identifier;
  identifier.set_kind(v1::IDENTIFIER_KIND_LOCAL);
  identifier.set_value(value);
  return identifier;
}

v1::HumanDecision Because(const std::string& reasons) {
  v1::HumanDecision decision;
  decision.set_reasons(reasons);
  return decision;
}

Identity::Identity()
    : Identity(std::make_unique<RunningSuite>(std::vector<process::ServiceFactory>{Factory()})) {}

Identity::Identity(std::unique_ptr<RunningSuite> suite)
    : suite_(std::move(suite)), stub_(v1::PeopleService::NewStub(suite_->channel())) {}

Answer Identity::Register(const As& as, const v1::Identifier& identifier, const std::string& birth_date) {
  v1::RegisterPersonRequest request;
  *request.mutable_identifier() = identifier;
  request.set_birth_date(birth_date);
  request.set_role(RoleOf(as));
  request.set_request_id(ipb::testing::NewRequestId());
  return Call(&Stub::RegisterPerson, as, request);
}

Answer Identity::Accept(const As& as, const std::string& person, const std::string& organisation) {
  v1::AcceptResponsibilityRequest request;
  request.set_name(person);
  request.set_organisation(organisation);
  return Call(&Stub::AcceptResponsibility, as, request);
}

std::string Identity::RegisterForBoth(const As& first, const As& second, const v1::Identifier& identifier) {
  const Answer registered = Register(first, identifier);
  Register(second, identifier);
  Accept(first, registered.person.name(), second.organisation);
  return registered.person.name();
}

Answer Identity::Get(const As& as, const std::string& person) {
  v1::GetPersonRequest request;
  request.set_name(person);
  return Call(&Stub::GetPerson, as, request);
}

Answer Identity::Lookup(const As& as, const v1::Identifier& identifier) {
  v1::LookupPersonRequest request;
  *request.mutable_identifier() = identifier;
  return Call(&Stub::LookupPerson, as, request);
}

Answer Identity::Add(const As& as, const std::string& person, const v1::Identifier& identifier) {
  v1::AddIdentifierRequest request;
  request.set_name(person);
  *request.mutable_identifier() = identifier;
  request.set_request_id(ipb::testing::NewRequestId());
  return Call(&Stub::AddIdentifier, as, request);
}

Answer Identity::Remove(const As& as, const std::string& person, const v1::Identifier& identifier) {
  auto request = Deciding<v1::RemoveIdentifierRequest>(person);
  *request.mutable_identifier() = identifier;
  return Call(&Stub::RemoveIdentifier, as, request);
}

Answer Identity::Merge(const As& as, const std::string& person, const std::string& survivor) {
  auto request = Deciding<v1::MergePeopleRequest>(person);
  request.set_survivor(survivor);
  return Call(&Stub::MergePeople, as, request);
}

Answer Identity::Undo(const As& as, const std::string& person, const std::string& merged) {
  auto request = Deciding<v1::SplitPersonRequest>(person);
  request.set_merged(merged);
  return Call(&Stub::SplitPerson, as, request);
}

Answer Identity::Separate(const As& as, const std::string& person,
                          const std::vector<v1::Identifier>& identifiers, const std::string& birth_date) {
  auto request = Deciding<v1::SplitPersonRequest>(person);
  for (const v1::Identifier& identifier : identifiers) *request.add_identifiers() = identifier;
  request.set_birth_date(birth_date);
  return Call(&Stub::SplitPerson, as, request);
}

Answer Identity::Transfer(const As& as, const std::string& person, const std::string& organisation,
                          const std::string& date) {
  auto request = Deciding<v1::TransferResponsibilityRequest>(person);
  request.set_organisation(organisation);
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  request.set_effective_from_date(date);
  return Call(&Stub::TransferResponsibility, as, request);
}

Answer Identity::ClaimUrgently(const As& as, const v1::Identifier& identifier) {
  v1::ClaimUrgentResponsibilityRequest request;
  *request.mutable_identifier() = identifier;
  request.set_role(RoleOf(as));
  request.set_request_id(ipb::testing::NewRequestId());
  *request.mutable_decision() = Because("The person was found without anything to eat.");
  return Call(&Stub::ClaimUrgentResponsibility, as, request);
}

Answer Identity::Correct(const As& as, const std::string& person, const std::string& birth_date) {
  auto request = Deciding<v1::UpdatePersonRequest>(person);
  request.set_birth_date(birth_date);
  return Call(&Stub::UpdatePerson, as, request);
}

Answer Identity::End(const As& as, const std::string& person, const std::string& date) {
  v1::EndResponsibilityRequest request;
  request.set_name(person);
  request.set_effective_to_date(date);
  return Call(&Stub::EndResponsibility, as, request);
}

}  // namespace ipb::people
