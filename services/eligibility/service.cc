#include "services/eligibility/service.h"

#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "services/eligibility/handlers/handlers.h"
#include "services/eligibility/work/jobs.h"

namespace ipb::eligibility {
namespace {

class Service final : public v1::EligibilityService::CallbackService, public process::HostedService {
 public:
  explicit Service(const server::Serving& serving) : serving_(serving) {}
  grpc::Service* grpc_service() override { return this; }
  std::vector<work::Job> jobs() override { return Jobs(); }
  decisions::Deciders deciders() override {
    return {IPB_DECIDES(ReceiveRequest), IPB_DECIDES(CloseRequest), IPB_DECIDES(RecordAssessment),
            IPB_DECIDES(UpdateAssessment), IPB_DECIDES(RecordRecommendation), IPB_DECIDES(RecordDetermination),
            IPB_DECIDES(NotifyDetermination), IPB_DECIDES(EndDetermination), IPB_DECIDES(RecordBudgetGrant),
            IPB_DECIDES(DisputeDetermination), IPB_DECIDES(UpholdDetermination), IPB_DECIDES(OverturnDetermination)};
  }

  IPB_SERVE(ReceiveRequest, ReceiveRequestRequest, SupportRequest)
  IPB_SERVE(CloseRequest, CloseRequestRequest, SupportRequest)
  IPB_SERVE(ListRequests, ListRequestsRequest, ListRequestsResponse)
  IPB_SERVE(RecordAssessment, RecordAssessmentRequest, Assessment)
  IPB_SERVE(UpdateAssessment, UpdateAssessmentRequest, Assessment)
  IPB_SERVE(GetAssessment, GetAssessmentRequest, Assessment)
  IPB_SERVE(ListAssessments, ListAssessmentsRequest, ListAssessmentsResponse)
  IPB_SERVE(EvaluateEligibility, EvaluateEligibilityRequest, EvaluateEligibilityResponse)
  IPB_SERVE(RecordRecommendation, RecordRecommendationRequest, Determination)
  IPB_SERVE(RecordDetermination, RecordDeterminationRequest, Determination)
  IPB_SERVE(NotifyDetermination, NotifyDeterminationRequest, Determination)
  IPB_SERVE(EndDetermination, EndDeterminationRequest, Determination)
  IPB_SERVE(RecordBudgetGrant, RecordBudgetGrantRequest, Determination)
  IPB_SERVE(DisputeDetermination, DisputeDeterminationRequest, Determination)
  IPB_SERVE(UpholdDetermination, UpholdDeterminationRequest, Determination)
  IPB_SERVE(OverturnDetermination, OverturnDeterminationRequest, Determination)
  IPB_SERVE(CountContinuingHealthcareDecisions, CountContinuingHealthcareDecisionsRequest,
            CountContinuingHealthcareDecisionsResponse)
  IPB_SERVE(GetDetermination, GetDeterminationRequest, Determination)
  IPB_SERVE(ListDeterminations, ListDeterminationsRequest, ListDeterminationsResponse)
  IPB_SERVE(GetEntitlements, GetEntitlementsRequest, GetEntitlementsResponse)

 private:
  static constexpr char kService[] = "ipb.v1.EligibilityService";
  const server::Serving& serving_;
  const Upstreams upstreams_{};
};

}  // namespace

process::ServiceFactory Factory() {
  return {"eligibility", "eligibility/5", [](const server::Serving& serving, process::Upstreams&) {
            return std::make_unique<Service>(serving);
          }};
}

}  // namespace ipb::eligibility
