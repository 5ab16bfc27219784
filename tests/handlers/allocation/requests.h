// Requests to allocation that nothing but the state of things can refuse.
#pragma once

#include <string>

#include "ipb/v1/allocation_service.pb.h"

namespace ipb::allocation {

// 20 hours a week at the caller's price, the council three eighths and the ICB five; from 9 June 2025.
v1::CreateBudgetRequest JointRequest(const std::string& person);
// A single person of 50 with an income of 160.00 a week; from 6 April 2025.
v1::RecordFinancialAssessmentRequest MeansRequest(const std::string& person);
// The amounts of a budget as they stand, with a plan.
v1::AgreeBudgetRequest AgreeRequest(const v1::Budget& budget, int64_t plan = 1);
// The end of funding on 30 June 2025.
v1::EndFundingRequest EndRequest(const v1::Budget& budget, v1::Budget::EndReason reason);

}  // namespace ipb::allocation
