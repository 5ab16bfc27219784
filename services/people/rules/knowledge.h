// Two axes of time on rows that are never overwritten: what held on a day, and what was on record at an
// instant.
#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/dates/civil.h"
#include "google/protobuf/timestamp.pb.h"

namespace ipb::people::rules {

// Whether an instant is after another.
inline bool IsAfter(const google::protobuf::Timestamp& instant, const google::protobuf::Timestamp& other) {
  if (instant.seconds() != other.seconds()) return instant.seconds() > other.seconds();
  return instant.nanos() > other.nanos();
}

// Takes a row back to what was on record at the instant: without an end or a successor that was recorded
// later. False where the row itself was recorded later.
template <typename Row>
bool Rewind(const google::protobuf::Timestamp& instant, Row& row) {
  if (IsAfter(row.recorded_time(), instant)) return false;
  if constexpr (requires { row.end_recorded_time(); }) {
    if (row.has_end_recorded_time() && IsAfter(row.end_recorded_time(), instant)) {
      row.clear_effective_to_date();
      if constexpr (requires { row.planned_to_date(); }) row.set_effective_to_date(row.planned_to_date());
      row.clear_end_recorded_time();
    }
  }
  if constexpr (requires { row.superseded_time(); }) {
    if (row.has_superseded_time() && IsAfter(row.superseded_time(), instant)) {
      row.clear_superseded_by();
      row.clear_superseded_time();
    }
  }
  return true;
}

// The rows as they were on record at the instant.
template <typename Row>
std::vector<Row> RewindAll(const google::protobuf::Timestamp& instant, std::vector<Row> rows) {
  std::erase_if(rows, [&instant](Row& row) { return !Rewind(instant, row); });
  return rows;
}

// The rows whose period holds the day.
template <typename Row>
std::vector<Row> InEffectOn(absl::CivilDay day, std::vector<Row> rows) {
  std::erase_if(rows, [day](const Row& row) {
    return !dates::Within(day, row.effective_from_date(), row.effective_to_date());
  });
  return rows;
}

}  // namespace ipb::people::rules
