#include "services/payments/rules/spending.h"

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/payments/handlers/exclusions.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"

namespace ipb::payments::handlers {
namespace {

constexpr char kCollection[] = "spendings";

}  // namespace

// The most frequent write: one load and one commit, and all that the rules ask for is in the agreement.
Answer<v1::Spending> RecordSpending(const Upstreams&, call::Call& call,
                                    const v1::RecordSpendingRequest& request) {
  IPB_CO_RETURN_IF_ERROR(CheckOfPerson(request.parent(), "agreement", request.agreement()));
  auto loading = call.Load(request.agreement(), {BalanceRecordOf(request.agreement())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Agreement agreement, subject.Get<v1::Agreement>(request.agreement()));
  const std::vector<ExclusionFacts> exclusions =
      ExclusionsOf(*call.environment().policy, agreement, request.line_id(), request.category(),
                   dates::Checked(request.spent_date()));
  const std::vector<FamilyRuleFacts> family_rules =
      FamilyRulesOf(*call.environment().policy, agreement, request);
  const std::string name = names::Child(request.parent(), kCollection, subject.Next(kCollection));
  IPB_CO_ASSIGN_OR_RETURN(SpendingDecision decision,
                          DecideRecordSpending(agreement, exclusions, family_rules, request, name,
                                               NumbersOf(subject), call.today()));
  v1::Spending spending = std::move(decision.spending);
  call::SetTime(call.now(), spending.mutable_recorded_time());
  *spending.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(spending);
  std::vector<v1::Transaction> transactions;
  transactions.push_back(std::move(decision.transaction));
  IPB_CO_RETURN_IF_ERROR(PostAll(call, subject, request.agreement(), std::move(transactions)));
  Reserve(subject, decision.numbers);
  auto committing = call.Commit(std::move(subject), std::move(spending));
  co_return co_await committing;
}

}  // namespace ipb::payments::handlers
