#include <utility>

#include "common/dates/civil.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/ending.h"

namespace ipb::allocation::handlers {
namespace {

// A death may have been recorded, or corrected, after this service first met the person; the record of access
// brings it.
async::Task<absl::Status> LearnOfDeath(call::Call& call, call::Subject& subject) {
  call::AccessSource* people = call.environment().access_source;
  if (people == nullptr) co_return absl::OkStatus();
  auto asking = people->Fetch(call.caller(), subject.name());
  IPB_CO_ASSIGN_OR_RETURN(state::v1::AccessRecord fresh, co_await asking);
  subject.SetAccess(std::move(fresh));
  co_return call.RestOn(subject);
}

}  // namespace

Answer<v1::Budget> EndFunding(const Upstreams&, call::Call& call, const v1::EndFundingRequest& request) {
  auto beginning = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject named, co_await beginning);
  IPB_CO_RETURN_IF_ERROR(named.Get<v1::Budget>(request.name()).status());
  auto looking = FactsOf(call, named.name(), request.name(), request.decision());
  IPB_CO_ASSIGN_OR_RETURN(const BudgetFacts looked_at, co_await looking);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), looked_at.budget));
  // How the amounts of the budget that ends were reached is read with it, once it is known which that is.
  const std::string ends = EndsOn(looked_at, dates::Checked(request.effective_to_date()));
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(ends.empty() ? request.name() : ends)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto gathering = FactsOf(call, subject.name(), request.name(), request.decision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts facts, co_await gathering);
  if (request.end_reason() == v1::Budget::END_REASON_DEATH) {
    auto learning = LearnOfDeath(call, subject);
    IPB_CO_RETURN_IF_ERROR(co_await learning);
  }
  facts.death_date = subject.access().death_date();
  IPB_CO_ASSIGN_OR_RETURN(BudgetDecision decision, DecideEndFunding(facts, request, call.today()));
  // The steps of the end follow those by which the amounts were reached.
  v1::Explanation explanation =
      subject.FindRecord<v1::Explanation>(call::ExplanationRecordOf(decision.budget.name()))
          .value_or(v1::Explanation());
  explanation.mutable_steps()->MergeFrom(Explain(call, decision.trace).steps());
  auto committing = CommitBudget(call, std::move(subject), std::move(decision), std::move(explanation));
  co_return co_await committing;
}

}  // namespace ipb::allocation::handlers
