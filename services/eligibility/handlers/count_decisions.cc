#include <optional>
#include <utility>
#include <vector>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/handlers/counted.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/handlers/handlers.h"
#include "services/eligibility/rules/assurance.h"

namespace ipb::eligibility::handlers {
namespace {

constexpr size_t kPage = 1000;

// All decisions that the organisation's index has for the days, a page at a time; between pages others go
// first.
async::Task<absl::StatusOr<DecisionCounts>> CountOwn(call::Call& call, absl::CivilDay from,
                                                     absl::CivilDay to) {
  const std::string index = CountedIndexOf(call.caller().organisation);
  DecisionCounts counts;
  std::optional<store::IndexEntry> after;
  while (true) {
    auto scanning =
        call.environment().store->Scan(index, CountedKeyFrom(from), CountedKeyFrom(to + 1), after, kPage);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::IndexEntry> entries, co_await scanning);
    for (const store::IndexEntry& entry : entries) Count(CountedAt(entry.key), counts);
    if (entries.size() < kPage) co_return counts;
    if (call.cancelled()) co_return absl::CancelledError("the caller gave up");
    after = entries.back();
    co_await call.environment().bulk_executor->Yield();
  }
}

}  // namespace

Answer<v1::CountContinuingHealthcareDecisionsResponse> CountContinuingHealthcareDecisions(
    const Upstreams&, call::Call& call, const v1::CountContinuingHealthcareDecisionsRequest& request) {
  const absl::CivilDay from = dates::Checked(request.from_date());
  const absl::CivilDay to = dates::Checked(request.to_date());
  IPB_CO_RETURN_IF_ERROR(CheckPeriod(from, to));
  auto counting = CountOwn(call, from, to);
  IPB_CO_ASSIGN_OR_RETURN(const DecisionCounts counts, co_await counting);
  IPB_CO_ASSIGN_OR_RETURN(Assurance assurance,
                          HoldAgainstTargets(counts, call.caller().organisation, from, to, PolicyOf(call)));
  *assurance.response.mutable_explanation() = Explain(call, assurance.trace);
  co_return std::move(assurance.response);
}

}  // namespace ipb::eligibility::handlers
