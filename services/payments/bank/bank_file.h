// The file that orders a bank to pay: ISO 20022 pain.001.001.03, in pounds, to UK accounts by sort code and
// number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "ipb/v1/payment_run.pb.h"
#include "ipb/v1/payments_policy.pb.h"

namespace ipb::payments {

// One transfer to order.
struct Transfer {
  std::string end_to_end_id;  // at most 35 characters
  int64_t net_pence = 0;      // at least 1
  std::string account_name;
  std::string sort_code;
  std::string account_number;
  std::string reference;  // what the holder sees; at most 140 characters are kept
};

// Where and when the money comes from.
struct FileHeader {
  v1::Originator originator;
  absl::CivilDay pay_date;
  absl::Time created;  // of the run's first export, so that each export gives the same text
};

// Pence as pounds with exactly two decimals: 123456 is "1234.56". Not negative.
std::string Decimal(int64_t pence);

// The text with every character outside the set that banks accept (letters, digits, space and / - ? : ( ) . ,
// ' +) replaced, accents dropped, cut to `maximum` characters. Never empty: a text of nothing becomes "-".
std::string Latin(absl::string_view text, size_t maximum);

// "IPB" and 32 hexadecimal digits of the SHA-256 of the transfers' end-to-end ids, whatever their order.
std::string MessageId(absl::Span<const Transfer> transfers);

// The rows of a run that belong in one of its files, in order of end-to-end id: exported or further on, more
// than nothing. `file_number` counts from 1. FAILED_PRECONDITION PAY-RUN-FILE where the run has no such file.
absl::StatusOr<std::vector<v1::RunPayment>> RowsOfFile(absl::Span<const v1::RunPayment> payments,
                                                       int32_t file_number, int32_t maximum_transfers);

// The file: text, message id, count, control sum and digest, without run and file numbers. INVALID_ARGUMENT
// for a transfer of nothing or malformed bank details; OUT_OF_RANGE where the sum does not fit.
absl::StatusOr<v1::BankFile> MakeBankFile(const FileHeader& header, absl::Span<const Transfer> transfers);

}  // namespace ipb::payments
