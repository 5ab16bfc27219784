#include "common/errors/status_macros.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"
#include "services/payments/work/person_money.h"

namespace ipb::payments::handlers {
namespace {

// The payment of a request with everything about its person, once the caller is admitted.
struct PaymentMoney {
  PersonMoney money;
  v1::Payment payment;
  v1::Agreement agreement;
};

template <typename Request>
async::Task<absl::StatusOr<PaymentMoney>> LoadPayment(call::Call& call, const Request& request) {
  auto admitting = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject seen, co_await admitting);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Payment found, seen.Get<v1::Payment>(request.name()));
  auto loading = LoadMoney(call, request.name(), found.payer());
  IPB_CO_ASSIGN_OR_RETURN(PersonMoney money, co_await loading);
  const v1::Payment* payment = FindPayment(money, request.name());
  const v1::Agreement* agreement = payment == nullptr ? nullptr : FindAgreement(money, payment->agreement());
  if (agreement == nullptr) co_return errors::NotFound(request.name());
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), *payment));
  PaymentMoney loaded{std::move(money), *payment, *agreement};
  co_return loaded;
}

// Writes the decision; the reply is the payment as it is written.
Answer<v1::Payment> CommitPayment(call::Call& call, PersonMoney money, PaymentDecision moved) {
  const std::string name = moved.payment.name();
  Take(call, money, std::move(moved));
  IPB_CO_RETURN_IF_ERROR(Seal(call, money));
  v1::Payment reply = *FindPayment(money, name);
  auto committing = call.Commit(std::move(money.subject), std::move(reply));
  co_return co_await committing;
}

}  // namespace

Answer<v1::Payment> HoldPayment(const Upstreams& upstreams, call::Call& call,
                                const v1::HoldPaymentRequest& request) {
  auto loading = LoadPayment(call, request);
  IPB_CO_ASSIGN_OR_RETURN(PaymentMoney loaded, co_await loading);
  auto gathering = GatherFacts(upstreams, call, loaded.money, loaded.agreement);
  const absl::StatusOr<PayFacts> gathered = co_await gathering;
  // A hold does not wait for other services: it holds, whatever else is in the way.
  const PayFacts facts = gathered.ok() ? *gathered : FactsOf(loaded.money, loaded.agreement);
  const v1::PaymentsPolicy policy = PolicyOf(call, loaded.payment.payer());
  IPB_CO_ASSIGN_OR_RETURN(v1::Payment held, DecideHoldPayment(loaded.payment, facts, request, CallerOf(call),
                                                              policy, call.today()));
  PaymentDecision moved{std::move(held), {}, loaded.money.numbers};
  auto committing = CommitPayment(call, std::move(loaded.money), std::move(moved));
  co_return co_await committing;
}

Answer<v1::Payment> ReleaseHold(const Upstreams& upstreams, call::Call& call,
                                const v1::ReleaseHoldRequest& request) {
  auto loading = LoadPayment(call, request);
  IPB_CO_ASSIGN_OR_RETURN(PaymentMoney loaded, co_await loading);
  auto refreshing = RefreshPerson(call, loaded.money);
  IPB_CO_RETURN_IF_ERROR(co_await refreshing);
  auto gathering = GatherFacts(upstreams, call, loaded.money, loaded.agreement);
  IPB_CO_ASSIGN_OR_RETURN(const PayFacts facts, co_await gathering);
  const v1::PaymentsPolicy policy = PolicyOf(call, loaded.payment.payer());
  IPB_CO_ASSIGN_OR_RETURN(PaymentDecision moved, DecideReleaseHold(loaded.payment, facts, request,
                                                                   CallerOf(call), policy, call.today()));
  auto committing = CommitPayment(call, std::move(loaded.money), std::move(moved));
  co_return co_await committing;
}

}  // namespace ipb::payments::handlers
