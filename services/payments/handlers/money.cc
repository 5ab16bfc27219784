#include "services/payments/handlers/money.h"

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "google/protobuf/wrappers.pb.h"
#include "services/payments/rules/ledger.h"
#include "services/payments/rules/payment.h"
#include "services/payments/rules/policy.h"

namespace ipb::payments::handlers {
namespace {

constexpr char kPayments[] = "payments";
constexpr char kTransactions[] = "transactions";

}  // namespace

payments::Caller CallerOf(const call::Call& call) {
  const call::Caller& caller = call.caller();
  return {caller.organisation, caller.kind, caller.actor, caller.role};
}

PersonFacts PersonOf(const call::Subject& subject) {
  PersonFacts person;
  person.name = subject.name();
  const std::string& death = subject.access().death_date();
  if (!death.empty()) person.death = dates::Checked(death);
  return person;
}

async::Task<absl::StatusOr<bool>> RefreshAccess(call::Call& call, call::Subject& subject) {
  call::AccessSource* people = call.environment().access_source;
  if (people == nullptr) co_return false;
  auto fetching = people->Fetch(call.caller(), subject.name());
  absl::StatusOr<state::v1::AccessRecord> current = co_await fetching;
  if (absl::IsNotFound(current.status())) co_return false;
  IPB_CO_RETURN_IF_ERROR(current.status());
  if (current->person_revision() <= subject.access().person_revision()) co_return false;
  subject.SetAccess(*std::move(current));
  co_return true;
}

v1::PaymentsPolicy PolicyOf(const call::Call& call, absl::string_view organisation) {
  const policy::Policy& policy = *call.environment().policy;
  const v1::PolicyDocument* local = policy.local(organisation);
  return Joined(policy.national().payments(), local == nullptr ? v1::PaymentsPolicy() : local->payments());
}

v1::Explanation Rendered(const call::Call& call, const explain::Trace& trace) {
  return trace.Render(call.environment().rule_set_version, call.environment().policy->version());
}

Numbers NumbersOf(const call::Subject& subject) {
  return {subject.Last(kPayments) + 1, subject.Last(kTransactions) + 1};
}

void Reserve(call::Subject& subject, const Numbers& after) {
  while (subject.Last(kPayments) + 1 < after.payment) subject.Next(kPayments);
  while (subject.Last(kTransactions) + 1 < after.transaction) subject.Next(kTransactions);
}

std::string BalanceRecordOf(absl::string_view agreement) {
  return absl::StrCat(call::RecordOf(agreement), "/balance");
}

v1::Balance BalanceOf(const call::Subject& subject, absl::string_view agreement) {
  std::optional<v1::Balance> balance = subject.FindRecord<v1::Balance>(BalanceRecordOf(agreement));
  if (balance) return *std::move(balance);
  v1::Balance none;
  none.set_name(std::string(agreement));
  return none;
}

absl::Status PostAll(const call::Call& call, call::Subject& subject, absl::string_view agreement,
                     std::vector<v1::Transaction> transactions) {
  if (transactions.empty()) return absl::OkStatus();
  v1::Balance balance = BalanceOf(subject, agreement);
  for (v1::Transaction& transaction : transactions) {
    call::SetTime(call.now(), transaction.mutable_recorded_time());
    IPB_ASSIGN_OR_RETURN(balance, Post(std::move(balance), transaction));
    subject.Put(transaction);
  }
  balance.set_etag(transactions.back().etag());
  call::SetTime(call.now(), balance.mutable_recorded_time());
  subject.PutRecord(BalanceRecordOf(agreement), balance);
  return absl::OkStatus();
}

void PutPayment(const call::Call& call, call::Subject& subject, v1::Payment& payment,
                const explain::Trace& trace) {
  if (!payment.has_recorded_time()) call::SetTime(call.now(), payment.mutable_recorded_time());
  if (!trace.empty()) *payment.mutable_explanation() = Rendered(call, trace);
  subject.Put(payment);
  google::protobuf::StringValue identity;
  identity.set_value(payment.name());
  subject.PutRecord(IdentityRecord(payment), identity);
  if (payment.run().empty()) return;
  subject.AddIndex(RunIndexOf(payment.run()), payment.end_to_end_id(), call::RecordOf(payment.name()));
}

std::string AgreementIndexOf(absl::string_view payer) { return absl::StrCat("agreements/", payer); }

std::string RunIndexOf(absl::string_view run) { return absl::StrCat("payments/", run); }

absl::Status CheckOfPerson(absl::string_view person, const char* field, absl::string_view name) {
  if (call::SubjectOf(name) == person) return absl::OkStatus();
  return errors::InvalidField(field, "belongs to another person than the request");
}

}  // namespace ipb::payments::handlers
