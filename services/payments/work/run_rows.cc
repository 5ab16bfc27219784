#include "services/payments/work/run_rows.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"

namespace ipb::payments {
namespace {

constexpr char kRows[] = "rows/";
constexpr size_t kRecordsAtOnce = 16;

std::string ReasonOf(const v1::Payment& payment) {
  if (payment.state() != v1::Payment::STATE_HELD) return payment.state_reason();
  std::string reasons;
  for (const v1::PaymentGate& gate : payment.gates()) {
    absl::StrAppend(&reasons, reasons.empty() ? "" : " ", gate.sentence());
  }
  return reasons;
}

async::Task<absl::StatusOr<std::vector<RowChunk>>> ListRows(call::Call& call, std::string run,
                                                            std::string after, size_t limit) {
  auto listing = call.environment().store->List(std::move(run), kRows, std::move(after), limit);
  IPB_CO_ASSIGN_OR_RETURN(std::vector<store::Record> records, co_await listing);
  std::vector<RowChunk> chunks;
  for (store::Record& record : records) {
    RowChunk& chunk = chunks.emplace_back();
    chunk.record = std::move(record.name);
    chunk.rows.ParseFromString(record.data);
  }
  co_return chunks;
}

}  // namespace

std::string RowRecordOf(absl::string_view first_person) {
  return absl::StrCat(kRows, names::LastSegment(first_person));
}

v1::RunPayment RowOf(const v1::Payment& payment, absl::string_view run) {
  v1::RunPayment row;
  row.set_payment(payment.name());
  row.set_end_to_end_id(payment.end_to_end_id());
  row.set_net_pence(payment.net_pence());
  const bool inside = payment.run() == run;
  const bool dropped =
      payment.state() == v1::Payment::STATE_VOID || payment.state() == v1::Payment::STATE_HELD;
  row.set_state(inside || dropped ? payment.state() : v1::Payment::STATE_HELD);
  row.set_state_reason(inside || dropped ? ReasonOf(payment) : "it left this run, to be paid by another");
  return row;
}

async::Task<absl::StatusOr<std::vector<RowChunk>>> ReadRows(call::Call& call, std::string run) {
  std::vector<RowChunk> all;
  while (true) {
    auto listing = ListRows(call, run, all.empty() ? std::string() : all.back().record, kRecordsAtOnce);
    IPB_CO_ASSIGN_OR_RETURN(std::vector<RowChunk> chunks, co_await listing);
    if (chunks.empty()) co_return all;
    for (RowChunk& chunk : chunks) all.push_back(std::move(chunk));
  }
}

async::Task<absl::StatusOr<std::vector<RowChunk>>> NextRows(call::Call& call, std::string run,
                                                            std::string after) {
  auto listing = ListRows(call, std::move(run), std::move(after), 1);
  co_return co_await listing;
}

std::vector<v1::RunPayment> Flat(absl::Span<const RowChunk> chunks) {
  std::vector<v1::RunPayment> rows;
  for (const RowChunk& chunk : chunks) {
    rows.insert(rows.end(), chunk.rows.payments().begin(), chunk.rows.payments().end());
  }
  return rows;
}

bool UpdateRows(absl::Span<const v1::Payment> payments, absl::string_view run, RowChunk& chunk) {
  std::map<absl::string_view, const v1::Payment*> named;
  for (const v1::Payment& payment : payments) named[payment.name()] = &payment;
  bool changed = false;
  for (v1::RunPayment& row : *chunk.rows.mutable_payments()) {
    const auto found = named.find(row.payment());
    if (found == named.end()) continue;
    v1::RunPayment now = RowOf(*found->second, run);
    if (now.SerializeAsString() == row.SerializeAsString()) continue;
    row = std::move(now);
    changed = true;
  }
  return changed;
}

std::vector<std::vector<std::string>> ByPerson(absl::Span<const v1::RunPayment> rows) {
  std::map<std::string, std::vector<std::string>> people;
  for (const v1::RunPayment& row : rows) people[names::Subject(row.payment())].push_back(row.payment());
  std::vector<std::vector<std::string>> names;
  for (auto& [person, payments] : people) names.push_back(std::move(payments));
  return names;
}

async::Task<absl::StatusOr<LoadedRun>> LoadMoved(call::Call& call, std::string name, std::string id) {
  const std::string record = call::WorkRecordOf(id);
  for (bool tried = false;; tried = true) {
    auto loading = work::LoadOwned<v1::PaymentRun>(call, name, {record});
    IPB_CO_ASSIGN_OR_RETURN(LoadedRun loaded, co_await loading);
    if (!loaded.subject.FindRecord<state::v1::WorkItem>(record)) co_return loaded;
    if (tried || call.info().validate_only) {
      co_return errors::WrongState(name,
                                   absl::StrCat(v1::PaymentRun::State_Name(loaded.resource.state()),
                                                ", and its payments are still on their way"),
                                   "the same with all its payments moved: try again shortly");
    }
    auto trying = work::TryNow<v1::PaymentRun>(call, name, id);
    IPB_CO_RETURN_IF_ERROR((co_await trying).status());
  }
}

absl::Status CheckReleased(const v1::PaymentRun& run) {
  const bool released = run.state() == v1::PaymentRun::STATE_RELEASED ||
                        run.state() == v1::PaymentRun::STATE_EXPORTED ||
                        run.state() == v1::PaymentRun::STATE_SETTLED;
  if (released) return absl::OkStatus();
  return errors::WrongState(run.name(), v1::PaymentRun::State_Name(run.state()),
                            "STATE_RELEASED, STATE_EXPORTED or STATE_SETTLED");
}

}  // namespace ipb::payments
