#include "services/payments/rules/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/dates/civil.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

constexpr char kAgreement[] = "people/k3/agreements/1";

int64_t Random(std::mt19937_64& random, int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(random);
}

v1::Payment RandomPayment(std::mt19937_64& random, int number) {
  v1::Payment payment;
  payment.set_name(absl::StrCat("people/k3/payments/", number));
  payment.set_agreement(kAgreement);
  payment.set_payer(example::kCouncil);
  const v1::FundingBasis bases[] = {v1::FUNDING_BASIS_CARE_ACT, v1::FUNDING_BASIS_JOINT_PACKAGE};
  for (int i = 0; i < 2; ++i) {
    auto* funder = payment.add_funders();
    funder->set_organisation(i == 0 ? example::kCouncil : example::kIcb);
    funder->set_basis(bases[i]);
    funder->set_gross_pence(Random(random, 1, 500000));
    if (i == 0) funder->set_contribution_pence(Random(random, 0, funder->gross_pence()));
    funder->set_net_pence(funder->gross_pence() - funder->contribution_pence());
  }
  return payment;
}

// Transactions as a person's life makes them: due, settled, spent, over, undone.
std::vector<v1::Transaction> RandomTransactions(std::mt19937_64& random, int count) {
  std::vector<v1::Transaction> all;
  const auto add = [&all](v1::Transaction transaction) {
    transaction.set_name(absl::StrCat("people/k3/transactions/", all.size() + 1));
    all.push_back(std::move(transaction));
  };
  for (int i = 1; i <= count; ++i) {
    const v1::Payment payment = RandomPayment(random, i);
    const absl::CivilDay day = absl::CivilDay(2026, 4, 6) + Random(random, 0, 300);
    add(*DueTransaction(payment, day));
    if (Random(random, 0, 9) == 0) {
      const std::string corrected = all.back().name();
      add(CorrectionOf(all.back(), corrected, day));
      continue;
    }
    add(*SettledTransaction(payment, day));
    v1::Spending spending;
    spending.set_name(absl::StrCat("people/k3/spendings/", i));
    spending.set_agreement(kAgreement);
    spending.set_spent_date(dates::Format(day));
    for (const auto& funder : payment.funders()) {
      auto* part = spending.add_funders();
      part->set_organisation(funder.organisation());
      part->set_basis(funder.basis());
      part->set_amount_pence(Random(random, 1, 9999));
    }
    add(*SpentTransaction(spending));
    v1::PaymentFunder due = payment.funders(0);
    due.set_gross_pence(due.gross_pence() / 2);
    due.set_contribution_pence(due.contribution_pence() / 2);
    due.set_net_pence(due.gross_pence() - due.contribution_pence());
    if (Random(random, 0, 4) == 0) add(*OverpaidTransaction(payment, {due}, day));
  }
  return all;
}

int64_t SumOfAll(const v1::Transaction& transaction) {
  int64_t sum = 0;
  for (const auto& entry : transaction.entries()) sum += entry.amount_pence();
  for (const auto& entry : transaction.means_entries()) sum += entry.amount_pence();
  return sum;
}

TEST(Ledger, EveryTransactionSumsToZeroAndBalancesDeriveEqual) {
  std::mt19937_64 random = example::Random(3);
  const std::vector<v1::Transaction> all = RandomTransactions(random, 300);
  v1::Balance kept;
  kept.set_name(kAgreement);
  for (const v1::Transaction& transaction : all) {
    ASSERT_EQ(SumOfAll(transaction), 0);
    ASSERT_EQ(CheckTransaction(transaction), absl::OkStatus());
    kept = *Post(std::move(kept), transaction);
  }
  EXPECT_EQ(CheckBalance(kept, all), absl::OkStatus());
  std::vector<v1::Transaction> shuffled = all;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  EXPECT_EQ(CheckBalance(kept, shuffled), absl::OkStatus());
  EXPECT_EQ(CheckBalance(kept, absl::MakeSpan(shuffled).subspan(1)).code(), absl::StatusCode::kInternal);
  kept.mutable_balances(0)->set_balance_pence(kept.balances(0).balance_pence() + 1);
  EXPECT_EQ(CheckBalance(kept, all).code(), absl::StatusCode::kInternal);
}

TEST(Ledger, RefusesWhatDoesNotBalance) {
  Posting posting;
  posting.Move(v1::ACCOUNT_KIND_HOLDER, example::kIcb, v1::FUNDING_BASIS_CHC, 5);
  posting.Move(v1::ACCOUNT_KIND_PROVIDER, example::kIcb, v1::FUNDING_BASIS_CHC, -4);
  EXPECT_EQ(posting.Finish(v1::TRANSACTION_KIND_SPENT, kAgreement, "x", {}).status().code(),
            absl::StatusCode::kInternal);
  v1::Balance other;
  other.set_name("people/k3/agreements/2");
  std::mt19937_64 random = example::Random(4);
  EXPECT_EQ(Post(other, RandomTransactions(random, 1).front()).status().code(), absl::StatusCode::kInternal);
}

TEST(Ledger, ACorrectionLeavesNothing) {
  std::mt19937_64 random = example::Random(5);
  const v1::Payment payment = RandomPayment(random, 1);
  v1::Transaction due = *DueTransaction(payment, absl::CivilDay(2026, 4, 6));
  const v1::Transaction undone = CorrectionOf(due, "people/k3/transactions/1", absl::CivilDay(2026, 4, 7));
  const v1::Balance balance = *DeriveBalance(kAgreement, {due, undone});
  EXPECT_EQ(balance.transaction_count(), 2);
  for (const auto& row : balance.balances()) EXPECT_EQ(row.balance_pence(), 0);
  for (const auto& row : balance.means_balances()) EXPECT_EQ(row.balance_pence(), 0);
  EXPECT_EQ(undone.corrects(), "people/k3/transactions/1");
}

TEST(Ledger, WhatTheOpenPartShowsDoesNotTellTheContribution) {
  v1::Payment with, without;
  std::mt19937_64 random = example::Random(6);
  with = RandomPayment(random, 1);
  without = with;
  for (auto& funder : *without.mutable_funders()) {
    funder.set_contribution_pence(0);
    funder.set_net_pence(funder.gross_pence());
  }
  const absl::CivilDay day(2026, 4, 6);
  for (const auto make : {&DueTransaction, &SettledTransaction}) {
    v1::Transaction one = *make(with, day), other = *make(without, day);
    one.clear_means_entries();
    other.clear_means_entries();
    EXPECT_EQ(one.SerializeAsString(), other.SerializeAsString());
  }
}

TEST(Ledger, APoolingPayerIsOwedTheOthersPart) {
  std::mt19937_64 random = example::Random(7);
  const v1::Payment payment = RandomPayment(random, 1);
  const v1::Balance balance =
      *DeriveBalance(kAgreement, {*DueTransaction(payment, absl::CivilDay(2026, 4, 6))});
  EXPECT_EQ(*TotalOf(balance, v1::ACCOUNT_KIND_RECHARGE), -payment.funders(1).net_pence());
  EXPECT_EQ(*TotalOf(balance, v1::ACCOUNT_KIND_FUNDER), -payment.funders(0).net_pence());
  EXPECT_EQ(*TotalOf(balance, v1::ACCOUNT_KIND_CONTRIBUTION), -payment.funders(0).contribution_pence());
}

std::string Pounds(int64_t pence) {
  const int64_t size = pence < 0 ? -pence : pence;
  return absl::StrFormat("%sGBP %d.%02d", pence < 0 ? "-" : "", size / 100, size % 100);
}

// The transactions as a plain-text journal that hledger reads.
void WriteJournal(const std::string& path, const std::vector<v1::Transaction>& transactions) {
  std::ofstream journal(path);
  for (const v1::Transaction& transaction : transactions) {
    journal << transaction.effective_date() << " " << transaction.name() << "\n";
    for (const auto* entries : {&transaction.entries(), &transaction.means_entries()}) {
      for (const auto& entry : *entries) {
        journal << "    " << v1::AccountKind_Name(entry.account()) << ":" << entry.organisation() << ":"
                << v1::FundingBasis_Name(entry.basis()) << "  " << Pounds(entry.amount_pence()) << "\n";
      }
    }
    journal << "\n";
  }
}

std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  while (const size_t read = fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, read);
  const int status = pclose(pipe);
  EXPECT_EQ(status, 0) << command << "\n" << output;
  return output;
}

// hledger knows nothing of us: it refuses a journal with a transaction that does not balance, and adds up by
// itself.
TEST(Ledger, AnotherLedgerAgrees) {
  std::mt19937_64 random = example::Random(8);
  const std::vector<v1::Transaction> all = RandomTransactions(random, 100);
  const std::string path = testing::TempDir() + absl::StrCat("ipb-", getpid(), ".journal");
  WriteJournal(path, all);
  OutputOf("hledger check -f " + path + " 2>&1");
  const v1::Balance balance = *DeriveBalance(kAgreement, all);
  const std::string table = OutputOf("hledger balance --flat --empty --no-total -O csv -f " + path + " 2>&1");
  for (const auto* rows : {&balance.balances(), &balance.means_balances()}) {
    for (const auto& row : *rows) {
      if (row.balance_pence() == 0) continue;
      const std::string account = absl::StrCat(v1::AccountKind_Name(row.account()), ":", row.organisation(),
                                               ":", v1::FundingBasis_Name(row.basis()));
      const int64_t pence = row.balance_pence();
      const std::string amount = absl::StrFormat("\"GBP %s%d.%02d\"", pence < 0 ? "-" : "",
                                                 std::abs(pence) / 100, std::abs(pence) % 100);
      EXPECT_THAT(table, testing::HasSubstr(absl::StrCat("\"", account, "\",", amount)));
    }
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace ipb::payments
