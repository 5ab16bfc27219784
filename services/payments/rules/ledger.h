// The double entry behind every movement of a person's money. A transaction sums to zero and is never
// changed; a correction is its opposite. Balances are kept up with each transaction and can be derived again
// from all of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/money/pence.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/spending.pb.h"

namespace ipb::payments {

// Whether the balance of such an account would tell the person's contribution.
bool TellsMeansTest(v1::AccountKind account, v1::FundingBasis basis);

// Gathers movements into one transaction. Movements on the same account add up. Not thread-safe.
class Posting {
 public:
  // Adds signed pence to an account; 0 is nothing.
  void Move(v1::AccountKind account, absl::string_view organisation, v1::FundingBasis basis, int64_t pence);
  bool empty() const { return movements_.empty(); }
  // The transaction, without name. INTERNAL if the movements do not sum to zero or there are none;
  // OUT_OF_RANGE if they do not fit.
  absl::StatusOr<v1::Transaction> Finish(v1::TransactionKind kind, absl::string_view agreement,
                                         absl::string_view source, absl::CivilDay effective) const;

 private:
  std::map<std::tuple<v1::AccountKind, std::string, v1::FundingBasis>, money::Sum> movements_;
};

// INTERNAL unless it sums to zero, no entry is zero, no account is twice in it and each entry is on its side
// of the means test.
absl::Status CheckTransaction(const v1::Transaction& transaction);

// The balance after one more transaction of its agreement. INTERNAL for another agreement's transaction.
absl::StatusOr<v1::Balance> Post(v1::Balance balance, const v1::Transaction& transaction);

// The balance of an agreement from nothing but its transactions, in any order. Others' transactions are left
// out.
absl::StatusOr<v1::Balance> DeriveBalance(absl::string_view agreement,
                                          absl::Span<const v1::Transaction> transactions);

// OK if the kept balance is what the transactions derive; else INTERNAL. Compares accounts and count, not
// etag or time.
absl::Status CheckBalance(const v1::Balance& kept, absl::Span<const v1::Transaction> transactions);

// The sum of an agreement's accounts of one kind.
absl::StatusOr<int64_t> TotalOf(const v1::Balance& balance, v1::AccountKind account);

// A payment became due: out of the funders' (or, where the payer lays it out, the recharge) and contribution
// accounts into the budget's.
absl::StatusOr<v1::Transaction> DueTransaction(const v1::Payment& payment, absl::CivilDay effective);

// A payment reached the holder, and with it the contribution that the person pays into the same account.
absl::StatusOr<v1::Transaction> SettledTransaction(const v1::Payment& payment, absl::CivilDay effective);

// The holder spent money.
absl::StatusOr<v1::Transaction> SpentTransaction(const v1::Spending& spending);

// Of what was settled for `paid`, only `due` was due: the rest is over. Nothing over gives a transaction
// without entries.
absl::StatusOr<v1::Transaction> OverpaidTransaction(const v1::Payment& paid,
                                                    absl::Span<const v1::PaymentFunder> due,
                                                    absl::CivilDay effective);

// The opposite of a transaction, naming what it corrects.
v1::Transaction CorrectionOf(const v1::Transaction& transaction, absl::string_view corrected_name,
                             absl::CivilDay effective);

}  // namespace ipb::payments
