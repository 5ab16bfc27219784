#include "common/errors/status_macros.h"
#include "services/careplanning/handlers/facts.h"
#include "services/careplanning/handlers/handlers.h"
#include "services/careplanning/rules/activation.h"
#include "services/careplanning/rules/plan_approval.h"
#include "services/careplanning/rules/plan_moves.h"
#include "services/careplanning/work/jobs.h"

namespace ipb::careplanning::handlers {
namespace {

// The plan as it stands now. A call of its own, because this one would be answered by its own remembered reply.
Answer<v1::Plan> Reload(call::Call& call, std::string name) {
  call::RequestInfo info;
  info.method = call.info().method;
  info.deadline = call.info().deadline;
  call::Call again(call.environment(), call.caller(), std::move(info));
  v1::GetPlanRequest request;
  request.set_name(std::move(name));
  const Upstreams none;
  auto reading = GetPlan(none, again, request);
  co_return co_await reading;
}

// Commits an agreement or approval. The last of them commits also the work of putting the plan into effect, which is
// tried at once: the reply shows the state that it reached. What is not finished by then, the worker finishes. A preview
// shows the state that the agreement itself reaches, and does not ask allocation: what allocation refuses does not
// refuse the agreement.
Answer<v1::Plan> CommitAgreement(call::Call& call, call::Subject subject, PlanDecision decision, PlanPolicy policy) {
  v1::Plan& plan = Stamp(call, decision);
  subject.Put(plan);
  const std::string person = subject.name();
  std::string work;
  if (plan.state() == v1::Plan::STATE_APPROVED) {
    work = EnqueueActivation(call, subject, plan, DecidingApproval(plan, policy, call.today()));
  }
  auto committing = call.Commit(std::move(subject), plan);
  IPB_CO_ASSIGN_OR_RETURN(v1::Plan committed, co_await committing);
  if (work.empty() || call.info().validate_only) co_return committed;
  auto activating = call.environment().work->RunNow(person, std::move(work));
  (co_await activating).IgnoreError();
  auto reloading = Reload(call, plan.name());
  absl::StatusOr<v1::Plan> reached = co_await reloading;
  if (!reached.ok()) co_return committed;
  co_return *std::move(reached);
}

}  // namespace

Answer<v1::Plan> ProposePlan(const Upstreams& upstreams, call::Call& call, const v1::ProposePlanRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), plan));
  auto reading = ReadBudget(upstreams, call, plan.budget());
  IPB_CO_ASSIGN_OR_RETURN(const BudgetFacts budget, co_await reading);
  IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision,
                          DecidePropose(plan, budget, PolicyFor(call, plan, budget), call.today()));
  v1::Plan& proposed = Stamp(call, decision);
  subject.Put(proposed);
  auto committing = call.Commit(std::move(subject), std::move(proposed));
  co_return co_await committing;
}

Answer<v1::Plan> SignPlan(const Upstreams& upstreams, call::Call& call, const v1::SignPlanRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), plan));
  auto reading = ReadPerson(upstreams, call, subject.name(), subject.access());
  IPB_CO_ASSIGN_OR_RETURN(PersonFacts person, co_await reading);
  auto listing = upstreams.list_representatives(call, subject.name());
  IPB_CO_ASSIGN_OR_RETURN(person.representatives, co_await listing);
  const PlanPolicy policy = PolicyFor(call, plan);
  IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision,
                          DecideSign(plan, person, request, By(call), policy, call.today()));
  auto committing = CommitAgreement(call, std::move(subject), std::move(decision), policy);
  co_return co_await committing;
}

Answer<v1::Plan> ApprovePlan(const Upstreams& upstreams, call::Call& call, const v1::ApprovePlanRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), plan));
  auto reading = ReadBudget(upstreams, call, plan.budget());
  IPB_CO_ASSIGN_OR_RETURN(const BudgetFacts budget, co_await reading);
  const PlanPolicy policy = PolicyFor(call, plan, budget);
  IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision,
                          DecideApprove(plan, budget, request, By(call), policy, call.today()));
  auto committing = CommitAgreement(call, std::move(subject), std::move(decision), policy);
  co_return co_await committing;
}

Answer<v1::Plan> ReturnPlan(const Upstreams&, call::Call& call, const v1::ReturnPlanRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), plan));
  IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision, DecideReturn(plan, request, By(call), call.today()));
  v1::Plan& returned = Stamp(call, decision);
  subject.Put(returned);
  auto committing = call.Commit(std::move(subject), std::move(returned));
  co_return co_await committing;
}

}  // namespace ipb::careplanning::handlers
