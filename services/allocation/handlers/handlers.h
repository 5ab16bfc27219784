// The handlers of AllocationService: load, decide, commit, reply. Errors are those of the contract.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/allocation_service.pb.h"
#include "ipb/v1/determination.pb.h"

namespace ipb::allocation {

template <typename Reply>
using Answer = async::Task<absl::StatusOr<Reply>>;

// What allocation reads of the services to its left.
struct Upstreams {
  // A determination as eligibility gives it to the caller or, where that service is not configured, as it was
  // stated here. NOT_FOUND where neither knows of it; UNAVAILABLE where eligibility cannot be asked.
  std::function<Answer<v1::Determination>(call::Call&, std::string name)> read_determination;
};

namespace handlers {

Answer<v1::FinancialAssessment> RecordFinancialAssessment(const Upstreams&, call::Call&,
                                                          const v1::RecordFinancialAssessmentRequest&);
Answer<v1::FinancialAssessment> GetFinancialAssessment(const Upstreams&, call::Call&,
                                                       const v1::GetFinancialAssessmentRequest&);
Answer<v1::ListFinancialAssessmentsResponse> ListFinancialAssessments(
    const Upstreams&, call::Call&, const v1::ListFinancialAssessmentsRequest&);
Answer<v1::EvaluateChargeResponse> EvaluateCharge(const Upstreams&, call::Call&,
                                                  const v1::EvaluateChargeRequest&);
Answer<v1::EvaluateAllocationResponse> EvaluateAllocation(const Upstreams&, call::Call&,
                                                          const v1::EvaluateAllocationRequest&);
Answer<v1::EvaluateIndicativeAmountResponse> EvaluateIndicativeAmount(
    const Upstreams&, call::Call&, const v1::EvaluateIndicativeAmountRequest&);
Answer<v1::FitAllocationTableResponse> FitAllocationTable(const Upstreams&, call::Call&,
                                                          const v1::FitAllocationTableRequest&);
Answer<v1::Budget> CreateBudget(const Upstreams&, call::Call&, const v1::CreateBudgetRequest&);
Answer<v1::Budget> GetBudget(const Upstreams&, call::Call&, const v1::GetBudgetRequest&);
Answer<v1::ListBudgetsResponse> ListBudgets(const Upstreams&, call::Call&, const v1::ListBudgetsRequest&);
Answer<v1::Budget> ReviseBudget(const Upstreams&, call::Call&, const v1::ReviseBudgetRequest&);
Answer<v1::Budget> AgreeBudget(const Upstreams&, call::Call&, const v1::AgreeBudgetRequest&);
Answer<v1::Uplift> ApplyUplift(const Upstreams&, call::Call&, const v1::ApplyUpliftRequest&);
Answer<v1::Uplift> GetUplift(const Upstreams&, call::Call&, const v1::GetUpliftRequest&);
Answer<v1::ListUpliftVerdictsResponse> ListUpliftVerdicts(const Upstreams&, call::Call&,
                                                          const v1::ListUpliftVerdictsRequest&);
Answer<v1::Uplift> ReleaseUplift(const Upstreams&, call::Call&, const v1::ReleaseUpliftRequest&);
Answer<v1::Uplift> CancelUplift(const Upstreams&, call::Call&, const v1::CancelUpliftRequest&);
Answer<v1::Budget> EndFunding(const Upstreams&, call::Call&, const v1::EndFundingRequest&);
Answer<v1::ChangedBudgets> HandOverFunding(const Upstreams&, call::Call&, const v1::HandOverFundingRequest&);
Answer<v1::ChangedBudgets> RederiveBudget(const Upstreams&, call::Call&, const v1::RederiveBudgetRequest&);

}  // namespace handlers
}  // namespace ipb::allocation
