#include "services/allocation/service.h"

#include <utility>

#include "common/client/upstream.h"
#include "ipb/v1/allocation_service.grpc.pb.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "services/allocation/handlers/handlers.h"

namespace ipb::allocation {
namespace {

using Eligibility = client::Peer<v1::EligibilityService>;

Upstreams Reading(std::shared_ptr<Eligibility> eligibility) {
  return {[eligibility](call::Call& call, std::string name) {
    return client::Read<v1::Determination, v1::EligibilityService, v1::GetDeterminationRequest>(
        call, *eligibility, &Eligibility::Async::GetDetermination, std::move(name));
  }};
}

class Service final : public v1::AllocationService::CallbackService, public process::HostedService {
 public:
  Service(const server::Serving& serving, std::shared_ptr<Eligibility> eligibility)
      : serving_(serving), upstreams_(Reading(std::move(eligibility))) {}
  grpc::Service* grpc_service() override { return this; }

  IPB_SERVE(RecordFinancialAssessment, RecordFinancialAssessmentRequest, FinancialAssessment)
  IPB_SERVE(GetFinancialAssessment, GetFinancialAssessmentRequest, FinancialAssessment)
  IPB_SERVE(EvaluateCharge, EvaluateChargeRequest, EvaluateChargeResponse)
  IPB_SERVE(EvaluateAllocation, EvaluateAllocationRequest, EvaluateAllocationResponse)
  IPB_SERVE(CreateBudget, CreateBudgetRequest, Budget)
  IPB_SERVE(GetBudget, GetBudgetRequest, Budget)
  IPB_SERVE(ListBudgets, ListBudgetsRequest, ListBudgetsResponse)
  IPB_SERVE(ReviseBudget, ReviseBudgetRequest, Budget)
  IPB_SERVE(AgreeBudget, AgreeBudgetRequest, Budget)
  IPB_SERVE(EndFunding, EndFundingRequest, Budget)

 private:
  static constexpr char kService[] = "ipb.v1.AllocationService";
  const server::Serving& serving_;
  const Upstreams upstreams_;
};

}  // namespace

process::ServiceFactory Factory() {
  return {"allocation", "allocation/1", [](const server::Serving& serving, process::Upstreams& upstreams) {
            return std::make_unique<Service>(
                serving, upstreams.Peer<v1::EligibilityService>("allocation", "eligibility"));
          }};
}

}  // namespace ipb::allocation
