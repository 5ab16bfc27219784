#include "common/errors/status_macros.h"
#include "services/careplanning/handlers/facts.h"
#include "services/careplanning/handlers/handlers.h"
#include "services/careplanning/rules/plan_check.h"
#include "services/careplanning/rules/spending.h"

namespace ipb::careplanning::handlers {

Answer<v1::Plan> GetPlan(const Upstreams&, call::Call& call, const v1::GetPlanRequest& request) {
  const std::string explained = call::ExplanationRecordOf(request.name());
  auto loading = call.Load(request.name(), {explained});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  if (auto explanation = subject.FindRecord<v1::Explanation>(explained)) {
    *plan.mutable_explanation() = *std::move(explanation);
  }
  co_return plan;
}

Answer<v1::ListPlansResponse> ListPlans(const Upstreams&, call::Call& call, const v1::ListPlansRequest& request) {
  auto listing = call.ListOf<v1::Plan>(request.parent(), kPlans, request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListPlansResponse reply;
  for (v1::Plan& plan : page.resources) *reply.add_plans() = std::move(plan);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

Answer<v1::CheckPlanResponse> CheckPlan(const Upstreams& upstreams, call::Call& call,
                                        const v1::CheckPlanRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  auto reading = ReadBudget(upstreams, call, plan.budget());
  IPB_CO_ASSIGN_OR_RETURN(const BudgetFacts budget, co_await reading);
  IPB_CO_ASSIGN_OR_RETURN(const PlanCheck check,
                          careplanning::CheckPlan(plan, budget, PolicyFor(call, plan, budget), call.today()));
  v1::CheckPlanResponse reply;
  reply.set_complete(check.gaps.empty());
  for (const explain::Refusal::Violation& violation : check.gaps.violations()) {
    v1::PlanFinding* finding = reply.add_findings();
    finding->set_rule_id(violation.rule_id);
    finding->set_subject(violation.subject);
    finding->set_description(violation.description);
  }
  *reply.mutable_explanation() = Explain(call, check.trace);
  co_return reply;
}

Answer<v1::CheckSpendingResponse> CheckSpending(const Upstreams&, call::Call& call,
                                                const v1::CheckSpendingRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(request.name()));
  IPB_CO_ASSIGN_OR_RETURN(SpendingDecision decision, DecideSpending(plan, request, PolicyFor(call, plan)));
  *decision.response.mutable_explanation() = Explain(call, decision.trace);
  co_return std::move(decision.response);
}

}  // namespace ipb::careplanning::handlers
