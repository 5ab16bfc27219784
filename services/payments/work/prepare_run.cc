#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/work/people.h"
#include "services/payments/handlers/money.h"
#include "services/payments/rules/prepare.h"
#include "services/payments/rules/run.h"
#include "services/payments/work/jobs.h"
#include "services/payments/work/person_money.h"

namespace ipb::payments {
namespace {

constexpr size_t kPage = 200;
constexpr int kMostRows = 500;
constexpr size_t kMostIndexed = 1000;
// Where rows are kept that no slice of people found.
constexpr char kLate[] = "~late";

// What one slice found: the rows of the people it prepared, and how far it came.
struct Found {
  RowChunk chunk;
  int64_t held_count = 0;
  std::string last_person;
  bool done = false;
};

bool Waits(const v1::Payment& payment, const v1::Agreement& agreement) {
  return payment.agreement() == agreement.name() &&
         (payment.state() == v1::Payment::STATE_HELD ||
          (payment.state() == v1::Payment::STATE_PENDING && payment.run().empty()));
}

// Whether plan and budget, which are other services' to tell, need not be asked: nothing is due and nothing
// waits.
absl::StatusOr<bool> AtRest(const PersonMoney& money, const v1::Agreement& agreement,
                            const v1::PaymentRun& run, absl::CivilDay by, const v1::PaymentsPolicy& policy,
                            absl::CivilDay today) {
  const bool waiting = std::any_of(money.payments.begin(), money.payments.end(),
                                   [&](const v1::Payment& payment) { return Waits(payment, agreement); });
  if (waiting) return false;
  IPB_ASSIGN_OR_RETURN(const PrepareDecision decision,
                       DecidePrepare(FactsOf(money, agreement), run.name(), by, policy, today));
  return decision.payments.empty();
}

// Decides what is due to a loaded person by a day, agreement by agreement.
async::Task<absl::Status> DecidePerson(const Upstreams& upstreams, call::Call& call,
                                       const v1::PaymentRun& run, absl::CivilDay by, PersonMoney& money) {
  const v1::PaymentsPolicy policy = handlers::PolicyOf(call, run.organisation());
  const std::vector<v1::Agreement> agreements = money.agreements;
  for (const v1::Agreement& agreement : agreements) {
    IPB_CO_ASSIGN_OR_RETURN(const bool at_rest, AtRest(money, agreement, run, by, policy, call.today()));
    if (at_rest) continue;
    auto gathering = GatherFacts(upstreams, call, money, agreement);
    IPB_CO_ASSIGN_OR_RETURN(const PayFacts facts, co_await gathering);
    co_await call.environment().bulk_executor->Yield();
    IPB_CO_ASSIGN_OR_RETURN(PrepareDecision decision,
                            DecidePrepare(facts, run.name(), by, policy, call.today()));
    std::vector<v1::Transaction>& posted = money.transactions[agreement.name()];
    std::move(decision.transactions.begin(), decision.transactions.end(), std::back_inserter(posted));
    for (payments::Prepared& prepared : decision.payments) {
      Take(call, money, {std::move(prepared.payment), {}, decision.numbers}, prepared.trace);
    }
    money.numbers = decision.numbers;
  }
  co_return absl::OkStatus();
}

// The day halfway back to where the agreements begin; the same day where there is nothing before it.
absl::CivilDay Earlier(const PersonMoney& money, absl::CivilDay by) {
  absl::CivilDay first = by;
  for (const v1::Agreement& agreement : money.agreements) {
    first = std::min(first, dates::Checked(agreement.first_date()) - agreement.advance_days());
  }
  return first + (by - first) / 2;
}

// All of a person's payments, and up to which day they are prepared.
struct PreparedPerson {
  std::vector<v1::Payment> payments;
  absl::CivilDay by;
};

async::Task<absl::StatusOr<PreparedPerson>> PrepareBy(const Upstreams& upstreams, call::Call& call,
                                                      const v1::PaymentRun& run, std::string person,
                                                      absl::CivilDay by) {
  while (true) {
    call.Reset();
    auto loading = LoadMoney(call, person, run.organisation());
    IPB_CO_ASSIGN_OR_RETURN(PersonMoney money, co_await loading);
    auto refreshing = RefreshPerson(call, money);
    IPB_CO_RETURN_IF_ERROR(co_await refreshing);
    auto deciding = DecidePerson(upstreams, call, run, by, money);
    IPB_CO_RETURN_IF_ERROR(co_await deciding);
    const absl::CivilDay earlier = Earlier(money, by);
    if (money.changes > kMostChanges && earlier < by) {
      by = earlier;
      continue;
    }
    PreparedPerson prepared{money.payments, by};
    auto committing = CommitChanges(call, std::move(money));
    IPB_CO_RETURN_IF_ERROR(co_await committing);
    co_return prepared;
  }
}

// Posts what is due to one person, and gives all of the person's payments. A long arrear takes more than one
// commit.
async::Task<absl::StatusOr<std::vector<v1::Payment>>> PreparePerson(const Upstreams& upstreams,
                                                                    call::Call& call,
                                                                    const v1::PaymentRun& run,
                                                                    std::string person) {
  const absl::CivilDay pay_date = dates::Checked(run.pay_date());
  int races = 0;
  while (true) {
    auto preparing = PrepareBy(upstreams, call, run, person, pay_date);
    absl::StatusOr<PreparedPerson> prepared = co_await preparing;
    if (!prepared.ok() && call.lost_race() && ++races < kMostRaces) continue;
    IPB_CO_RETURN_IF_ERROR(prepared.status());
    if (prepared->by == pay_date) co_return std::move(prepared->payments);
  }
}

void Add(const std::vector<v1::Payment>& payments, const v1::PaymentRun& run, Found& slice) {
  for (const v1::Payment& payment : payments) {
    if (payment.run() == run.name()) *slice.chunk.rows.add_payments() = RowOf(payment, run.name());
    const bool held = payment.payer() == run.organisation() && payment.state() == v1::Payment::STATE_HELD &&
                      payment.due_date() <= run.pay_date();
    if (held) ++slice.held_count;
  }
}

async::Task<absl::StatusOr<Found>> PrepareSlice(const Upstreams& upstreams, call::Call& call,
                                                const v1::PaymentRun& run, std::string after,
                                                const Slice& time) {
  Found slice;
  slice.last_person = std::move(after);
  while (true) {
    auto finding =
        work::NextPeople(call, handlers::AgreementIndexOf(run.organisation()), slice.last_person, kPage);
    IPB_CO_ASSIGN_OR_RETURN(const work::People people, co_await finding);
    for (const std::string& person : people.names) {
      auto preparing = PreparePerson(upstreams, call, run, person);
      IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::Payment> payments, co_await preparing);
      if (slice.chunk.record.empty()) slice.chunk.record = RowRecordOf(person);
      Add(payments, run, slice);
      slice.last_person = person;
      if (time.over() || slice.chunk.rows.payments_size() >= kMostRows) co_return slice;
    }
    if (people.last) {
      slice.done = true;
      co_return slice;
    }
  }
}

// Every payment that the index says is in the run, with the amounts that the rows have: a row that is
// missing, because two processes prepared the same people, is added to the chunk.
async::Task<absl::StatusOr<std::vector<v1::RunPayment>>> RowsToFreeze(call::Call& call, std::string run,
                                                                      RowChunk& chunk) {
  auto reading = ReadRows(call, run);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<RowChunk> chunks, co_await reading);
  std::vector<v1::RunPayment> rows = Flat(chunks);
  rows.insert(rows.end(), chunk.rows.payments().begin(), chunk.rows.payments().end());
  std::set<std::string> known;
  for (const v1::RunPayment& row : rows) known.insert(row.end_to_end_id());
  std::string from;
  while (true) {
    auto scanning =
        call.environment().store->Scan(handlers::RunIndexOf(run), from, "", std::nullopt, kMostIndexed);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::IndexEntry> entries, co_await scanning);
    for (const store::IndexEntry& entry : entries) {
      if (known.count(entry.key) > 0) continue;
      auto loading = call.LoadUnguarded(entry.subject, {entry.name});
      IPB_CO_ASSIGN_OR_RETURN(const call::Subject person, co_await loading);
      const std::optional<v1::Payment> payment = person.FindRecord<v1::Payment>(entry.name);
      if (!payment || payment->run() != run) continue;
      rows.push_back(RowOf(*payment, run));
      if (chunk.record.empty()) chunk.record = RowRecordOf(kLate);
      *chunk.rows.add_payments() = rows.back();
    }
    if (entries.size() < kMostIndexed) co_return rows;
    from = absl::StrCat(entries.back().key, " ");
  }
}

// The run went on, or was given up, while a slice was under way: what the slice put into it has to come out
// again.
async::Task<absl::StatusOr<bool>> Abandon(call::Call& call, RunWork work, std::string id) {
  work.subject.FinishWork(id, *work.content);
  Begin(call, work.subject, DetachIdOf(work.subject), kDetachRun);
  auto committing = call.Commit(std::move(work.subject));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return false;
}

// Writes what the slice found, if the run still waits for it. Gives whether there is more to do now.
async::Task<absl::StatusOr<bool>> Conclude(call::Call& call, work::Item item, std::string began, Found slice,
                                           bool time_over) {
  auto loading = work::LoadOwnedWork<v1::PaymentRun>(call, item);
  IPB_CO_ASSIGN_OR_RETURN(RunWork work, co_await loading);
  if (!work.content || work.content->payload() != began) co_return false;
  v1::PaymentRun run = work.resource;
  if (run.state() != v1::PaymentRun::STATE_PREPARING) {
    auto abandoning = Abandon(call, std::move(work), item.id);
    co_return co_await abandoning;
  }
  run.set_held_count(run.held_count() + slice.held_count);
  if (slice.done) {
    auto collecting = RowsToFreeze(call, run.name(), slice.chunk);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::RunPayment> rows, co_await collecting);
    const v1::PaymentsPolicy policy = handlers::PolicyOf(call, run.organisation());
    IPB_CO_ASSIGN_OR_RETURN(run, DecideFreezeRun(run, rows, run.held_count(), policy));
    work.subject.FinishWork(item.id, *work.content);
  } else {
    Checkpoint(call, work, item.id, slice.last_person, time_over);
  }
  if (slice.chunk.rows.payments_size() > 0) work.subject.PutRecord(slice.chunk.record, slice.chunk.rows);
  work.subject.Put(run);
  auto committing = call.Commit(std::move(work.subject));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return !slice.done && !time_over;
}

// One chunk of people. Gives whether there is more to do now.
async::Task<absl::StatusOr<bool>> PrepareSome(const Upstreams& upstreams, call::Call& call, work::Item item,
                                              const Slice& time) {
  auto loading = work::LoadOwnedWork<v1::PaymentRun>(call, item);
  IPB_CO_ASSIGN_OR_RETURN(RunWork work, co_await loading);
  if (!work.content) co_return false;
  const v1::PaymentRun run = work.resource;
  if (run.state() != v1::PaymentRun::STATE_PREPARING) {
    auto abandoning = Abandon(call, std::move(work), item.id);
    co_return co_await abandoning;
  }
  const std::string began = work.content->payload();
  auto preparing = PrepareSlice(upstreams, call, run, began, time);
  IPB_CO_ASSIGN_OR_RETURN(Found slice, co_await preparing);
  auto concluding = Conclude(call, std::move(item), began, std::move(slice), time.over());
  co_return co_await concluding;
}

}  // namespace

async::Task<absl::Status> PrepareRun(const Upstreams& upstreams, call::Call& call, work::Item item) {
  const Slice time;
  while (true) {
    auto preparing = PrepareSome(upstreams, call, item, time);
    IPB_CO_ASSIGN_OR_RETURN(const bool more, co_await preparing);
    if (!more) co_return absl::OkStatus();
  }
}

}  // namespace ipb::payments
