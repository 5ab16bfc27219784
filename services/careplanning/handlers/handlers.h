// The handlers of CarePlanningService: load, decide, commit, reply. Errors are those of the contract.
#pragma once

#include "ipb/v1/care_planning_service.pb.h"
#include "services/careplanning/handlers/upstreams.h"

namespace ipb::careplanning::handlers {

Answer<v1::Plan> CreatePlan(const Upstreams&, call::Call&, const v1::CreatePlanRequest&);
Answer<v1::Plan> UpdatePlan(const Upstreams&, call::Call&, const v1::UpdatePlanRequest&);
Answer<v1::Plan> GetPlan(const Upstreams&, call::Call&, const v1::GetPlanRequest&);
Answer<v1::ListPlansResponse> ListPlans(const Upstreams&, call::Call&, const v1::ListPlansRequest&);
Answer<v1::CheckPlanResponse> CheckPlan(const Upstreams&, call::Call&, const v1::CheckPlanRequest&);
Answer<v1::Plan> ProposePlan(const Upstreams&, call::Call&, const v1::ProposePlanRequest&);
Answer<v1::Plan> SignPlan(const Upstreams&, call::Call&, const v1::SignPlanRequest&);
Answer<v1::Plan> ApprovePlan(const Upstreams&, call::Call&, const v1::ApprovePlanRequest&);
Answer<v1::Plan> ReturnPlan(const Upstreams&, call::Call&, const v1::ReturnPlanRequest&);
Answer<v1::Plan> RevisePlan(const Upstreams&, call::Call&, const v1::RevisePlanRequest&);
Answer<v1::Plan> EndPlan(const Upstreams&, call::Call&, const v1::EndPlanRequest&);
Answer<v1::CheckSpendingResponse> CheckSpending(const Upstreams&, call::Call&, const v1::CheckSpendingRequest&);

}  // namespace ipb::careplanning::handlers
