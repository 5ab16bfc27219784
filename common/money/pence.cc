#include "common/money/pence.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"

namespace ipb::money {
namespace {

using Wide = __int128;

constexpr size_t kMaximumParts = 100;

absl::StatusOr<int64_t> Narrow(Wide value) {
  if (value > INT64_MAX || value < INT64_MIN) return errors::MoneyOverflow();
  return static_cast<int64_t>(value);
}

// The sum of fractions, reduced at each step; false if the common denominator does not fit.
bool SumOf(absl::Span<const Fraction> parts, Fraction& total) {
  total = {0, 1};
  for (const Fraction& part : parts) {
    if (part.denominator < 1 || part.numerator < 0) return false;
    const Wide numerator = static_cast<Wide>(total.numerator) * part.denominator +
                           static_cast<Wide>(part.numerator) * total.denominator;
    const Wide denominator = static_cast<Wide>(total.denominator) * part.denominator;
    Wide a = numerator, b = denominator;
    while (b != 0) std::swap(a %= b, b);
    const Wide divisor = a == 0 ? 1 : a;
    if (numerator / divisor > INT64_MAX || denominator / divisor > INT64_MAX) return false;
    total = {static_cast<int64_t>(numerator / divisor), static_cast<int64_t>(denominator / divisor)};
  }
  return true;
}

}  // namespace

Sum& Sum::Add(int64_t pence) {
  overflow_ |= __builtin_add_overflow(total_, pence, &total_);
  return *this;
}

Sum& Sum::Subtract(int64_t pence) {
  overflow_ |= __builtin_sub_overflow(total_, pence, &total_);
  return *this;
}

Sum& Sum::AddTimes(int64_t pence, int64_t times) {
  int64_t product = 0;
  overflow_ |= __builtin_mul_overflow(pence, times, &product);
  return Add(product);
}

absl::StatusOr<int64_t> Sum::Total() const {
  if (overflow_) return errors::MoneyOverflow();
  return total_;
}

absl::StatusOr<int64_t> Scale(int64_t amount_pence, Fraction part, Rounding rounding) {
  if (part.denominator < 1) return absl::InvalidArgumentError("a fraction's denominator is at least 1");
  const Wide product = static_cast<Wide>(amount_pence) * part.numerator;
  Wide quotient = product / part.denominator;
  const Wide remainder = product % part.denominator;
  const Wide size = remainder < 0 ? -remainder : remainder;
  const bool away =
      rounding == Rounding::kUp ? size > 0 : rounding == Rounding::kHalfUp && size * 2 >= part.denominator;
  if (away) quotient += product < 0 ? -1 : 1;
  return Narrow(quotient);
}

absl::StatusOr<Fraction> TotalOf(absl::Span<const Fraction> parts) {
  Fraction total;
  if (!SumOf(parts, total)) return errors::MoneyOverflow();
  return total;
}

bool SumToOne(absl::Span<const Fraction> parts) {
  Fraction total;
  return SumOf(parts, total) && total == Fraction{1, 1};
}

absl::StatusOr<std::vector<int64_t>> Split(int64_t amount_pence, absl::Span<const Fraction> parts) {
  if (parts.size() > kMaximumParts || !SumToOne(parts)) {
    return absl::InvalidArgumentError("the parts of a whole must be at most 100 and sum to exactly one");
  }
  const bool negative = amount_pence < 0;
  const Wide amount = negative ? -static_cast<Wide>(amount_pence) : static_cast<Wide>(amount_pence);
  std::vector<int64_t> shares(parts.size());
  Wide left = amount;
  for (size_t i = 0; i < parts.size(); ++i) {
    shares[i] = static_cast<int64_t>(amount * parts[i].numerator / parts[i].denominator);
    left -= shares[i];
  }
  std::vector<size_t> order(parts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const Wide remainder_a = amount * parts[a].numerator % parts[a].denominator * parts[b].denominator;
    const Wide remainder_b = amount * parts[b].numerator % parts[b].denominator * parts[a].denominator;
    return remainder_a > remainder_b;
  });
  for (size_t i = 0; left > 0; ++i, --left) ++shares[order[i]];
  if (negative) {
    for (int64_t& share : shares) share = -share;
  }
  return shares;
}

std::string Format(int64_t amount_pence) {
  const uint64_t size = amount_pence < 0 ? 0 - static_cast<uint64_t>(amount_pence) : amount_pence;
  // From the right: two digits of pence, at most 17 of pounds with 5 commas, the pound sign of two bytes, and the minus.
  char text[32];
  char* const end = text + sizeof(text);
  char* at = end;
  const auto put_digit = [&at](uint64_t digit) { *--at = static_cast<char>('0' + digit); };
  put_digit(size % 10);
  put_digit(size / 10 % 10);
  *--at = '.';
  uint64_t pounds = size / 100;
  int digits = 0;
  do {
    if (digits > 0 && digits % 3 == 0) *--at = ',';
    put_digit(pounds % 10);
    pounds /= 10;
    ++digits;
  } while (pounds > 0);
  constexpr char kPoundSign[] = "£";
  at = std::copy(kPoundSign, kPoundSign + 2, at - 2) - 2;
  if (amount_pence < 0) *--at = '-';
  return std::string(at, end);
}

}  // namespace ipb::money
