#include <utility>

#include "common/names/names.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/assessment.h"
#include "services/allocation/rules/written_record.h"

namespace ipb::allocation::handlers {

Answer<v1::FinancialAssessment> RecordFinancialAssessment(
    const Upstreams&, call::Call& call, const v1::RecordFinancialAssessmentRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  AssessmentFacts facts;
  auto listing = call.AllOf<v1::FinancialAssessment>(request.parent(), kFinancialAssessments);
  IPB_CO_ASSIGN_OR_RETURN(facts.assessments, co_await listing);
  facts.name = names::Child(request.parent(), kFinancialAssessments, subject.Next(kFinancialAssessments));
  facts.decision = call.DecidedBy(request.decision());
  IPB_CO_ASSIGN_OR_RETURN(
      AssessmentDecision decision,
      DecideFinancialAssessment(facts, request, PoliciesOf(call, call.caller().organisation), call.today()));
  v1::FinancialAssessment& assessment = decision.assessment;
  *assessment.mutable_explanation() = Explain(call, decision.trace);
  call::SetTime(call.now(), assessment.mutable_recorded_time());
  subject.Put(assessment);
  for (v1::FinancialAssessment& changed : decision.changed) subject.Put(changed);
  assessment.set_written_record(WrittenRecord(assessment));
  auto committing = call.Commit(std::move(subject), std::move(assessment));
  co_return co_await committing;
}

Answer<v1::FinancialAssessment> GetFinancialAssessment(const Upstreams&, call::Call& call,
                                                       const v1::GetFinancialAssessmentRequest& request) {
  const std::string explained_in = call::ExplanationRecordOf(request.name());
  auto loading = call.Load(request.name(), {explained_in});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::FinancialAssessment assessment,
                          subject.Get<v1::FinancialAssessment>(request.name()));
  auto explanation = subject.FindRecord<v1::Explanation>(explained_in);
  if (explanation) *assessment.mutable_explanation() = *std::move(explanation);
  assessment.set_written_record(WrittenRecord(assessment));
  co_return assessment;
}

}  // namespace ipb::allocation::handlers
