#include "services/careplanning/rules/plan_end.h"

#include "common/errors/status_macros.h"
#include "services/careplanning/handlers/facts.h"
#include "services/careplanning/handlers/handlers.h"

namespace ipb::careplanning::handlers {

Answer<v1::Plan> EndPlan(const Upstreams& upstreams, call::Call& call, const v1::EndPlanRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), plan));
  auto reading = ReadPerson(upstreams, call, subject.name(), subject.access());
  IPB_CO_ASSIGN_OR_RETURN(const PersonFacts person, co_await reading);
  IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision,
                          DecideEnd(plan, person, request, By(call), PolicyFor(call, plan), call.today()));
  v1::Plan& ended = Stamp(call, decision);
  subject.Put(ended);
  auto committing = call.Commit(std::move(subject), std::move(ended));
  co_return co_await committing;
}

}  // namespace ipb::careplanning::handlers
