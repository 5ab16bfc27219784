#include "services/payments/rules/ledger.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::payments {
namespace {

using Key = std::tuple<v1::AccountKind, std::string, v1::FundingBasis>;

absl::Status Defect(absl::string_view what) {
  return errors::Make(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, absl::StrCat("ledger: ", what));
}

std::vector<const v1::LedgerEntry*> AllEntries(const v1::Transaction& transaction) {
  std::vector<const v1::LedgerEntry*> all;
  for (const auto& entry : transaction.entries()) all.push_back(&entry);
  for (const auto& entry : transaction.means_entries()) all.push_back(&entry);
  return all;
}

using Totals = std::map<Key, money::Sum>;

absl::Status AddTo(Totals& totals, const v1::Transaction& transaction) {
  IPB_RETURN_IF_ERROR(CheckTransaction(transaction));
  for (const v1::LedgerEntry* entry : AllEntries(transaction)) {
    totals[{entry->account(), entry->organisation(), entry->basis()}].Add(entry->amount_pence());
  }
  return absl::OkStatus();
}

absl::Status Write(const Totals& totals, v1::Balance& balance) {
  balance.clear_balances();
  balance.clear_means_balances();
  for (const auto& [key, sum] : totals) {
    const auto& [account, organisation, basis] = key;
    auto* row = TellsMeansTest(account, basis) ? balance.add_means_balances() : balance.add_balances();
    row->set_account(account);
    row->set_organisation(organisation);
    row->set_basis(basis);
    IPB_ASSIGN_OR_RETURN(const int64_t pence, sum.Total());
    row->set_balance_pence(pence);
  }
  return absl::OkStatus();
}

Totals Read(const v1::Balance& balance) {
  Totals totals;
  for (const auto* rows : {&balance.balances(), &balance.means_balances()}) {
    for (const auto& row : *rows) {
      totals[{row.account(), row.organisation(), row.basis()}].Add(row.balance_pence());
    }
  }
  return totals;
}

v1::AccountKind Source(const v1::Payment& payment, const v1::PaymentFunder& funder) {
  return funder.organisation() == payment.payer() ? v1::ACCOUNT_KIND_FUNDER : v1::ACCOUNT_KIND_RECHARGE;
}

}  // namespace

bool TellsMeansTest(v1::AccountKind account, v1::FundingBasis basis) {
  switch (account) {
    case v1::ACCOUNT_KIND_CONTRIBUTION:
      return true;
    case v1::ACCOUNT_KIND_FUNDER:
    case v1::ACCOUNT_KIND_RECHARGE:
    case v1::ACCOUNT_KIND_RECOVERY:
      return basis == v1::FUNDING_BASIS_CARE_ACT;
    default:
      return false;
  }
}

void Posting::Move(v1::AccountKind account, absl::string_view organisation, v1::FundingBasis basis,
                   int64_t pence) {
  if (pence != 0) movements_[{account, std::string(organisation), basis}].Add(pence);
}

absl::StatusOr<v1::Transaction> Posting::Finish(v1::TransactionKind kind, absl::string_view agreement,
                                                absl::string_view source, absl::CivilDay effective) const {
  v1::Transaction transaction;
  transaction.set_kind(kind);
  transaction.set_agreement(std::string(agreement));
  transaction.set_source(std::string(source));
  transaction.set_effective_date(dates::Format(effective));
  for (const auto& [key, sum] : movements_) {
    const auto& [account, organisation, basis] = key;
    IPB_ASSIGN_OR_RETURN(const int64_t pence, sum.Total());
    if (pence == 0) continue;
    auto* entry =
        TellsMeansTest(account, basis) ? transaction.add_means_entries() : transaction.add_entries();
    entry->set_account(account);
    entry->set_organisation(organisation);
    entry->set_basis(basis);
    entry->set_amount_pence(pence);
  }
  IPB_RETURN_IF_ERROR(CheckTransaction(transaction));
  return transaction;
}

absl::Status CheckTransaction(const v1::Transaction& transaction) {
  money::Sum sum;
  std::map<Key, int> seen;
  for (const v1::LedgerEntry* entry : AllEntries(transaction)) {
    if (entry->amount_pence() == 0) return Defect("an entry of nothing");
    if (++seen[{entry->account(), entry->organisation(), entry->basis()}] > 1) {
      return Defect("an account twice in one transaction");
    }
    sum.Add(entry->amount_pence());
  }
  for (const auto& entry : transaction.entries()) {
    if (TellsMeansTest(entry.account(), entry.basis())) return Defect("a means-tested movement in the open");
  }
  IPB_ASSIGN_OR_RETURN(const int64_t total, sum.Total());
  return total == 0 ? absl::OkStatus() : Defect("a transaction that does not sum to zero");
}

absl::StatusOr<v1::Balance> Post(v1::Balance balance, const v1::Transaction& transaction) {
  if (balance.name() != transaction.agreement()) return Defect("a transaction of another agreement");
  Totals totals = Read(balance);
  IPB_RETURN_IF_ERROR(AddTo(totals, transaction));
  IPB_RETURN_IF_ERROR(Write(totals, balance));
  balance.set_transaction_count(balance.transaction_count() + 1);
  return balance;
}

absl::StatusOr<v1::Balance> DeriveBalance(absl::string_view agreement,
                                          absl::Span<const v1::Transaction> transactions) {
  v1::Balance balance;
  balance.set_name(std::string(agreement));
  Totals totals;
  for (const v1::Transaction& transaction : transactions) {
    if (transaction.agreement() != agreement) continue;
    IPB_RETURN_IF_ERROR(AddTo(totals, transaction));
    balance.set_transaction_count(balance.transaction_count() + 1);
  }
  IPB_RETURN_IF_ERROR(Write(totals, balance));
  return balance;
}

absl::Status CheckBalance(const v1::Balance& kept, absl::Span<const v1::Transaction> transactions) {
  IPB_ASSIGN_OR_RETURN(v1::Balance derived, DeriveBalance(kept.name(), transactions));
  if (derived.transaction_count() != kept.transaction_count()) {
    return Defect(absl::StrCat("the balance counts ", kept.transaction_count(), " transactions, there are ",
                               derived.transaction_count()));
  }
  derived.set_etag(kept.etag());
  if (kept.has_recorded_time()) *derived.mutable_recorded_time() = kept.recorded_time();
  if (derived.SerializeAsString() != kept.SerializeAsString()) {
    return Defect("the balance is not the sum of its transactions");
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> TotalOf(const v1::Balance& balance, v1::AccountKind account) {
  money::Sum sum;
  for (const auto* rows : {&balance.balances(), &balance.means_balances()}) {
    for (const auto& row : *rows) {
      if (row.account() == account) sum.Add(row.balance_pence());
    }
  }
  return sum.Total();
}

absl::StatusOr<v1::Transaction> DueTransaction(const v1::Payment& payment, absl::CivilDay effective) {
  Posting posting;
  for (const auto& funder : payment.funders()) {
    posting.Move(v1::ACCOUNT_KIND_BUDGET, funder.organisation(), funder.basis(), funder.gross_pence());
    posting.Move(v1::ACCOUNT_KIND_CONTRIBUTION, funder.organisation(), funder.basis(),
                 -funder.contribution_pence());
    posting.Move(Source(payment, funder), funder.organisation(), funder.basis(), -funder.net_pence());
  }
  return posting.Finish(v1::TRANSACTION_KIND_DUE, payment.agreement(), payment.name(), effective);
}

absl::StatusOr<v1::Transaction> SettledTransaction(const v1::Payment& payment, absl::CivilDay effective) {
  Posting posting;
  for (const auto& funder : payment.funders()) {
    posting.Move(v1::ACCOUNT_KIND_BUDGET, funder.organisation(), funder.basis(), -funder.gross_pence());
    posting.Move(v1::ACCOUNT_KIND_HOLDER, funder.organisation(), funder.basis(), funder.gross_pence());
  }
  return posting.Finish(v1::TRANSACTION_KIND_SETTLED, payment.agreement(), payment.name(), effective);
}

absl::StatusOr<v1::Transaction> SpentTransaction(const v1::Spending& spending) {
  Posting posting;
  for (const auto& funder : spending.funders()) {
    posting.Move(v1::ACCOUNT_KIND_HOLDER, funder.organisation(), funder.basis(), -funder.amount_pence());
    posting.Move(v1::ACCOUNT_KIND_PROVIDER, funder.organisation(), funder.basis(), funder.amount_pence());
  }
  return posting.Finish(v1::TRANSACTION_KIND_SPENT, spending.agreement(), spending.name(),
                        dates::Checked(spending.spent_date()));
}

absl::StatusOr<v1::Transaction> OverpaidTransaction(const v1::Payment& paid,
                                                    absl::Span<const v1::PaymentFunder> due,
                                                    absl::CivilDay effective) {
  Posting posting;
  const auto move = [&posting](const v1::PaymentFunder& funder, int64_t sign) {
    const auto& organisation = funder.organisation();
    const v1::FundingBasis basis = funder.basis();
    posting.Move(v1::ACCOUNT_KIND_HOLDER, organisation, basis, -sign * funder.gross_pence());
    posting.Move(v1::ACCOUNT_KIND_CONTRIBUTION, organisation, basis, sign * funder.contribution_pence());
    posting.Move(v1::ACCOUNT_KIND_RECOVERY, organisation, basis, sign * funder.net_pence());
  };
  for (const auto& funder : paid.funders()) move(funder, 1);
  for (const auto& funder : due) move(funder, -1);
  return posting.Finish(v1::TRANSACTION_KIND_OVERPAID, paid.agreement(), paid.name(), effective);
}

v1::Transaction CorrectionOf(const v1::Transaction& transaction, absl::string_view corrected_name,
                             absl::CivilDay effective) {
  v1::Transaction correction = transaction;
  correction.clear_name();
  correction.clear_etag();
  correction.clear_recorded_time();
  correction.set_kind(v1::TRANSACTION_KIND_CORRECTION);
  correction.set_corrects(std::string(corrected_name));
  correction.set_effective_date(dates::Format(effective));
  for (auto& entry : *correction.mutable_entries()) entry.set_amount_pence(-entry.amount_pence());
  for (auto& entry : *correction.mutable_means_entries()) entry.set_amount_pence(-entry.amount_pence());
  return correction;
}

}  // namespace ipb::payments
