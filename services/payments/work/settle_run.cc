#include "services/payments/work/settle_run.h"

#include <utility>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "common/work/owned.h"
#include "services/payments/rules/run.h"
#include "services/payments/work/jobs.h"
#include "services/payments/work/person_money.h"

namespace ipb::payments {
namespace {

// Applies the bank's answers to the payments that they name, and keeps the verdict on each.
class SettleMover final : public Mover {
 public:
  SettleMover(const v1::PaymentRun& run, const v1::SettlePaymentsRequest& request)
      : run_(run.name()), request_(request), verdicts_(request.results_size()) {
    for (int i = 0; i < request.results_size(); ++i)
      results_[request.results(i).end_to_end_id()].push_back(i);
  }

  absl::StatusOr<bool> Move(const call::Call& call, PersonMoney& money, const v1::Payment& payment) override {
    bool changed = false;
    for (const int i : results_[payment.end_to_end_id()]) {
      const v1::Payment* now = FindPayment(money, payment.name());
      const v1::Agreement* agreement = FindAgreement(money, payment.agreement());
      if (agreement == nullptr) continue;
      IPB_ASSIGN_OR_RETURN(
          SettleDecision decision,
          DecideSettlePayment(*now, *agreement, run_, request_.results(i), money.numbers, call.today()));
      verdicts_[i] = decision.verdict;
      Take(money, std::move(decision.agreement));
      changed |= Take(call, money, std::move(decision.moved));
    }
    return changed;
  }

  // The names, by person, of the payments that are answered for; the others' answers are refused.
  absl::StatusOr<std::vector<std::vector<std::string>>> Answered(const call::Call& call,
                                                                 const std::vector<v1::RunPayment>& rows) {
    std::vector<v1::RunPayment> answered;
    std::map<std::string, std::vector<int>> unknown = results_;
    for (const v1::RunPayment& row : rows) {
      if (results_.count(row.end_to_end_id()) > 0) answered.push_back(row);
      unknown.erase(row.end_to_end_id());
    }
    for (const auto& [id, places] : unknown) {
      for (const int i : places) {
        IPB_ASSIGN_OR_RETURN(const SettleDecision refused,
                             DecideSettlePayment({}, {}, run_, request_.results(i), {}, call.today()));
        verdicts_[i] = refused.verdict;
      }
    }
    return ByPerson(answered);
  }

  std::vector<v1::SettleVerdict> verdicts() const { return verdicts_; }

 private:
  const std::string run_;
  const v1::SettlePaymentsRequest& request_;
  std::map<std::string, std::vector<int>> results_;  // places of the answers, by end-to-end id
  std::vector<v1::SettleVerdict> verdicts_;
};

// Brings the run's rows and counts up to what was settled, and ends the work.
async::Task<absl::Status> Conclude(call::Call& call, work::Item item, std::vector<v1::Payment> settled) {
  for (int races = 0;; ++races) {
    auto loading = work::LoadOwnedWork<v1::PaymentRun>(call, item);
    IPB_CO_ASSIGN_OR_RETURN(RunWork work, co_await loading);
    if (!work.content) co_return absl::OkStatus();
    auto reading = ReadRows(call, item.subject);
    IPB_CO_ASSIGN_OR_RETURN(std::vector<RowChunk> chunks, co_await reading);
    for (RowChunk& chunk : chunks) {
      if (UpdateRows(settled, item.subject, chunk)) work.subject.PutRecord(chunk.record, chunk.rows);
    }
    const std::vector<v1::RunPayment> rows = Flat(chunks);
    IPB_CO_ASSIGN_OR_RETURN(v1::PaymentRun run, CountRun(work.resource, rows));
    work.subject.FinishWork(item.id, *work.content);
    work.subject.Put(run);
    auto committing = call.Commit(std::move(work.subject));
    const absl::Status committed = co_await committing;
    if (committed.ok() || !call.lost_race() || races >= kMostRaces) co_return committed;
  }
}

}  // namespace

async::Task<absl::StatusOr<std::vector<v1::SettleVerdict>>> JudgeResults(
    call::Call& call, const v1::PaymentRun& run, const v1::SettlePaymentsRequest& request) {
  SettleMover mover(run, request);
  auto reading = ReadRows(call, run.name());
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await reading);
  const std::vector<v1::RunPayment> rows = Flat(chunks);
  IPB_CO_ASSIGN_OR_RETURN(const auto people, mover.Answered(call, rows));
  for (const std::vector<std::string>& names : people) {
    auto loading = LoadMoney(call, names.front(), run.organisation());
    IPB_CO_ASSIGN_OR_RETURN(PersonMoney money, co_await loading);
    for (const std::string& name : names) {
      const v1::Payment* payment = FindPayment(money, name);
      if (payment == nullptr) continue;
      const v1::Payment before = *payment;
      IPB_CO_RETURN_IF_ERROR(mover.Move(call, money, before).status());
    }
  }
  co_return mover.verdicts();
}

async::Task<absl::Status> SettleRun(call::Call& call, work::Item item) {
  v1::SettlePaymentsRequest request;
  request.ParseFromString(item.content.payload());
  auto loading = work::Reread<v1::PaymentRun>(call, item.subject);
  IPB_CO_ASSIGN_OR_RETURN(const v1::PaymentRun run, co_await loading);
  auto reading = ReadRows(call, item.subject);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await reading);
  const std::vector<v1::RunPayment> rows = Flat(chunks);
  SettleMover mover(run, request);
  IPB_CO_ASSIGN_OR_RETURN(const auto people, mover.Answered(call, rows));
  std::vector<v1::Payment> settled;
  for (const std::vector<std::string>& names : people) {
    auto moving = MovePayments(call, mover, run.organisation(), names);
    IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::Payment> moved, co_await moving);
    for (v1::Payment& payment : moved) settled.push_back(std::move(payment));
  }
  auto concluding = Conclude(call, std::move(item), std::move(settled));
  co_return co_await concluding;
}

}  // namespace ipb::payments
