// Release and export: every row of a run, chunk by chunk and person by person.
#include <map>
#include <utility>

#include "common/errors/status_macros.h"
#include "common/work/owned.h"
#include "services/payments/handlers/money.h"
#include "services/payments/rules/run.h"
#include "services/payments/work/bank_rows.h"
#include "services/payments/work/jobs.h"
#include "services/payments/work/person_money.h"

namespace ipb::payments {
namespace {

class ReleaseMover final : public Mover {
 public:
  ReleaseMover(const Upstreams& upstreams, const v1::PaymentRun& run, v1::PaymentsPolicy policy)
      : upstreams_(upstreams), run_(run), policy_(std::move(policy)) {}

  async::Task<absl::Status> Look(call::Call& call, PersonMoney& money) override {
    auto refreshing = RefreshPerson(call, money);
    IPB_CO_RETURN_IF_ERROR(co_await refreshing);
    facts_.clear();
    for (const v1::Payment& payment : money.payments) {
      const bool moves = payment.run() == run_.name() && payment.state() == v1::Payment::STATE_PENDING;
      const v1::Agreement* agreement = FindAgreement(money, payment.agreement());
      if (!moves || agreement == nullptr || facts_.count(agreement->name()) > 0) continue;
      auto gathering = GatherFacts(upstreams_, call, money, *agreement);
      IPB_CO_ASSIGN_OR_RETURN(PayFacts facts, co_await gathering);
      facts_[agreement->name()] = std::move(facts);
    }
    co_return absl::OkStatus();
  }

  absl::StatusOr<bool> Move(const call::Call& call, PersonMoney& money, const v1::Payment& payment) override {
    const auto facts = facts_.find(payment.agreement());
    if (facts == facts_.end()) return false;
    facts->second.payments = money.payments;
    facts->second.numbers = money.numbers;
    IPB_ASSIGN_OR_RETURN(PaymentDecision moved,
                         DecideReleasePayment(payment, facts->second, run_.name(), policy_, call.today()));
    return Take(call, money, std::move(moved));
  }

 private:
  const Upstreams& upstreams_;
  const v1::PaymentRun run_;
  const v1::PaymentsPolicy policy_;
  std::map<std::string, PayFacts> facts_;  // by agreement
};

class ExportMover final : public Mover {
 public:
  ExportMover(const v1::PaymentRun& run, v1::PaymentsPolicy policy) : run_(run), policy_(std::move(policy)) {}

  async::Task<absl::Status> Look(call::Call& call, PersonMoney& money) override {
    auto refreshing = RefreshPerson(call, money);
    co_return co_await refreshing;
  }

  absl::StatusOr<bool> Move(const call::Call& call, PersonMoney& money, const v1::Payment& payment) override {
    const v1::Agreement* agreement = FindAgreement(money, payment.agreement());
    if (agreement == nullptr) return false;
    IPB_ASSIGN_OR_RETURN(ExportDecision decision, DecideExportPayment(payment, FactsOf(money, *agreement),
                                                                      run_, policy_, call.today()));
    Take(money, std::move(decision.agreement));
    return Take(call, money, std::move(decision.moved));
  }

 private:
  const v1::PaymentRun run_;
  const v1::PaymentsPolicy policy_;
};

// Moves the next chunk of rows; gives it, or none where all have moved.
async::Task<absl::StatusOr<std::vector<RowChunk>>> MoveNext(call::Call& call, const v1::PaymentRun& run,
                                                            Mover& mover, std::string after) {
  auto reading = NextRows(call, run.name(), std::move(after));
  IPB_CO_ASSIGN_OR_RETURN(std::vector<RowChunk> chunks, co_await reading);
  for (RowChunk& chunk : chunks) {
    const std::vector<v1::RunPayment> rows(chunk.rows.payments().begin(), chunk.rows.payments().end());
    for (const std::vector<std::string>& names : ByPerson(rows)) {
      auto moving = MovePayments(call, mover, run.organisation(), names);
      IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::Payment> moved, co_await moving);
      UpdateRows(moved, run.name(), chunk);
    }
  }
  co_return chunks;
}

// What becomes of the run once all its rows have moved.
using Ending = absl::StatusOr<v1::PaymentRun> (*)(const call::Call&, call::Subject&, v1::PaymentRun,
                                                  absl::Span<const v1::RunPayment>);

async::Task<absl::Status> End(call::Call& call, RunWork work, std::string id, Ending ending) {
  auto reading = ReadRows(call, work.resource.name());
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await reading);
  const std::vector<v1::RunPayment> rows = Flat(chunks);
  IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run, ending(call, work.subject, work.resource, rows));
  work.subject.FinishWork(id, *work.content);
  work.subject.Put(run);
  auto committing = call.Commit(std::move(work.subject));
  co_return co_await committing;
}

// Moves rows until the slice is over or all have moved. The checkpoint is the last record of rows that has
// moved.
async::Task<absl::Status> Walk(call::Call& call, work::Item item, Mover& mover, Ending ending) {
  const Slice time;
  while (true) {
    auto loading = work::LoadOwnedWork<v1::PaymentRun>(call, item);
    IPB_CO_ASSIGN_OR_RETURN(RunWork work, co_await loading);
    if (!work.content) co_return absl::OkStatus();
    auto moving = MoveNext(call, work.resource, mover, work.content->payload());
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await moving);
    if (chunks.empty()) {
      auto finishing = End(call, std::move(work), item.id, ending);
      co_return co_await finishing;
    }
    for (const RowChunk& chunk : chunks) work.subject.PutRecord(chunk.record, chunk.rows);
    const bool over = time.over();
    Checkpoint(call, work, item.id, chunks.back().record, over);
    auto committing = call.Commit(std::move(work.subject));
    IPB_CO_RETURN_IF_ERROR(co_await committing);
    if (over) co_return absl::OkStatus();
  }
}

// A run in which nothing is left for the bank to do goes on without it.
absl::StatusOr<v1::PaymentRun> AfterRelease(const call::Call& call, call::Subject& subject,
                                            v1::PaymentRun run, absl::Span<const v1::RunPayment> rows) {
  IPB_ASSIGN_OR_RETURN(run, CountRun(run, rows));
  if (HasTransfer(rows) || run.state() != v1::PaymentRun::STATE_RELEASED) return run;
  run.set_state(v1::PaymentRun::STATE_EXPORTED);
  call::SetTime(call.now(), run.mutable_exported_time());
  Begin(call, subject, kExportRun, kExportRun);
  return run;
}

absl::StatusOr<v1::PaymentRun> AfterExport(const call::Call& call, call::Subject&, v1::PaymentRun run,
                                           absl::Span<const v1::RunPayment> rows) {
  IPB_ASSIGN_OR_RETURN(const int32_t maximum, MaximumTransfers(call, run));
  run.set_file_count(FileCount(rows, maximum));
  return CountRun(run, rows);
}

}  // namespace

async::Task<absl::Status> ReleaseRun(const Upstreams& upstreams, call::Call& call, work::Item item) {
  auto reading = work::Reread<v1::PaymentRun>(call, item.subject);
  IPB_CO_ASSIGN_OR_RETURN(const v1::PaymentRun run, co_await reading);
  ReleaseMover mover(upstreams, run, handlers::PolicyOf(call, run.organisation()));
  auto walking = Walk(call, std::move(item), mover, AfterRelease);
  co_return co_await walking;
}

async::Task<absl::Status> ExportRun(call::Call& call, work::Item item) {
  auto reading = work::Reread<v1::PaymentRun>(call, item.subject);
  IPB_CO_ASSIGN_OR_RETURN(const v1::PaymentRun run, co_await reading);
  ExportMover mover(run, handlers::PolicyOf(call, run.organisation()));
  auto walking = Walk(call, std::move(item), mover, AfterExport);
  co_return co_await walking;
}

}  // namespace ipb::payments
