#include <utility>

#include "common/names/names.h"
#include "services/allocation/handlers/facts.h"

namespace ipb::allocation::handlers {

Answer<v1::Budget> CreateBudget(const Upstreams& upstreams, call::Call& call,
                                const v1::CreateBudgetRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_RETURN_IF_ERROR(CheckSamePerson(request.parent(), "determinations", request.determinations()));
  auto gathering = FactsOf(call, request.parent(), "", request.decision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts facts, co_await gathering);
  auto reading = ReadDeterminations(upstreams, call, request.determinations());
  IPB_CO_ASSIGN_OR_RETURN(facts.determinations, co_await reading);
  facts.name = names::Child(request.parent(), kBudgets, subject.Next(kBudgets));
  facts.death_date = subject.access().death_date();
  facts.funders = FundersOf(call, request.components(), request.effective_from_date());
  IPB_CO_ASSIGN_OR_RETURN(
      BudgetDecision decision,
      DecideCreateBudget(facts, request, PoliciesOf(call, call.caller().organisation), call.today()));
  v1::Explanation explanation = Explain(call, decision.trace);
  auto committing = CommitBudget(call, std::move(subject), std::move(decision), std::move(explanation));
  co_return co_await committing;
}

Answer<v1::Budget> ReviseBudget(const Upstreams& upstreams, call::Call& call,
                                const v1::ReviseBudgetRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_RETURN_IF_ERROR(subject.Get<v1::Budget>(request.name()).status());
  IPB_CO_RETURN_IF_ERROR(CheckSamePerson(subject.name(), "determinations", request.determinations()));
  auto gathering = FactsOf(call, subject.name(), request.name(), request.decision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts facts, co_await gathering);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.budget));
  const bool named = request.determinations_size() > 0;
  auto reading =
      ReadDeterminations(upstreams, call, named ? request.determinations() : facts.budget.determinations());
  IPB_CO_ASSIGN_OR_RETURN(facts.determinations, co_await reading);
  facts.name = names::Child(subject.name(), kBudgets, subject.Next(kBudgets));
  facts.death_date = subject.access().death_date();
  facts.funders = FundersOf(call, request.components(), request.effective_from_date());
  IPB_CO_ASSIGN_OR_RETURN(
      BudgetDecision decision,
      DecideReviseBudget(facts, request, PoliciesOf(call, call.caller().organisation), call.today()));
  v1::Explanation explanation = Explain(call, decision.trace);
  auto committing = CommitBudget(call, std::move(subject), std::move(decision), std::move(explanation));
  co_return co_await committing;
}

}  // namespace ipb::allocation::handlers
