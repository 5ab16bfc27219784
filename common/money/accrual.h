// What accrues by the day of an amount that is paid by the week.
//
// A day is one seventh of the weekly amount. What has accrued in n days is weekly * n/7, rounded to the
// nearest penny, half a penny up; what is due for some days is what has accrued by the last of them less what
// had accrued before the first, counted from one start. So whole weeks are exact, and however a time is cut
// the parts sum to the whole.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/money/pence.h"

namespace ipb::money {

// weekly * days/7 to the nearest penny, half a penny up; 0 for no days. OUT_OF_RANGE if it does not fit.
absl::StatusOr<int64_t> AccruedPence(int64_t weekly_pence, int64_t days);

// What is due for the days from `from` to `to`, counting from `start`. 0 where there is no such day.
absl::StatusOr<int64_t> DuePence(int64_t weekly_pence, absl::CivilDay start, absl::CivilDay from,
                                 absl::CivilDay to);

// The same split by parts that sum to one: what has accrued is split by largest remainder, and each part is
// due the difference. So the parts sum to DuePence, and cut at any day they sum to the whole. Errors: as
// Split.
absl::StatusOr<std::vector<int64_t>> DueByPart(int64_t weekly_pence, absl::Span<const Fraction> parts,
                                               absl::CivilDay start, absl::CivilDay from, absl::CivilDay to);

}  // namespace ipb::money
