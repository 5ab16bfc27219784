// Taking payments out of a run that was given up, or that they entered too late.
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "services/payments/handlers/money.h"
#include "services/payments/work/jobs.h"
#include "services/payments/work/person_money.h"

namespace ipb::payments {
namespace {

constexpr size_t kPage = 200;

class DetachMover final : public Mover {
 public:
  explicit DetachMover(std::string run) : run_(std::move(run)) {}

  absl::StatusOr<bool> Move(const call::Call& call, PersonMoney& money, const v1::Payment& payment) override {
    return Take(call, money, {DetachPayment(payment, run_), {}, money.numbers});
  }

 private:
  const std::string run_;
};

std::string NameOf(const store::IndexEntry& entry) {
  // "payments/b12" is the record of "payments/12": the letter counts the digits.
  const size_t slash = entry.name.rfind('/');
  return absl::StrCat(entry.subject, "/", entry.name.substr(0, slash + 1), entry.name.substr(slash + 2));
}

// The end-to-end ids of what was frozen, which stays in the run; none where it was given up.
async::Task<absl::StatusOr<std::set<std::string>>> Staying(call::Call& call, v1::PaymentRun run) {
  std::set<std::string> staying;
  if (run.state() == v1::PaymentRun::STATE_CANCELLED) co_return staying;
  auto reading = ReadRows(call, run.name());
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await reading);
  const std::vector<v1::RunPayment> rows = Flat(chunks);
  for (const v1::RunPayment& row : rows) staying.insert(row.end_to_end_id());
  co_return staying;
}

// Detaches a page of the run's index; gives where the next begins, empty after the last.
async::Task<absl::StatusOr<std::string>> DetachPage(call::Call& call, const v1::PaymentRun& run,
                                                    const std::set<std::string>& staying, std::string from) {
  auto scanning = call.environment().store->Scan(handlers::RunIndexOf(run.name()), std::move(from), "",
                                                 std::nullopt, kPage);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::IndexEntry> entries, co_await scanning);
  std::map<std::string, std::vector<std::string>> people;
  for (const store::IndexEntry& entry : entries) {
    if (staying.count(entry.key) == 0) people[entry.subject].push_back(NameOf(entry));
  }
  DetachMover mover(run.name());
  for (const auto& [person, names] : people) {
    auto moving = MovePayments(call, mover, run.organisation(), names);
    IPB_CO_RETURN_IF_ERROR((co_await moving).status());
  }
  co_return entries.size() < kPage ? std::string() : absl::StrCat(entries.back().key, " ");
}

}  // namespace

async::Task<absl::Status> DetachRun(call::Call& call, work::Item item) {
  const Slice time;
  while (true) {
    auto loading = work::LoadOwnedWork<v1::PaymentRun>(call, item);
    IPB_CO_ASSIGN_OR_RETURN(RunWork work, co_await loading);
    if (!work.content) co_return absl::OkStatus();
    auto reading = Staying(call, work.resource);
    IPB_CO_ASSIGN_OR_RETURN(const std::set<std::string> staying, co_await reading);
    auto detaching = DetachPage(call, work.resource, staying, work.content->payload());
    IPB_CO_ASSIGN_OR_RETURN(const std::string next, co_await detaching);
    const bool over = time.over();
    if (next.empty()) {
      work.subject.FinishWork(item.id, *work.content);
    } else {
      Checkpoint(call, work, item.id, next, over);
    }
    auto committing = call.Commit(std::move(work.subject));
    IPB_CO_RETURN_IF_ERROR(co_await committing);
    if (next.empty() || over) co_return absl::OkStatus();
  }
}

}  // namespace ipb::payments
