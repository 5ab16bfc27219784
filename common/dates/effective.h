// Picking the row of policy data that holds on a day.
#pragma once

#include "absl/time/civil_time.h"
#include "common/dates/civil.h"

namespace ipb::dates {

// The first row for which `matches(row)` is true and whose `provenance()` period holds the day; null if there is none.
// Rows that match and overlap are refused when policy is loaded, so there is at most one.
template <typename Rows, typename Matches>
auto InEffect(const Rows& rows, absl::CivilDay day, Matches matches) -> decltype(&*rows.begin()) {
  for (const auto& row : rows) {
    if (!matches(row)) continue;
    const auto& period = row.provenance();
    if (Within(day, period.effective_from_date(), period.effective_to_date())) return &row;
  }
  return nullptr;
}

template <typename Rows>
auto InEffect(const Rows& rows, absl::CivilDay day) {
  return InEffect(rows, day, [](const auto&) { return true; });
}

}  // namespace ipb::dates
