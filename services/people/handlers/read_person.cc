#include "common/errors/status_macros.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"

namespace ipb::people::handlers {

Answer<v1::Person> GetPerson(const Upstreams&, call::Call& call, const v1::GetPersonRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  co_return subject.Get<v1::Person>(request.name());
}

Answer<v1::Person> LookupPerson(const Upstreams&, call::Call& call, const v1::LookupPersonRequest& request) {
  auto finding = FindClaim(call, request.identifier(), "identifier");
  IPB_CO_ASSIGN_OR_RETURN(const FoundClaim claim, co_await finding);
  auto following = SurvivorOf(call, claim.claim.person());
  IPB_CO_ASSIGN_OR_RETURN(const std::string survivor, co_await following);
  // An organisation of who was merged is let in to the survivor a moment later, and finds who was merged
  // until then.
  std::vector<std::string> names = {survivor, claim.claim.person()};
  for (const std::string& name : names) {
    if (name.empty()) break;
    auto loading = call.Load(name);
    const absl::StatusOr<call::Subject> subject = co_await loading;
    if (subject.ok()) co_return subject->Get<v1::Person>(name);
    if (!absl::IsNotFound(subject.status())) co_return subject.status();
  }
  // The name stays unsaid to whoever may not know the person.
  co_return errors::NotFound("a person with this identifier");
}

}  // namespace ipb::people::handlers
