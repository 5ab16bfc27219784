// NHS numbers: ten digits, the last a modulus 11 check digit (NHS Data Dictionary).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ipb::identifiers {

// What a well-formed NHS number is.
enum class NhsNumberRange {
  // In a range issued in England: 300-319, 400-499 or 600-799 million.
  kIssued,
  // 999 000 0000 to 999 999 9999: never issued to anyone, for tests only.
  kTest,
};

// Ten digits without spaces whose check digit is right, in an issued range or the test range.
// INVALID_ARGUMENT, without the value, where it is malformed, is a Scottish CHI number (its first six digits
// are a date of birth DDMMYY), or is in a range that is not issued.
absl::StatusOr<NhsNumberRange> CheckNhsNumber(absl::string_view value);

// Whether CheckNhsNumber accepts it.
bool IsNhsNumber(absl::string_view value);

// The check digit of nine digits, or -1 where the nine digits can have none or are not nine digits.
int NhsCheckDigit(absl::string_view nine_digits);

}  // namespace ipb::identifiers
