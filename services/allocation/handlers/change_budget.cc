#include <utility>

#include "common/names/names.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/adjustment.h"
#include "services/allocation/rules/agreement.h"
#include "services/allocation/rules/hand_over.h"
#include "services/allocation/rules/rederivation.h"

namespace ipb::allocation::handlers {
namespace {

// Gives the names of budgets one after the other.
std::function<std::string()> Minting(call::Subject& subject) {
  return [&subject] { return names::Child(subject.name(), kBudgets, subject.Next(kBudgets)); };
}

// The weeks and the charges of a course are those of the council whose money was agreed.
Policies PoliciesFor(const call::Call& call, const BudgetFacts& facts) {
  return PoliciesOf(call, WeeksDecidedBy(CourseOf(facts).front(), call.caller().organisation));
}

absl::StatusOr<v1::ChangedBudgets> ReplyOf(const ChangeDecision& decision) {
  v1::ChangedBudgets reply;
  money::Sum contribution;
  std::vector<v1::FundingAdjustment> adjustments;
  for (const DerivedBudget& made : decision.made) {
    for (const v1::ContributionAdjustment& one : made.budget.contribution_adjustments()) {
      contribution.Add(one.difference_pence());
    }
    adjustments.insert(adjustments.end(), made.budget.adjustments().begin(), made.budget.adjustments().end());
  }
  IPB_ASSIGN_OR_RETURN(const int64_t contribution_pence, contribution.Total());
  IPB_ASSIGN_OR_RETURN(*reply.mutable_recharges(), RechargesOf(adjustments));
  reply.set_contribution_difference_pence(contribution_pence);
  return reply;
}

Answer<v1::ChangedBudgets> CommitChanged(call::Call& call, call::Subject subject, ChangeDecision decision) {
  IPB_CO_ASSIGN_OR_RETURN(v1::ChangedBudgets reply, ReplyOf(decision));
  for (DerivedBudget& made : decision.made) {
    *made.budget.mutable_explanation() = Explain(call, made.trace);
    PutMade(call, subject, made.budget);
    *reply.add_budgets() = std::move(made.budget);
  }
  for (v1::Budget& changed : decision.changed) PutReplaced(call, subject, changed);
  auto committing = call.Commit(std::move(subject), std::move(reply));
  co_return co_await committing;
}

}  // namespace

Answer<v1::ChangedBudgets> HandOverFunding(const Upstreams& upstreams, call::Call& call,
                                           const v1::HandOverFundingRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_RETURN_IF_ERROR(subject.Get<v1::Budget>(request.name()).status());
  IPB_CO_RETURN_IF_ERROR(CheckSamePerson(subject.name(), "determinations", request.determinations()));
  auto gathering = FactsOf(call, subject.name(), request.name(), request.decision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts facts, co_await gathering);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.budget));
  auto reading = ReadDeterminations(upstreams, call, request.determinations());
  IPB_CO_ASSIGN_OR_RETURN(facts.determinations, co_await reading);
  facts.death_date = subject.access().death_date();
  auto funded = facts.budget.components();
  for (const v1::ComponentFunding& funding : request.funding()) {
    for (v1::BudgetComponent& component : funded) {
      if (component.component_id() != funding.component_id()) continue;
      component.mutable_shares()->MergeFrom(funding.shares());
    }
  }
  facts.funders = FundersOf(call, funded, request.effective_from_date());
  IPB_CO_ASSIGN_OR_RETURN(ChangeDecision decision, DecideHandOver(facts, request, PoliciesFor(call, facts),
                                                                  call.today(), Minting(subject)));
  auto committing = CommitChanged(call, std::move(subject), std::move(decision));
  co_return co_await committing;
}

Answer<v1::ChangedBudgets> RederiveBudget(const Upstreams&, call::Call& call,
                                          const v1::RederiveBudgetRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_RETURN_IF_ERROR(subject.Get<v1::Budget>(request.name()).status());
  auto gathering = FactsOf(call, subject.name(), request.name(), request.decision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts facts, co_await gathering);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.budget));
  IPB_CO_ASSIGN_OR_RETURN(ChangeDecision decision, DecideRederivation(facts, PoliciesFor(call, facts),
                                                                      call.today(), Minting(subject)));
  auto committing = CommitChanged(call, std::move(subject), std::move(decision));
  co_return co_await committing;
}

}  // namespace ipb::allocation::handlers
