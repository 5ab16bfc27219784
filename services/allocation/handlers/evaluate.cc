#include <utility>
#include <vector>

#include "common/async/executor.h"
#include "common/dates/civil.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/charge.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/indicative_amount.h"
#include "services/allocation/rules/table_fit.h"
#include "services/allocation/rules/written_record.h"

namespace ipb::allocation::handlers {

Answer<v1::EvaluateChargeResponse> EvaluateCharge(const Upstreams&, call::Call& call,
                                                  const v1::EvaluateChargeRequest& request) {
  const absl::CivilDay day = dates::Checked(request.decision_date());
  const ChargingRates rates = RatesOn(day, PoliciesOf(call, call.caller().organisation));
  explain::Trace trace;
  IPB_CO_ASSIGN_OR_RETURN(v1::ChargeCalculation charge,
                          DecideCharge(request.facts(), request.lines(), rates, trace));
  v1::EvaluateChargeResponse reply;
  *reply.mutable_charge() = std::move(charge);
  *reply.mutable_explanation() = Explain(call, trace);
  reply.set_written_record(WrittenRecord(reply.charge(), day, reply.explanation()));
  co_return reply;
}

Answer<v1::EvaluateAllocationResponse> EvaluateAllocation(const Upstreams&, call::Call& call,
                                                          const v1::EvaluateAllocationRequest& request) {
  const std::vector<v1::BudgetComponent> components(request.components().begin(), request.components().end());
  const Policies policies = PoliciesOf(call, call.caller().organisation);
  explain::Refusal refusal;
  explain::Trace trace;
  IPB_CO_ASSIGN_OR_RETURN(v1::Costing costing, CostPlan(components, dates::Checked(request.decision_date()),
                                                        policies, refusal, trace));
  IPB_CO_RETURN_IF_ERROR(refusal.ToStatus());
  v1::EvaluateAllocationResponse reply;
  *reply.mutable_costing() = std::move(costing);
  *reply.mutable_explanation() = Explain(call, trace);
  co_return reply;
}

Answer<v1::EvaluateIndicativeAmountResponse> EvaluateIndicativeAmount(
    const Upstreams&, call::Call& call, const v1::EvaluateIndicativeAmountRequest& request) {
  explain::Trace trace;
  IPB_CO_ASSIGN_OR_RETURN(v1::IndicativeAmount amount,
                          DecideIndicativeAmount(request, call.caller().kind,
                                                 PoliciesOf(call, call.caller().organisation).local, trace));
  v1::EvaluateIndicativeAmountResponse reply;
  *reply.mutable_amount() = std::move(amount);
  *reply.mutable_explanation() = Explain(call, trace);
  co_return reply;
}

// A sample of thousands waits its turn with other bulk work.
Answer<v1::FitAllocationTableResponse> FitAllocationTable(const Upstreams&, call::Call& call,
                                                          const v1::FitAllocationTableRequest& request) {
  auto yielding = call.environment().bulk_executor->Yield();
  co_await yielding;
  explain::Trace trace;
  IPB_CO_ASSIGN_OR_RETURN(v1::FitAllocationTableResponse reply, FitTable(request, trace));
  *reply.mutable_explanation() = Explain(call, trace);
  co_return reply;
}

}  // namespace ipb::allocation::handlers
