#include "common/errors/status_macros.h"
#include "services/payments/handlers/handlers.h"

namespace ipb::payments::handlers {

Answer<v1::Payment> GetPayment(const Upstreams&, call::Call& call, const v1::GetPaymentRequest& request) {
  const std::string explanation = call::ExplanationRecordOf(request.name());
  auto loading = call.Load(request.name(), {explanation});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Payment payment, subject.Get<v1::Payment>(request.name()));
  std::optional<v1::Explanation> kept = subject.FindRecord<v1::Explanation>(explanation);
  if (kept) *payment.mutable_explanation() = *std::move(kept);
  co_return payment;
}

Answer<v1::ListPaymentsResponse> ListPayments(const Upstreams&, call::Call& call,
                                              const v1::ListPaymentsRequest& request) {
  auto listing =
      call.ListOf<v1::Payment>(request.parent(), "payments", request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListPaymentsResponse reply;
  for (v1::Payment& payment : page.resources) *reply.add_payments() = std::move(payment);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::payments::handlers
