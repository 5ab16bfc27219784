#include "services/payments/rules/payee.h"

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"

namespace ipb::payments::handlers {
namespace {

constexpr char kCollection[] = "payees";

}  // namespace

Answer<v1::Payee> ProposePayee(const Upstreams&, call::Call& call, const v1::ProposePayeeRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Payee payee, DecideProposePayee(request, CallerOf(call)));
  payee.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), payee.mutable_recorded_time());
  subject.Put(payee);
  auto committing = call.Commit(std::move(subject), std::move(payee));
  co_return co_await committing;
}

Answer<v1::Payee> ApprovePayee(const Upstreams&, call::Call& call, const v1::ApprovePayeeRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Payee payee, subject.Get<v1::Payee>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), payee));
  const v1::PaymentsPolicy policy = PolicyOf(call, payee.organisation());
  IPB_CO_ASSIGN_OR_RETURN(payee, DecideApprovePayee(payee, request, CallerOf(call), policy, call.today()));
  subject.Put(payee);
  auto committing = call.Commit(std::move(subject), std::move(payee));
  co_return co_await committing;
}

Answer<v1::Payee> GetPayee(const Upstreams&, call::Call& call, const v1::GetPayeeRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  co_return subject.Get<v1::Payee>(request.name());
}

}  // namespace ipb::payments::handlers
