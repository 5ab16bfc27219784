// Working days, as the clocks of practice count them.
#pragma once

#include "absl/time/civil_time.h"

namespace ipb::eligibility {

// The last of so many working days after `day`. Monday to Friday count; public holidays are not left out, so
// that it is never later than the true one.
inline absl::CivilDay AddWorkingDays(absl::CivilDay day, int working_days) {
  while (working_days > 0) {
    ++day;
    const absl::Weekday weekday = absl::GetWeekday(day);
    working_days -= weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
  }
  return day;
}

}  // namespace ipb::eligibility
