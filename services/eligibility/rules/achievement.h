// How the records of outcomes are read, alike for adults and carers: the typical day counts, and the best and
// the worst show how far fluctuating needs could tip the decision (SI 2015/313 regs 2(4), 3(4)).
#pragma once

#include "absl/time/civil_time.h"
#include "common/dates/civil.h"
#include "ipb/v1/care_act.pb.h"

namespace ipb::eligibility {

// Not applicable counts as able.
inline bool Unable(v1::Achievement achievement) { return achievement == v1::ACHIEVEMENT_UNABLE; }

template <typename Record>
bool UnableOnBestDay(const Record& record) {
  return Unable(record.best_day() == v1::ACHIEVEMENT_UNSPECIFIED ? record.typical() : record.best_day());
}

template <typename Record>
bool UnableOnWorstDay(const Record& record) {
  return Unable(record.worst_day() == v1::ACHIEVEMENT_UNSPECIFIED ? record.typical() : record.worst_day());
}

// Whether the typical day lies between the best and the worst.
template <typename Record>
bool InOrder(const Record& record) {
  const bool unable = Unable(record.typical());
  return (unable || !UnableOnBestDay(record)) && (!unable || UnableOnWorstDay(record));
}

// How many outcomes cannot be achieved: over the period, on its best and on its worst day.
struct UnableCounts {
  int typical = 0;
  int best_day = 0;
  int worst_day = 0;
};

template <typename Evidence>
UnableCounts CountUnable(const Evidence& evidence) {
  UnableCounts counts;
  for (const auto& record : evidence.outcomes()) {
    counts.typical += Unable(record.typical());
    counts.best_day += UnableOnBestDay(record);
    counts.worst_day += UnableOnWorstDay(record);
  }
  return counts;
}

template <typename Evidence>
bool Fluctuates(const Evidence& evidence) {
  for (const auto& record : evidence.outcomes()) {
    if (UnableOnBestDay(record) != UnableOnWorstDay(record)) return true;
  }
  return false;
}

// Whether a period of observation is given that ended by the day of the assessment.
template <typename Evidence>
bool Observed(const Evidence& evidence, absl::CivilDay day) {
  if (evidence.observed_from_date().empty() || evidence.observed_to_date().empty()) return false;
  const absl::CivilDay last = dates::Checked(evidence.observed_to_date());
  return dates::Checked(evidence.observed_from_date()) <= last && last <= day;
}

}  // namespace ipb::eligibility
