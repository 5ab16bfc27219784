#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"
#include "common/names/names.h"
#include "services/payments/bank/bank_file.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"
#include "services/payments/work/bank_rows.h"
#include "services/payments/work/jobs.h"

namespace ipb::payments::handlers {
namespace {

// What the holder of the account sees.
std::string ReferenceOf(const v1::Payment& payment) {
  return absl::StrCat("Personal budget ", payment.first_date(), " to ", payment.last_date());
}

absl::Status StaleUnless(bool same) {
  if (same) return absl::OkStatus();
  return errors::Make(absl::StatusCode::kAborted, v1::ERROR_REASON_PREVIEW_STALE,
                      "what you previewed is no longer what would happen: preview again");
}

// A file without its text: what is known of it before the payments move.
absl::StatusOr<v1::BankFile> Preview(const v1::PaymentRun& run, const std::vector<v1::RunPayment>& rows,
                                     int32_t file_number, int32_t maximum) {
  IPB_ASSIGN_OR_RETURN(const std::vector<v1::RunPayment> own, RowsOfFile(rows, file_number, maximum));
  v1::BankFile file;
  std::vector<Transfer> transfers;
  money::Sum total;
  for (const v1::RunPayment& row : own) {
    transfers.push_back({row.end_to_end_id(), row.net_pence(), "", "", "", ""});
    total.Add(row.net_pence());
  }
  IPB_ASSIGN_OR_RETURN(const int64_t pence, total.Total());
  file.set_run(run.name());
  file.set_file_number(file_number);
  file.set_file_count(FileCount(rows, maximum));
  file.set_message_id(MessageId(transfers));
  file.set_transfer_count(static_cast<int64_t>(transfers.size()));
  file.set_total_pence(pence);
  return file;
}

// The rows of a run. What a preview promises is told from the payments themselves: since its release one may
// have been held or have fallen away, or its person may have died, which its row shows when the run is
// exported.
async::Task<absl::StatusOr<std::vector<v1::RunPayment>>> RowsToExport(call::Call& call, std::string run) {
  auto reading = ReadRows(call, run);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await reading);
  std::vector<v1::RunPayment> rows = Flat(chunks);
  if (!call.info().validate_only && call.info().preview_token.empty()) co_return rows;
  for (v1::RunPayment& row : rows) {
    if (row.state() != v1::Payment::STATE_RELEASED) continue;
    auto loading = call.LoadUnguarded(names::Subject(row.payment()), {call::RecordOf(row.payment())});
    IPB_CO_ASSIGN_OR_RETURN(call::Subject person, co_await loading);
    auto refreshing = RefreshAccess(call, person);
    IPB_CO_RETURN_IF_ERROR((co_await refreshing).status());
    IPB_CO_ASSIGN_OR_RETURN(const v1::Payment payment, person.Get<v1::Payment>(row.payment()));
    row = RowOf(payment, run);
    if (PersonOf(person).death) row.set_state(v1::Payment::STATE_HELD);
  }
  co_return rows;
}

// Sends what is released on its way, if that was not done before. The same payments make the same message, so
// the message's id is what a preview promises.
async::Task<absl::Status> MoveOn(call::Call& call, LoadedRun loaded, int32_t file_number, int32_t maximum) {
  auto reading = RowsToExport(call, loaded.resource.name());
  IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::RunPayment> rows, co_await reading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::BankFile expected,
                          Preview(loaded.resource, AsExported(std::move(rows)), file_number, maximum));
  const std::string& preview = call.info().preview_token;
  IPB_CO_RETURN_IF_ERROR(StaleUnless(preview.empty() || preview == expected.message_id()));
  if (loaded.resource.state() != v1::PaymentRun::STATE_RELEASED) co_return absl::OkStatus();
  loaded.resource.set_state(v1::PaymentRun::STATE_EXPORTED);
  call::SetTime(call.now(), loaded.resource.mutable_exported_time());
  loaded.subject.Put(loaded.resource);
  Begin(call, loaded.subject, kExportRun, kExportRun);
  auto committing = call.Commit(std::move(loaded.subject));
  co_return co_await committing;
}

// The bank's details of each row. Payees never change, so neither do these.
async::Task<absl::StatusOr<std::vector<Transfer>>> TransfersOf(call::Call& call,
                                                               std::vector<v1::RunPayment> rows) {
  std::vector<Transfer> transfers;
  for (const v1::RunPayment& row : rows) {
    const std::string person = names::Subject(row.payment());
    auto loading = call.LoadUnguarded(person, {call::RecordOf(row.payment())});
    IPB_CO_ASSIGN_OR_RETURN(const call::Subject first, co_await loading);
    IPB_CO_ASSIGN_OR_RETURN(const v1::Payment payment, first.Get<v1::Payment>(row.payment()));
    auto loading_payee = call.LoadUnguarded(person, {call::RecordOf(payment.payee())});
    IPB_CO_ASSIGN_OR_RETURN(const call::Subject second, co_await loading_payee);
    IPB_CO_ASSIGN_OR_RETURN(const v1::Payee payee, second.Get<v1::Payee>(payment.payee()));
    transfers.push_back({row.end_to_end_id(), row.net_pence(), payee.account_name(), payee.sort_code(),
                         payee.account_number(), ReferenceOf(payment)});
  }
  co_return transfers;
}

// The file of a run whose payments have moved.
async::Task<absl::StatusOr<v1::BankFile>> FileOf(call::Call& call, v1::PaymentRun run, int32_t file_number,
                                                 int32_t maximum) {
  auto reading = ReadRows(call, run.name());
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await reading);
  const std::vector<v1::RunPayment> all = Flat(chunks);
  IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::RunPayment> rows, RowsOfFile(all, file_number, maximum));
  auto finding = TransfersOf(call, std::move(rows));
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Transfer> transfers, co_await finding);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Originator originator, OriginatorOf(call, run));
  FileHeader header;
  header.originator = originator;
  header.pay_date = dates::Checked(run.pay_date());
  header.created = absl::FromUnixSeconds(run.exported_time().seconds());
  co_await call.environment().bulk_executor->Yield();
  IPB_CO_ASSIGN_OR_RETURN(v1::BankFile file, MakeBankFile(header, transfers));
  file.set_run(run.name());
  file.set_file_number(file_number);
  file.set_file_count(run.file_count());
  co_return file;
}

}  // namespace

// A file is not remembered with its request: it may be larger than a reply that is kept, and asking again
// gives the same text anyway.
Answer<v1::BankFile> ExportPaymentRun(const Upstreams&, call::Call& call,
                                      const v1::ExportPaymentRunRequest& request) {
  const int32_t file_number = std::max(request.file_number(), 1);
  auto releasing = LoadMoved(call, request.name(), kReleaseRun);
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await releasing);
  IPB_CO_RETURN_IF_ERROR(CheckReleased(loaded.resource));
  IPB_CO_ASSIGN_OR_RETURN(const int32_t maximum, MaximumTransfers(call, loaded.resource));
  IPB_CO_RETURN_IF_ERROR(OriginatorOf(call, loaded.resource).status());
  if (call.info().validate_only) {
    auto reading = RowsToExport(call, request.name());
    IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::RunPayment> rows, co_await reading);
    IPB_CO_ASSIGN_OR_RETURN(v1::BankFile file,
                            Preview(loaded.resource, AsExported(std::move(rows)), file_number, maximum));
    file.set_preview_token(file.message_id());
    co_return file;
  }
  auto moving = MoveOn(call, std::move(loaded), file_number, maximum);
  IPB_CO_RETURN_IF_ERROR(co_await moving);
  auto exporting = LoadMoved(call, request.name(), kExportRun);
  IPB_CO_ASSIGN_OR_RETURN(LoadedRun moved, co_await exporting);
  auto making = FileOf(call, std::move(moved.resource), file_number, maximum);
  co_return co_await making;
}

}  // namespace ipb::payments::handlers
