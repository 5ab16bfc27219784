#include "services/payments/work/person_money.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/errors/status_macros.h"
#include "services/payments/handlers/money.h"
#include "services/payments/handlers/upstream_facts.h"

namespace ipb::payments {
namespace {

constexpr char kAgreements[] = "agreements/";
constexpr size_t kPage = 200;

template <typename Resource>
Resource* FindNamed(std::vector<Resource>& resources, absl::string_view name) {
  const auto at = std::find_if(resources.begin(), resources.end(),
                               [name](const Resource& resource) { return resource.name() == name; });
  return at == resources.end() ? nullptr : &*at;
}

// Moves up to kMostChanges payments in a loaded person; gives whether all of them are at rest now.
absl::StatusOr<bool> MoveSome(const call::Call& call, Mover& mover, PersonMoney& money,
                              const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (money.changes >= kMostChanges) return false;
    const v1::Payment* payment = FindPayment(money, name);
    if (payment == nullptr) continue;
    const v1::Payment before = *payment;
    IPB_RETURN_IF_ERROR(mover.Move(call, money, before).status());
  }
  return true;
}

// The agreements of a person as they are before the person is loaded: only their names are relied on.
async::Task<absl::StatusOr<std::vector<v1::Agreement>>> AgreementsOf(call::Call& call, std::string person) {
  std::vector<v1::Agreement> agreements;
  std::string after;
  while (true) {
    auto listing = call.environment().store->List(person, kAgreements, after, kPage);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::Record> records, co_await listing);
    for (const store::Record& record : records) {
      const bool below = record.name.find('/', sizeof(kAgreements) - 1) != record.name.npos;
      if (!below) agreements.emplace_back().ParseFromString(record.data);
    }
    if (records.size() < kPage) co_return agreements;
    after = records.back().name;
  }
}

}  // namespace

async::Task<absl::StatusOr<PersonMoney>> LoadMoney(call::Call& call, std::string resource_name,
                                                   std::string payer) {
  const std::string subject_name = call::SubjectOf(resource_name);
  auto naming = AgreementsOf(call, subject_name);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::Agreement> known, co_await naming);
  std::vector<std::string> records;
  for (const v1::Agreement& agreement : known) {
    if (agreement.payer() != payer) continue;
    records.push_back(call::RecordOf(agreement.name()));
    records.push_back(handlers::BalanceRecordOf(agreement.name()));
  }
  auto loading = call.LoadUnguarded(subject_name, std::move(records));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  PersonMoney money{std::move(subject), {}, {}, {}, {}, {}, {}, 0};
  for (const v1::Agreement& agreement : known) {
    std::optional<v1::Agreement> loaded = money.subject.Find<v1::Agreement>(agreement.name());
    if (loaded) money.agreements.push_back(*std::move(loaded));
  }
  money.person = handlers::PersonOf(money.subject);
  money.numbers = handlers::NumbersOf(money.subject);
  auto listing_payees = call.AllOf<v1::Payee>(subject_name, "payees");
  IPB_CO_ASSIGN_OR_RETURN(money.payees, co_await listing_payees);
  auto listing = call.AllOf<v1::Payment>(subject_name, "payments");
  IPB_CO_ASSIGN_OR_RETURN(money.payments, co_await listing);
  co_return money;
}

async::Task<absl::Status> RefreshPerson(call::Call& call, PersonMoney& money) {
  auto refreshing = handlers::RefreshAccess(call, money.subject);
  IPB_CO_ASSIGN_OR_RETURN(const bool changed, co_await refreshing);
  if (changed) money.person = handlers::PersonOf(money.subject);
  co_return absl::OkStatus();
}

PayFacts FactsOf(const PersonMoney& money, const v1::Agreement& agreement) {
  PayFacts facts;
  facts.agreement = agreement;
  for (const v1::Payee& payee : money.payees) {
    if (payee.name() == agreement.payee()) facts.payee = payee;
  }
  facts.person = money.person;
  facts.plan_active = true;
  facts.payments = money.payments;
  facts.numbers = money.numbers;
  return facts;
}

async::Task<absl::StatusOr<PayFacts>> GatherFacts(const Upstreams& upstreams, call::Call& call,
                                                  const PersonMoney& money, v1::Agreement agreement) {
  PayFacts facts = FactsOf(money, agreement);
  facts.plan_active = false;
  auto reading = handlers::ReadPlannedMoney(upstreams, call, agreement.plan(), call.today());
  absl::StatusOr<handlers::PlannedMoney> planned = co_await reading;
  if (absl::IsNotFound(planned.status())) co_return facts;
  IPB_CO_RETURN_IF_ERROR(planned.status());
  facts.plan_active = planned->plan.active;
  facts.limits = std::move(planned->budget.limits);
  facts.funding = std::move(planned->budget.funding);
  facts.person.barred_from_direct_payments = planned->barred_from_direct_payments;
  co_return facts;
}

v1::Payment* FindPayment(PersonMoney& money, absl::string_view name) {
  return FindNamed(money.payments, name);
}

v1::Agreement* FindAgreement(PersonMoney& money, absl::string_view name) {
  return FindNamed(money.agreements, name);
}

bool Take(const call::Call& call, PersonMoney& money, PaymentDecision moved, const explain::Trace& trace) {
  v1::Payment* before = FindPayment(money, moved.payment.name());
  if (before != nullptr && before->SerializeAsString() == moved.payment.SerializeAsString()) return false;
  handlers::PutPayment(call, money.subject, moved.payment, trace);
  std::vector<v1::Transaction>& posted = money.transactions[moved.payment.agreement()];
  std::move(moved.transactions.begin(), moved.transactions.end(), std::back_inserter(posted));
  money.numbers = moved.numbers;
  ++money.changes;
  if (before != nullptr) {
    *before = std::move(moved.payment);
  } else {
    money.payments.push_back(std::move(moved.payment));
  }
  return true;
}

bool Take(PersonMoney& money, v1::Agreement agreement) {
  v1::Agreement* before = FindAgreement(money, agreement.name());
  if (before == nullptr || before->SerializeAsString() == agreement.SerializeAsString()) return false;
  money.subject.Put(agreement);
  *before = std::move(agreement);
  ++money.changes;
  return true;
}

absl::Status Seal(const call::Call& call, PersonMoney& money) {
  for (auto& [agreement, transactions] : money.transactions) {
    IPB_RETURN_IF_ERROR(handlers::PostAll(call, money.subject, agreement, std::move(transactions)));
  }
  handlers::Reserve(money.subject, money.numbers);
  return absl::OkStatus();
}

async::Task<absl::Status> Mover::Look(call::Call&, PersonMoney&) { co_return absl::OkStatus(); }

namespace {

// What one commit left of the work on a person.
struct Moved {
  std::vector<v1::Payment> payments;
  bool at_rest = false;
};

async::Task<absl::StatusOr<Moved>> MoveOnce(call::Call& call, Mover& mover, std::string payer,
                                            std::vector<std::string> names) {
  auto loading = LoadMoney(call, names.front(), std::move(payer));
  IPB_CO_ASSIGN_OR_RETURN(PersonMoney money, co_await loading);
  auto looking = mover.Look(call, money);
  IPB_CO_RETURN_IF_ERROR(co_await looking);
  co_await call.environment().bulk_executor->Yield();
  Moved moved;
  IPB_CO_ASSIGN_OR_RETURN(moved.at_rest, MoveSome(call, mover, money, names));
  for (const std::string& name : names) {
    const v1::Payment* payment = FindPayment(money, name);
    if (payment != nullptr) moved.payments.push_back(*payment);
  }
  auto committing = CommitChanges(call, std::move(money));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return moved;
}

}  // namespace

async::Task<absl::Status> CommitChanges(call::Call& call, PersonMoney money) {
  if (money.changes == 0) co_return absl::OkStatus();
  IPB_CO_RETURN_IF_ERROR(Seal(call, money));
  auto committing = call.Commit(std::move(money.subject));
  co_return co_await committing;
}

async::Task<absl::StatusOr<std::vector<v1::Payment>>> MovePayments(call::Call& call, Mover& mover,
                                                                   std::string payer,
                                                                   std::vector<std::string> names) {
  int races = 0;
  while (true) {
    call.Reset();
    auto moving = MoveOnce(call, mover, payer, names);
    absl::StatusOr<Moved> moved = co_await moving;
    if (!moved.ok() && call.lost_race() && ++races < kMostRaces) continue;
    IPB_CO_RETURN_IF_ERROR(moved.status());
    if (moved->at_rest) co_return std::move(moved->payments);
  }
}

}  // namespace ipb::payments
