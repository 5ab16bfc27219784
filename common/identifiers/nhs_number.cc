#include "common/identifiers/nhs_number.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace ipb::identifiers {
namespace {

bool Digits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int Number(absl::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// A CHI number begins with the date of birth, and its century is not written: the days of a leap year are
// allowed.
bool BeginsWithBirthDate(absl::string_view value) {
  const int day = Number(value.substr(0, 2)), month = Number(value.substr(2, 2));
  const absl::CivilDay date(2000, month, day);
  return day >= 1 && month >= 1 && month <= 12 && date.month() == month && date.day() == day;
}

}  // namespace

int NhsCheckDigit(absl::string_view nine_digits) {
  if (nine_digits.size() != 9 || !Digits(nine_digits)) return -1;
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (nine_digits[i] - '0') * (10 - i);
  const int check = 11 - sum % 11;
  if (check == 11) return 0;
  return check == 10 ? -1 : check;
}

absl::StatusOr<NhsNumberRange> CheckNhsNumber(absl::string_view value) {
  if (value.size() != 10 || !Digits(value)) {
    return absl::InvalidArgumentError("an NHS number is ten digits without spaces");
  }
  if (NhsCheckDigit(value.substr(0, 9)) != value[9] - '0') {
    return absl::InvalidArgumentError(
        "an NHS number's tenth digit is a check on the first nine; this one is wrong");
  }
  const int prefix = Number(value.substr(0, 3));
  if (prefix == 999) return NhsNumberRange::kTest;
  if (BeginsWithBirthDate(value)) {
    return absl::InvalidArgumentError("this is a Scottish CHI number, not an NHS number");
  }
  const bool issued = (prefix >= 300 && prefix <= 319) || (prefix >= 400 && prefix <= 499) ||
                      (prefix >= 600 && prefix <= 799);
  if (issued) return NhsNumberRange::kIssued;
  return absl::InvalidArgumentError(
      "an NHS number issued in England begins with 300 to 319, 400 to 499 or 600 to 799");
}

bool IsNhsNumber(absl::string_view value) { return CheckNhsNumber(value).ok(); }

}  // namespace ipb::identifiers
