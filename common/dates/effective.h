// Picking the row of policy data that holds on a day.
#pragma once

#include "absl/time/civil_time.h"
#include "common/dates/civil.h"

namespace ipb::dates {

// Whether the row's `provenance()` period holds the day.
template <typename Row>
bool Holds(const Row& row, absl::CivilDay day) {
  const auto& period = row.provenance();
  return Within(day, period.effective_from_date(), period.effective_to_date());
}

// The first row for which `matches(row)` is true and whose `provenance()` period holds the day; null if there is none.
// Rows that match and overlap are refused when policy is loaded, so there is at most one.
template <typename Rows, typename Matches>
auto InEffect(const Rows& rows, absl::CivilDay day, Matches matches) -> decltype(&*rows.begin()) {
  for (const auto& row : rows) {
    if (matches(row) && Holds(row, day)) return &row;
  }
  return nullptr;
}

template <typename Rows>
auto InEffect(const Rows& rows, absl::CivilDay day) {
  return InEffect(rows, day, [](const auto&) { return true; });
}

}  // namespace ipb::dates
