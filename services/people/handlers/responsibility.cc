#include "common/errors/status_macros.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/rules/person.h"

namespace ipb::people::handlers {

Answer<v1::Person> AcceptResponsibility(const Upstreams&, call::Call& call,
                                        const v1::AcceptResponsibilityRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  IPB_CO_ASSIGN_OR_RETURN(person,
                          rules::Accept(std::move(person), request, call.caller().organisation, call.today()));
  PutPerson(subject, person);
  auto committing = call.Commit(std::move(subject), std::move(person));
  co_return co_await committing;
}

Answer<v1::Person> EndResponsibility(const Upstreams&, call::Call& call, const v1::EndResponsibilityRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  IPB_CO_ASSIGN_OR_RETURN(person, rules::End(std::move(person), request, call.caller().organisation, call.today()));
  PutPerson(subject, person);
  auto committing = call.Commit(std::move(subject), std::move(person));
  co_return co_await committing;
}

}  // namespace ipb::people::handlers
