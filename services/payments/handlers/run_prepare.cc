#include "common/errors/status_macros.h"
#include "common/work/owned.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"
#include "services/payments/rules/run.h"
#include "services/payments/work/bank_rows.h"
#include "services/payments/work/jobs.h"

namespace ipb::payments::handlers {

Answer<v1::PaymentRun> CreatePaymentRun(const Upstreams&, call::Call& call,
                                        const v1::CreatePaymentRunRequest& request) {
  const std::string name = work::OwnedName(call, "paymentRuns");
  auto loading = call.LoadUnguarded(name);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const v1::PaymentsPolicy policy = PolicyOf(call, call.caller().organisation);
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run, DecideCreateRun(request, CallerOf(call), policy, call.today()));
  // A run that could not be frozen is not begun.
  IPB_CO_RETURN_IF_ERROR(MaximumTransfers(call, run).status());
  run.set_name(name);
  call::SetTime(call.now(), run.mutable_recorded_time());
  subject.Put(run);
  subject.SetAccess(work::OwnedBy(call, run.organisation()));
  Begin(call, subject, kPrepareRun, kPrepareRun);
  auto committing = work::CommitAndTry(call, std::move(subject), std::move(run), kPrepareRun);
  co_return co_await committing;
}

Answer<v1::PaymentRun> ReleasePaymentRun(const Upstreams&, call::Call& call,
                                         const v1::ReleasePaymentRunRequest& request) {
  auto loading = work::LoadOwned<v1::PaymentRun>(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.resource));
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run,
                          DecideReleaseRun(loaded.resource, request, CallerOf(call), call.today()));
  loaded.subject.Put(run);
  Begin(call, loaded.subject, kReleaseRun, kReleaseRun);
  auto committing = work::CommitAndTry(call, std::move(loaded.subject), std::move(run), kReleaseRun);
  co_return co_await committing;
}

Answer<v1::PaymentRun> CancelPaymentRun(const Upstreams&, call::Call& call,
                                        const v1::CancelPaymentRunRequest& request) {
  auto loading = work::LoadOwned<v1::PaymentRun>(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.resource));
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run,
                          DecideCancelRun(loaded.resource, request, CallerOf(call), call.today()));
  loaded.subject.Put(run);
  const std::string detach = DetachIdOf(loaded.subject);
  Begin(call, loaded.subject, detach, kDetachRun);
  auto committing = work::CommitAndTry(call, std::move(loaded.subject), std::move(run), detach);
  co_return co_await committing;
}

}  // namespace ipb::payments::handlers
