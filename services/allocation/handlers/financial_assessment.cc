#include <utility>
#include <vector>

#include "common/dates/civil.h"
#include "common/dates/instant.h"
#include "common/names/names.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/agreement.h"
#include "services/allocation/rules/assessment.h"
#include "services/allocation/rules/rederivation.h"
#include "services/allocation/rules/written_record.h"

namespace ipb::allocation::handlers {
namespace {

// Those of the same names as the ones on a page.
std::vector<v1::FinancialAssessment> Among(const std::vector<v1::FinancialAssessment>& page,
                                           const std::vector<v1::FinancialAssessment>& known) {
  std::vector<v1::FinancialAssessment> among;
  for (const v1::FinancialAssessment& asked : page) {
    for (const v1::FinancialAssessment& one : known) {
      if (one.name() == asked.name()) among.push_back(one);
    }
  }
  return among;
}

}  // namespace

Answer<v1::FinancialAssessment> RecordFinancialAssessment(
    const Upstreams&, call::Call& call, const v1::RecordFinancialAssessmentRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto gathering = FactsOf(call, request.parent(), "", request.decision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts person, co_await gathering);
  const AssessmentFacts facts = {
      names::Child(request.parent(), kFinancialAssessments, subject.Next(kFinancialAssessments)),
      person.decision, person.assessments};
  IPB_CO_ASSIGN_OR_RETURN(
      AssessmentDecision decision,
      DecideFinancialAssessment(facts, request, PoliciesOf(call, call.caller().organisation), call.today()));
  person.assessments = After(decision, std::move(person.assessments));
  v1::FinancialAssessment& assessment = decision.assessment;
  *assessment.mutable_explanation() = Explain(call, decision.trace);
  call::SetTime(call.now(), assessment.mutable_recorded_time());
  subject.Put(assessment);
  for (v1::FinancialAssessment& changed : decision.changed) subject.Put(changed);
  assessment.set_written_record(WrittenRecord(assessment));
  const auto policies_of = [&](const v1::Budget& agreed) {
    return PoliciesOf(call, WeeksDecidedBy(agreed, call.caller().organisation));
  };
  for (std::string& budget :
       BudgetsToRederive(person, call.caller().organisation, policies_of, call.today())) {
    assessment.add_budgets_to_rederive(std::move(budget));
  }
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

Answer<v1::ListFinancialAssessmentsResponse> ListFinancialAssessments(
    const Upstreams&, call::Call& call, const v1::ListFinancialAssessmentsRequest& request) {
  auto listing = call.ListOf<v1::FinancialAssessment>(request.parent(), kFinancialAssessments,
                                                      request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  if (request.has_as_known_at()) {
    auto gathering = call.AllOf<v1::FinancialAssessment>(request.parent(), kFinancialAssessments);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::FinancialAssessment> all, co_await gathering);
    page.resources = Among(page.resources, AsKnown(all, dates::InstantOf(request.as_known_at())));
  }
  v1::ListFinancialAssessmentsResponse reply;
  for (v1::FinancialAssessment& one : page.resources) {
    const bool asked =
        request.as_of_date().empty() || dates::Within(dates::Checked(request.as_of_date()),
                                                      one.effective_from_date(), one.effective_to_date());
    if (asked) *reply.add_financial_assessments() = std::move(one);
  }
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::allocation::handlers
