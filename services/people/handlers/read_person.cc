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
  IPB_CO_ASSIGN_OR_RETURN(const FoundClaim found, co_await finding);
  const std::string claimed = found.claim.person();
  // The name stays unsaid to whoever may not know the person.
  const absl::Status nobody = errors::NotFound("a person with this identifier");
  if (claimed.empty()) co_return nobody;
  auto loading = call.Load(claimed);
  const absl::StatusOr<call::Subject> subject = co_await loading;
  if (subject.ok() && subject->access().merged_into().empty()) co_return subject->Get<v1::Person>(claimed);
  if (!subject.ok() && !absl::IsNotFound(subject.status())) co_return subject.status();
  auto following = SurvivorOf(call, claimed);
  IPB_CO_ASSIGN_OR_RETURN(const std::string survivor, co_await following);
  auto loading_survivor = call.Load(survivor);
  const absl::StatusOr<call::Subject> other = co_await loading_survivor;
  if (other.ok()) co_return other->Get<v1::Person>(survivor);
  if (!absl::IsNotFound(other.status())) co_return other.status();
  // An organisation of who was merged is let in to the survivor a moment later, and finds who was merged
  // until then.
  if (subject.ok()) co_return subject->Get<v1::Person>(claimed);
  co_return nobody;
}

}  // namespace ipb::people::handlers
