#include "services/allocation/service.h"

#include <utility>

#include "common/client/upstream.h"
#include "common/server/conversation.h"
#include "ipb/v1/allocation_service.grpc.pb.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "services/allocation/handlers/handlers.h"
#include "services/allocation/handlers/simulate.h"
#include "services/allocation/work/jobs.h"

namespace ipb::allocation {
namespace {

using Eligibility = client::Peer<v1::EligibilityService>;

Upstreams Reading(std::shared_ptr<Eligibility> eligibility) {
  return {[eligibility](call::Call& call, std::string name) {
    return client::Read<v1::Determination, v1::EligibilityService, v1::GetDeterminationRequest>(
        call, *eligibility, &Eligibility::Async::GetDetermination, std::move(name));
  }};
}

// For decisions made again: what was stated, and what the decision kept of eligibility's answers.
Upstreams ReadingStated() { return {client::ReadStated<v1::Determination>}; }

class Service final : public v1::AllocationService::CallbackService, public process::HostedService {
 public:
  Service(const server::Serving& serving, std::shared_ptr<Eligibility> eligibility)
      : serving_(serving), upstreams_(Reading(std::move(eligibility))) {}
  grpc::Service* grpc_service() override { return this; }
  decisions::Deciders deciders() override {
    return {IPB_DECIDES_BY(RecordFinancialAssessment, stated_),
            IPB_DECIDES_BY(CreateBudget, stated_),
            IPB_DECIDES_BY(ReviseBudget, stated_),
            IPB_DECIDES_BY(AgreeBudget, stated_),
            IPB_DECIDES_BY(EndFunding, stated_),
            IPB_DECIDES_BY(HandOverFunding, stated_),
            IPB_DECIDES_BY(RederiveBudget, stated_)};
  }
  std::vector<work::Job> jobs() override { return JobsOf(); }

  IPB_SERVE(RecordFinancialAssessment, RecordFinancialAssessmentRequest, FinancialAssessment)
  IPB_SERVE(GetFinancialAssessment, GetFinancialAssessmentRequest, FinancialAssessment)
  IPB_SERVE(ListFinancialAssessments, ListFinancialAssessmentsRequest, ListFinancialAssessmentsResponse)
  IPB_SERVE(EvaluateCharge, EvaluateChargeRequest, EvaluateChargeResponse)
  IPB_SERVE(EvaluateAllocation, EvaluateAllocationRequest, EvaluateAllocationResponse)
  IPB_SERVE(EvaluateIndicativeAmount, EvaluateIndicativeAmountRequest, EvaluateIndicativeAmountResponse)
  IPB_SERVE(FitAllocationTable, FitAllocationTableRequest, FitAllocationTableResponse)
  IPB_SERVE(CreateBudget, CreateBudgetRequest, Budget)
  IPB_SERVE(GetBudget, GetBudgetRequest, Budget)
  IPB_SERVE(ListBudgets, ListBudgetsRequest, ListBudgetsResponse)
  IPB_SERVE(ReviseBudget, ReviseBudgetRequest, Budget)
  IPB_SERVE(AgreeBudget, AgreeBudgetRequest, Budget)
  IPB_SERVE(EndFunding, EndFundingRequest, Budget)
  IPB_SERVE(ApplyUplift, ApplyUpliftRequest, Uplift)
  IPB_SERVE(GetUplift, GetUpliftRequest, Uplift)
  IPB_SERVE(ListUpliftVerdicts, ListUpliftVerdictsRequest, ListUpliftVerdictsResponse)
  IPB_SERVE(ReleaseUplift, ReleaseUpliftRequest, Uplift)
  IPB_SERVE(CancelUplift, CancelUpliftRequest, Uplift)
  IPB_SERVE(HandOverFunding, HandOverFundingRequest, ChangedBudgets)
  IPB_SERVE(RederiveBudget, RederiveBudgetRequest, ChangedBudgets)
  grpc::ServerBidiReactor<v1::SimulateAllocationsRequest, v1::SimulateAllocationsResponse>*
  SimulateAllocations(grpc::CallbackServerContext* context) override {
    static const server::Method method(absl::StrCat(kService, ".SimulateAllocations"));
    return Simulation::Start(serving_, method, open_simulations_, context, Simulating);
  }

 private:
  using Simulation = server::Conversation<v1::SimulateAllocationsRequest, v1::SimulateAllocationsResponse>;

  static Simulation::Answerer Simulating(const call::Environment& environment, const call::Caller& caller) {
    return [simulator = handlers::Simulator(environment, caller)](
               const v1::SimulateAllocationsRequest& request,
               v1::SimulateAllocationsResponse& reply) mutable { return simulator.Answer(request, reply); };
  }

  static constexpr char kService[] = "ipb.v1.AllocationService";
  const server::Serving& serving_;
  const Upstreams upstreams_;
  const Upstreams stated_ = ReadingStated();
  server::OpenConversations open_simulations_{0};
};

}  // namespace

process::ServiceFactory Factory() {
  return {"allocation", "allocation/4", [](const server::Serving& serving, process::Upstreams& upstreams) {
            return std::make_unique<Service>(
                serving, upstreams.Peer<v1::EligibilityService>("allocation", "eligibility"));
          }};
}

}  // namespace ipb::allocation
