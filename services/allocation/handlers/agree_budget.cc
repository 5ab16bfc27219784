#include <utility>

#include "common/names/names.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/agreement.h"

namespace ipb::allocation::handlers {
namespace {

// A plan of another person is a wrong field, whatever else is wrong.
absl::Status CheckPlan(const std::string& person, const std::string& plan) {
  if (names::Subject(plan) == person) return absl::OkStatus();
  return errors::InvalidField("plan", "is of another person");
}

Answer<v1::Budget> Again(call::Call& call, std::string agreed) {
  auto loading = call.Load(agreed, {call::ExplanationRecordOf(agreed)});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Budget budget, ExplainedBudget(subject, agreed));
  co_return call.Unchanged(subject, std::move(budget));
}

}  // namespace

Answer<v1::Budget> AgreeBudget(const Upstreams& upstreams, call::Call& call,
                               const v1::AgreeBudgetRequest& request) {
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Budget budget, ExplainedBudget(subject, request.name()));
  IPB_CO_RETURN_IF_ERROR(CheckPlan(subject.name(), request.plan()));
  auto gathering = FactsOf(call, subject.name(), request.name(), request.decision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts facts, co_await gathering);
  *facts.budget.mutable_explanation() = budget.explanation();
  // Before the etag, which agreeing changed, and before what may have changed since.
  if (const v1::Budget* agreed = AgreedBefore(facts, request); agreed != nullptr) {
    auto reading_again = Again(call, agreed->name());
    co_return co_await reading_again;
  }
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.budget));
  auto reading = ReadDeterminations(upstreams, call, facts.budget.determinations());
  IPB_CO_ASSIGN_OR_RETURN(facts.determinations, co_await reading);
  facts.name = names::Child(subject.name(), kBudgets, subject.Next(kBudgets));
  facts.death_date = subject.access().death_date();
  const std::string& first_date = request.effective_from_date().empty() ? facts.budget.effective_from_date()
                                                                        : request.effective_from_date();
  facts.funders = FundersOf(call, facts.budget.components(), first_date);
  const std::string weeks_by = WeeksDecidedBy(facts.budget, call.caller().organisation);
  IPB_CO_ASSIGN_OR_RETURN(BudgetDecision decision,
                          DecideAgreeBudget(facts, request, PoliciesOf(call, weeks_by), call.today()));
  v1::Explanation explanation = Explain(call, decision.trace);
  auto committing = CommitBudget(call, std::move(subject), std::move(decision), std::move(explanation));
  co_return co_await committing;
}

}  // namespace ipb::allocation::handlers
