#include <utility>
#include <vector>

#include "common/dates/civil.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/charge.h"
#include "services/allocation/rules/costed_plan.h"

namespace ipb::allocation::handlers {

Answer<v1::EvaluateChargeResponse> EvaluateCharge(const Upstreams&, call::Call& call,
                                                  const v1::EvaluateChargeRequest& request) {
  IPB_CO_ASSIGN_OR_RETURN(
      ChargeDecision decision,
      DecideCharge(request, NationalPolicy(call), LocalPolicy(call, call.caller().organisation)));
  v1::EvaluateChargeResponse reply;
  *reply.mutable_charge() = std::move(decision.charge);
  *reply.mutable_explanation() = Explain(call, decision.trace);
  co_return reply;
}

Answer<v1::EvaluateAllocationResponse> EvaluateAllocation(const Upstreams&, call::Call& call,
                                                          const v1::EvaluateAllocationRequest& request) {
  const std::vector<v1::BudgetComponent> components(request.components().begin(), request.components().end());
  explain::Trace trace;
  IPB_CO_ASSIGN_OR_RETURN(v1::Costing costing,
                          CostPlan(components, dates::Checked(request.decision_date()),
                                   LocalPolicy(call, call.caller().organisation), trace));
  v1::EvaluateAllocationResponse reply;
  *reply.mutable_costing() = std::move(costing);
  *reply.mutable_explanation() = Explain(call, trace);
  co_return reply;
}

}  // namespace ipb::allocation::handlers
