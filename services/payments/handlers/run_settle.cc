#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/work/owned.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/work/jobs.h"
#include "services/payments/work/settle_run.h"

namespace ipb::payments::handlers {
namespace {

absl::Status CheckExported(const v1::PaymentRun& run) {
  const bool exported =
      run.state() == v1::PaymentRun::STATE_EXPORTED || run.state() == v1::PaymentRun::STATE_SETTLED;
  if (exported) return absl::OkStatus();
  return errors::WrongState(run.name(), v1::PaymentRun::State_Name(run.state()),
                            "STATE_EXPORTED or STATE_SETTLED");
}

}  // namespace

// The answers are kept as work of the run together with the verdicts on them, and then taken person by
// person.
Answer<v1::SettlePaymentsResponse> SettlePayments(const Upstreams&, call::Call& call,
                                                  const v1::SettlePaymentsRequest& request) {
  auto loading = LoadMoved(call, request.name(), kExportRun);
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(CheckExported(loaded.resource));
  auto judging = JudgeResults(call, loaded.resource, request);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::SettleVerdict> verdicts, co_await judging);
  v1::SettlePaymentsResponse reply;
  *reply.mutable_run() = loaded.resource;
  for (const v1::SettleVerdict& verdict : verdicts) *reply.add_verdicts() = verdict;
  const std::string settling = absl::StrCat(kSettleRun, "-", call.info().request_id);
  Begin(call, loaded.subject, settling, kSettleRun, request.SerializeAsString());
  auto committing = call.Commit(std::move(loaded.subject), std::move(reply));
  IPB_CO_ASSIGN_OR_RETURN(v1::SettlePaymentsResponse committed, co_await committing);
  if (call.info().validate_only) co_return committed;
  auto trying = work::TryNow<v1::PaymentRun>(call, request.name(), settling);
  IPB_CO_ASSIGN_OR_RETURN(*committed.mutable_run(), co_await trying);
  co_return committed;
}

}  // namespace ipb::payments::handlers
