// The handlers of EligibilityService: load, decide, commit, reply. Errors are those of the contract.
#pragma once

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/eligibility_service.pb.h"

namespace ipb::eligibility {

// What it asks of people, it asks by the access source of its environment.
struct Upstreams {};

namespace handlers {

template <typename Reply>
using Answer = async::Task<absl::StatusOr<Reply>>;

Answer<v1::SupportRequest> ReceiveRequest(const Upstreams&, call::Call&, const v1::ReceiveRequestRequest&);
Answer<v1::SupportRequest> CloseRequest(const Upstreams&, call::Call&, const v1::CloseRequestRequest&);
Answer<v1::ListRequestsResponse> ListRequests(const Upstreams&, call::Call&, const v1::ListRequestsRequest&);
Answer<v1::Assessment> RecordAssessment(const Upstreams&, call::Call&, const v1::RecordAssessmentRequest&);
Answer<v1::Assessment> UpdateAssessment(const Upstreams&, call::Call&, const v1::UpdateAssessmentRequest&);
Answer<v1::Assessment> GetAssessment(const Upstreams&, call::Call&, const v1::GetAssessmentRequest&);
Answer<v1::ListAssessmentsResponse> ListAssessments(const Upstreams&, call::Call&,
                                                    const v1::ListAssessmentsRequest&);
Answer<v1::EvaluateEligibilityResponse> EvaluateEligibility(const Upstreams&, call::Call&,
                                                            const v1::EvaluateEligibilityRequest&);
Answer<v1::Determination> RecordRecommendation(const Upstreams&, call::Call&,
                                               const v1::RecordRecommendationRequest&);
Answer<v1::Determination> RecordDetermination(const Upstreams&, call::Call&,
                                              const v1::RecordDeterminationRequest&);
Answer<v1::Determination> NotifyDetermination(const Upstreams&, call::Call&,
                                              const v1::NotifyDeterminationRequest&);
Answer<v1::Determination> EndDetermination(const Upstreams&, call::Call&, const v1::EndDeterminationRequest&);
Answer<v1::Determination> RecordBudgetGrant(const Upstreams&, call::Call&,
                                            const v1::RecordBudgetGrantRequest&);
Answer<v1::Determination> DisputeDetermination(const Upstreams&, call::Call&,
                                               const v1::DisputeDeterminationRequest&);
Answer<v1::Determination> UpholdDetermination(const Upstreams&, call::Call&,
                                              const v1::UpholdDeterminationRequest&);
Answer<v1::Determination> OverturnDetermination(const Upstreams&, call::Call&,
                                                const v1::OverturnDeterminationRequest&);
Answer<v1::CountContinuingHealthcareDecisionsResponse> CountContinuingHealthcareDecisions(
    const Upstreams&, call::Call&, const v1::CountContinuingHealthcareDecisionsRequest&);
Answer<v1::Determination> GetDetermination(const Upstreams&, call::Call&, const v1::GetDeterminationRequest&);
Answer<v1::ListDeterminationsResponse> ListDeterminations(const Upstreams&, call::Call&,
                                                          const v1::ListDeterminationsRequest&);
Answer<v1::GetEntitlementsResponse> GetEntitlements(const Upstreams&, call::Call&,
                                                    const v1::GetEntitlementsRequest&);

}  // namespace handlers
}  // namespace ipb::eligibility
