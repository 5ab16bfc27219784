#include <optional>
#include <utility>

#include "common/dates/civil.h"
#include "common/dates/instant.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/known.h"

namespace ipb::allocation::handlers {

Answer<v1::Budget> GetBudget(const Upstreams&, call::Call& call, const v1::GetBudgetRequest& request) {
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  co_return ExplainedBudget(subject, request.name());
}

Answer<v1::ListBudgetsResponse> ListBudgets(const Upstreams&, call::Call& call,
                                            const v1::ListBudgetsRequest& request) {
  auto listing =
      call.ListOf<v1::Budget>(request.parent(), kBudgets, request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListBudgetsResponse reply;
  for (v1::Budget& budget : page.resources) {
    std::optional<v1::Budget> known = std::move(budget);
    if (request.has_as_known_at())
      known = AsKnown(*std::move(known), dates::InstantOf(request.as_known_at()));
    const bool asked =
        known && (request.as_of_date().empty() || HoldsOn(*known, dates::Checked(request.as_of_date())));
    if (asked) *reply.add_budgets() = *std::move(known);
  }
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::allocation::handlers
