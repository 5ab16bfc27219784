#include <algorithm>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/careplanning/handlers/facts.h"
#include "services/careplanning/handlers/handlers.h"

namespace ipb::careplanning::handlers {
namespace {

// The budget that the draft names after the change.
const std::string& BudgetAfter(const v1::Plan& plan, const v1::UpdatePlanRequest& request) {
  const auto& paths = request.update_mask().paths();
  const bool changes = std::find(paths.begin(), paths.end(), "budget") != paths.end();
  return changes ? request.plan().budget() : plan.budget();
}

// Numbers the new draft, and commits it.
Answer<v1::Plan> CommitNew(call::Call& call, call::Subject subject, PlanDecision decision) {
  decision.plan.set_name(names::Child(subject.name(), kPlans, subject.Next(kPlans)));
  v1::Plan& plan = Stamp(call, decision);
  subject.Put(plan);
  auto committing = call.Commit(std::move(subject), std::move(plan));
  co_return co_await committing;
}

}  // namespace

Answer<v1::Plan> CreatePlan(const Upstreams& upstreams, call::Call& call, const v1::CreatePlanRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto reading = ReadDraftFacts(upstreams, call, request.parent(), subject.access(), request.plan().budget());
  IPB_CO_ASSIGN_OR_RETURN(const DraftFacts facts, co_await reading);
  IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision,
                          DecideCreate(facts, request, By(call), PolicyFor(call, request.plan(), facts.budget),
                                       call.today()));
  auto committing = CommitNew(call, std::move(subject), std::move(decision));
  co_return co_await committing;
}

Answer<v1::Plan> UpdatePlan(const Upstreams& upstreams, call::Call& call, const v1::UpdatePlanRequest& request) {
  const std::string& name = request.plan().name();
  if (!names::Matches(name, "people/{person}/plans/{n}")) {
    co_return errors::InvalidField("plan.name", "must be given as people/{person}/plans/{n}");
  }
  auto loading = call.Load(name);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(name));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), plan));
  auto reading = ReadDraftFacts(upstreams, call, subject.name(), subject.access(), BudgetAfter(plan, request));
  IPB_CO_ASSIGN_OR_RETURN(const DraftFacts facts, co_await reading);
  IPB_CO_ASSIGN_OR_RETURN(
      PlanDecision decision,
      DecideUpdate(plan, facts, request, By(call), PolicyFor(call, plan, facts.budget), call.today()));
  v1::Plan& updated = Stamp(call, decision);
  subject.Put(updated);
  auto committing = call.Commit(std::move(subject), std::move(updated));
  co_return co_await committing;
}

Answer<v1::Plan> RevisePlan(const Upstreams& upstreams, call::Call& call, const v1::RevisePlanRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan active, subject.Get<v1::Plan>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), active));
  const std::string& budget = request.budget().empty() ? active.budget() : request.budget();
  auto reading = ReadDraftFacts(upstreams, call, subject.name(), subject.access(), budget);
  IPB_CO_ASSIGN_OR_RETURN(const DraftFacts facts, co_await reading);
  IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision, DecideRevise(active, facts, request, By(call)));
  auto committing = CommitNew(call, std::move(subject), std::move(decision));
  co_return co_await committing;
}

}  // namespace ipb::careplanning::handlers
