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
  IPB_CO_ASSIGN_OR_RETURN(const std::string claim_name, ClaimOf(call, request.identifier()));
  auto claiming = call.LoadUnguarded(claim_name, {"."});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject claim, co_await claiming);
  const auto known = claim.FindRecord<state::v1::Claim>(".");
  if (!known) co_return errors::NotFound("a person with this identifier");
  auto loading = call.Load(known->person());
  const absl::StatusOr<call::Subject> subject = co_await loading;
  // The name stays unsaid to whoever may not know the person.
  if (!subject.ok() && subject.status().code() == absl::StatusCode::kNotFound) {
    co_return errors::NotFound("a person with this identifier");
  }
  IPB_CO_RETURN_IF_ERROR(subject.status());
  co_return subject->Get<v1::Person>(known->person());
}

}  // namespace ipb::people::handlers
