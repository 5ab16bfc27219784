#include "services/eligibility/rules/assessment.h"

#include "common/errors/status_macros.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/handlers/handlers.h"
#include "services/eligibility/rules/evaluation.h"

namespace ipb::eligibility::handlers {
namespace {

AssessmentFacts FactsOf(const call::Call& call) {
  AssessmentFacts facts;
  facts.caller_kind = call.caller().kind;
  facts.organisation = call.caller().organisation;
  return facts;
}

// What storing adds to a decision. A draft has nothing to explain yet.
v1::Assessment& Stamp(const call::Call& call, AssessmentDecision& decision) {
  call::SetTime(call.now(), decision.assessment.mutable_recorded_time());
  if (!decision.trace.empty()) *decision.assessment.mutable_explanation() = Explain(call, decision.trace);
  return decision.assessment;
}

}  // namespace

Answer<v1::Assessment> RecordAssessment(const Upstreams&, call::Call& call,
                                        const v1::RecordAssessmentRequest& request) {
  auto loading = call.Load(request.parent(), {request.requests().begin(), request.requests().end()});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  for (const std::string& answered : request.requests()) {
    IPB_CO_RETURN_IF_ERROR(Referred<v1::SupportRequest>(subject, answered).status());
  }
  IPB_CO_ASSIGN_OR_RETURN(AssessmentDecision decision,
                          DecideRecording(FactsOf(call), request, PolicyOf(call), call.today()));
  decision.assessment.set_name(names::Child(request.parent(), kAssessments, subject.Next(kAssessments)));
  call::SetTime(call.now(), decision.assessment.mutable_first_recorded_time());
  v1::Assessment& recorded = Stamp(call, decision);
  subject.Put(recorded);
  auto committing = call.Commit(std::move(subject), std::move(recorded));
  co_return co_await committing;
}

Answer<v1::Assessment> UpdateAssessment(const Upstreams&, call::Call& call,
                                        const v1::UpdateAssessmentRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  AssessmentFacts facts = FactsOf(call);
  IPB_CO_ASSIGN_OR_RETURN(facts.assessment, subject.Get<v1::Assessment>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.assessment));
  IPB_CO_ASSIGN_OR_RETURN(AssessmentDecision decision,
                          DecideUpdate(facts, request, PolicyOf(call), call.today()));
  v1::Assessment& updated = Stamp(call, decision);
  subject.Put(updated);
  auto committing = call.Commit(std::move(subject), std::move(updated));
  co_return co_await committing;
}

Answer<v1::Assessment> GetAssessment(const Upstreams&, call::Call& call,
                                     const v1::GetAssessmentRequest& request) {
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Assessment assessment, subject.Get<v1::Assessment>(request.name()));
  JoinExplanation(subject, assessment);
  co_return assessment;
}

Answer<v1::ListAssessmentsResponse> ListAssessments(const Upstreams&, call::Call& call,
                                                    const v1::ListAssessmentsRequest& request) {
  auto listing =
      call.ListOf<v1::Assessment>(request.parent(), kAssessments, request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListAssessmentsResponse reply;
  for (v1::Assessment& assessment : page.resources) *reply.add_assessments() = std::move(assessment);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

Answer<v1::EvaluateEligibilityResponse> EvaluateEligibility(const Upstreams&, call::Call& call,
                                                            const v1::EvaluateEligibilityRequest& request) {
  IPB_CO_ASSIGN_OR_RETURN(Evaluation evaluation, Evaluate(request.evidence(), PolicyOf(call)));
  v1::EvaluateEligibilityResponse reply;
  *reply.mutable_findings() = std::move(evaluation.findings);
  *reply.mutable_explanation() = Explain(call, evaluation.trace);
  co_return reply;
}

}  // namespace ipb::eligibility::handlers
