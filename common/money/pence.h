// Exact arithmetic on whole pence. Nothing here rounds unless its name says how, and nothing overflows in silence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace ipb::money {

// An exact part of a whole. Denominators are at least 1; equality is by value, so 1/2 equals 2/4.
struct Fraction {
  int64_t numerator = 0;
  int64_t denominator = 1;
  friend bool operator==(const Fraction& a, const Fraction& b) {
    return static_cast<__int128>(a.numerator) * b.denominator ==
           static_cast<__int128>(b.numerator) * a.denominator;
  }
};

// How a result between two pence becomes whole.
enum class Rounding {
  kDown,    // towards zero
  kUp,      // away from zero
  kHalfUp,  // to the nearest penny, half a penny away from zero
};

// Adds pence and remembers an overflow, so that a long sum is checked once, at its end.
class Sum {
 public:
  Sum& Add(int64_t pence);
  Sum& Subtract(int64_t pence);
  Sum& AddTimes(int64_t pence, int64_t times);
  // The total, or OUT_OF_RANGE (MONEY_OVERFLOW) if any step did not fit.
  absl::StatusOr<int64_t> Total() const;

 private:
  int64_t total_ = 0;
  bool overflow_ = false;
};

// amount * part, rounded as named. OUT_OF_RANGE (MONEY_OVERFLOW) if the result does not fit.
absl::StatusOr<int64_t> Scale(int64_t amount_pence, Fraction part, Rounding rounding);

// The exact sum of fractions that are not negative, reduced. OUT_OF_RANGE (MONEY_OVERFLOW) where numerator or
// denominator do not fit.
absl::StatusOr<Fraction> TotalOf(absl::Span<const Fraction> parts);

// Whether the parts sum to exactly one.
bool SumToOne(absl::Span<const Fraction> parts);

// Splits an amount (of either sign) by parts that sum to one, by largest remainder: the results sum to the amount
// exactly; pennies left over go to the largest remainders, ties to the earlier part.
// INVALID_ARGUMENT if the parts do not sum to one or there are more than 100.
absl::StatusOr<std::vector<int64_t>> Split(int64_t amount_pence, absl::Span<const Fraction> parts);

// "£1,234.56"; negative amounts as "-£1.00".
std::string Format(int64_t amount_pence);

}  // namespace ipb::money
