#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"
#include "services/payments/rules/run.h"
#include "services/payments/work/bank_rows.h"
#include "services/payments/work/jobs.h"

namespace ipb::payments::handlers {
namespace {

// The same request makes the same run, however often it comes.
std::string NameFor(const call::Call& call) {
  const call::Caller& caller = call.caller();
  const std::string key =
      absl::StrCat("paymentRuns|", caller.organisation, "|", caller.system, "|", call.info().request_id);
  return absl::StrCat("paymentRuns/", names::PersonIdFor(key));
}

// Opens a run to the organisation that pays, and to no other.
state::v1::AccessRecord AccessOf(const call::Call& call, const std::string& organisation) {
  state::v1::AccessRecord access;
  v1::Responsibility* held = access.add_responsibilities();
  held->set_organisation(organisation);
  held->set_state(v1::Responsibility::STATE_ACCEPTED);
  held->set_effective_from_date(dates::Format(call.today()));
  return access;
}

// Commits a run that has work to do, tries it, and replies with the run as it is then.
Answer<v1::PaymentRun> CommitAndTry(call::Call& call, call::Subject subject, v1::PaymentRun run,
                                    std::string work) {
  const std::string name = run.name();
  auto committing = call.Commit(std::move(subject), std::move(run));
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun committed, co_await committing);
  if (call.info().validate_only) co_return committed;
  auto trying = TryNow(call, name, std::move(work));
  co_return co_await trying;
}

}  // namespace

Answer<v1::PaymentRun> CreatePaymentRun(const Upstreams&, call::Call& call,
                                        const v1::CreatePaymentRunRequest& request) {
  const std::string name = NameFor(call);
  auto loading = call.LoadUnguarded(name);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const v1::PaymentsPolicy policy = PolicyOf(call, call.caller().organisation);
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run, DecideCreateRun(request, CallerOf(call), policy, call.today()));
  // A run that could not be frozen is not begun.
  IPB_CO_RETURN_IF_ERROR(MaximumTransfers(call, run).status());
  run.set_name(name);
  call::SetTime(call.now(), run.mutable_recorded_time());
  subject.Put(run);
  subject.SetAccess(AccessOf(call, run.organisation()));
  Begin(call, subject, kPrepareRun, kPrepareRun);
  auto committing = CommitAndTry(call, std::move(subject), std::move(run), kPrepareRun);
  co_return co_await committing;
}

Answer<v1::PaymentRun> ReleasePaymentRun(const Upstreams&, call::Call& call,
                                         const v1::ReleasePaymentRunRequest& request) {
  auto loading = LoadRun(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.run));
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run,
                          DecideReleaseRun(loaded.run, request, CallerOf(call), call.today()));
  loaded.subject.Put(run);
  Begin(call, loaded.subject, kReleaseRun, kReleaseRun);
  auto committing = CommitAndTry(call, std::move(loaded.subject), std::move(run), kReleaseRun);
  co_return co_await committing;
}

Answer<v1::PaymentRun> CancelPaymentRun(const Upstreams&, call::Call& call,
                                        const v1::CancelPaymentRunRequest& request) {
  auto loading = LoadRun(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.run));
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run,
                          DecideCancelRun(loaded.run, request, CallerOf(call), call.today()));
  loaded.subject.Put(run);
  const std::string work = DetachIdOf(loaded.subject);
  Begin(call, loaded.subject, work, kDetachRun);
  auto committing = CommitAndTry(call, std::move(loaded.subject), std::move(run), work);
  co_return co_await committing;
}

}  // namespace ipb::payments::handlers
