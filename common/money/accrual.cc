#include "common/money/accrual.h"

#include <algorithm>

#include "common/errors/status_macros.h"

namespace ipb::money {
namespace {

constexpr int64_t kDaysInWeek = 7;

}  // namespace

absl::StatusOr<int64_t> AccruedPence(int64_t weekly_pence, int64_t days) {
  return Scale(weekly_pence, {std::max<int64_t>(days, 0), kDaysInWeek}, Rounding::kHalfUp);
}

absl::StatusOr<int64_t> DuePence(int64_t weekly_pence, absl::CivilDay start, absl::CivilDay from,
                                 absl::CivilDay to) {
  if (to < from) return 0;
  IPB_ASSIGN_OR_RETURN(const int64_t by_end, AccruedPence(weekly_pence, to - start + 1));
  IPB_ASSIGN_OR_RETURN(const int64_t before, AccruedPence(weekly_pence, from - start));
  return by_end - before;
}

absl::StatusOr<std::vector<int64_t>> DueByPart(int64_t weekly_pence, absl::Span<const Fraction> parts,
                                               absl::CivilDay start, absl::CivilDay from, absl::CivilDay to) {
  if (to < from) return std::vector<int64_t>(parts.size(), 0);
  IPB_ASSIGN_OR_RETURN(const int64_t by_end, AccruedPence(weekly_pence, to - start + 1));
  IPB_ASSIGN_OR_RETURN(const int64_t before, AccruedPence(weekly_pence, from - start));
  IPB_ASSIGN_OR_RETURN(std::vector<int64_t> due, Split(by_end, parts));
  IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> paid, Split(before, parts));
  for (size_t i = 0; i < due.size(); ++i) due[i] -= paid[i];
  return due;
}

}  // namespace ipb::money
