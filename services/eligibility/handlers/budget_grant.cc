#include "services/eligibility/rules/budget_grant.h"

#include "common/errors/status_macros.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/handlers/handlers.h"

namespace ipb::eligibility::handlers {

Answer<v1::Determination> RecordBudgetGrant(const Upstreams&, call::Call& call,
                                            const v1::RecordBudgetGrantRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  DeterminationFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.determination, subject.Get<v1::Determination>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.determination));
  facts.caller_kind = call.caller().kind;
  facts.by = call.DecidedBy(request.grant().decision());
  if (facts.determination.regime() == v1::ELIGIBILITY_REGIME_WHEELCHAIR) {
    auto asking = PersonOf(call, subject);
    IPB_CO_ASSIGN_OR_RETURN(facts.person, co_await asking);
    auto listing = DeterminationsOf(call, subject.name(), request.name());
    IPB_CO_ASSIGN_OR_RETURN(facts.others, co_await listing);
  }
  AddSuccessions(call, {}, facts);
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision,
                          DecideBudgetGrant(facts, request, PolicyOf(call), call.today()));
  v1::Determination granted = std::move(decision.determination);
  call::SetTime(call.now(), granted.mutable_recorded_time());
  call::SetTime(call.now(), granted.mutable_budget_grants()->rbegin()->mutable_recorded_time());
  *granted.mutable_explanation() = Explain(call, decision.trace);
  subject.Put(granted);
  auto committing = call.Commit(std::move(subject), std::move(granted));
  co_return co_await committing;
}

}  // namespace ipb::eligibility::handlers
