#include "services/payments/rules/ledger.h"

#include "common/errors/status_macros.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"
#include "services/payments/rules/statement.h"

namespace ipb::payments::handlers {

Answer<v1::ListTransactionsResponse> ListTransactions(const Upstreams&, call::Call& call,
                                                      const v1::ListTransactionsRequest& request) {
  auto listing = call.ListOf<v1::Transaction>(request.parent(), "transactions", request.page_size(),
                                              request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListTransactionsResponse reply;
  for (v1::Transaction& transaction : page.resources) *reply.add_transactions() = std::move(transaction);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

Answer<v1::Balance> GetBalance(const Upstreams&, call::Call& call, const v1::GetBalanceRequest& request) {
  auto loading = call.Load(request.name(), {BalanceRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  if (!subject.Has(request.name())) co_return errors::NotFound(request.name());
  co_return BalanceOf(subject, request.name());
}

Answer<v1::Statement> GetStatement(const Upstreams&, call::Call& call,
                                   const v1::GetStatementRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  StatementFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.agreement, subject.Get<v1::Agreement>(request.name()));
  facts.death = PersonOf(subject).death;
  auto listing_payments = call.AllOf<v1::Payment>(subject.name(), "payments");
  IPB_CO_ASSIGN_OR_RETURN(facts.payments, co_await listing_payments);
  auto listing_spendings = call.AllOf<v1::Spending>(subject.name(), "spendings");
  IPB_CO_ASSIGN_OR_RETURN(facts.spendings, co_await listing_spendings);
  IPB_CO_ASSIGN_OR_RETURN(const StatementDays days, DaysOf(request, facts.agreement, call.today()));
  IPB_CO_ASSIGN_OR_RETURN(StatementDecision decision,
                          MakeStatement(facts, days.from, days.to, PolicyOf(call, facts.agreement.payer())));
  *decision.statement.mutable_explanation() = Rendered(call, decision.trace);
  co_return std::move(decision.statement);
}

}  // namespace ipb::payments::handlers
