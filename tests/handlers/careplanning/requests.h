// Requests about a plan that lacks nothing, and about the budget that it spends: what nothing but the state
// of things can refuse.
#pragma once

#include <string>

#include "ipb/v1/allocation_service.pb.h"
#include "ipb/v1/care_planning_service.pb.h"

namespace ipb::careplanning {

// An indicative budget of the two parts of the complete plan, from 9 June 2025.
v1::CreateBudgetRequest Budgeting(const std::string& person, v1::Budget::Mode mode);
// The complete plan, spending that budget.
v1::CreatePlanRequest Creating(const std::string& person, const std::string& budget);
// The person's own agreement.
v1::SignPlanRequest Signing(const std::string& name);
v1::ApprovePlanRequest CouncilApproval(const std::string& name);
// The ICB's approval, with a nurse's agreement.
v1::ApprovePlanRequest NhsApproval(const std::string& name);

}  // namespace ipb::careplanning
