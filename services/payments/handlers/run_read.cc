#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/errors/status_macros.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"
#include "services/payments/work/run_rows.h"

namespace ipb::payments::handlers {
namespace {

constexpr int32_t kDefaultPage = 50;
constexpr int32_t kLargestPage = 200;

// Where the page begins: after the end-to-end id in the token.
absl::StatusOr<std::string> From(const std::string& run, const std::string& token) {
  if (token.empty()) return token;
  std::string text;
  absl::string_view last;
  if (absl::WebSafeBase64Unescape(token, &text)) last = text;
  if (!absl::ConsumePrefix(&last, absl::StrCat(run, "|"))) {
    return errors::InvalidField("page_token", "is not a token that this list gave");
  }
  return absl::StrCat(last, " ");
}

}  // namespace

Answer<v1::PaymentRun> GetPaymentRun(const Upstreams&, call::Call& call,
                                     const v1::GetPaymentRunRequest& request) {
  auto loading = work::LoadOwned<v1::PaymentRun>(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await loading);
  co_return std::move(loaded.resource);
}

Answer<v1::ListRunPaymentsResponse> ListRunPayments(const Upstreams&, call::Call& call,
                                                    const v1::ListRunPaymentsRequest& request) {
  const std::string run = request.parent();
  auto loading = work::LoadOwned<v1::PaymentRun>(call, run);
  IPB_CO_RETURN_IF_ERROR((co_await loading).status());
  IPB_CO_ASSIGN_OR_RETURN(std::string from, From(run, request.page_token()));
  const size_t size = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage);
  auto scanning =
      call.environment().store->Scan(RunIndexOf(run), std::move(from), "", std::nullopt, size + 1);
  IPB_CO_ASSIGN_OR_RETURN(std::vector<store::IndexEntry> entries, co_await scanning);
  v1::ListRunPaymentsResponse reply;
  if (entries.size() > size) {
    entries.resize(size);
    reply.set_next_page_token(absl::WebSafeBase64Escape(absl::StrCat(run, "|", entries.back().key)));
  }
  for (const store::IndexEntry& entry : entries) {
    auto reading = call.LoadUnguarded(entry.subject, {entry.name});
    IPB_CO_ASSIGN_OR_RETURN(const call::Subject person, co_await reading);
    const std::optional<v1::Payment> payment = person.FindRecord<v1::Payment>(entry.name);
    if (payment) *reply.add_payments() = RowOf(*payment, run);
  }
  co_return reply;
}

}  // namespace ipb::payments::handlers
