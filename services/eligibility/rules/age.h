// Ages that decide who a regime is for.
#pragma once

#include "absl/time/civil_time.h"

namespace ipb::eligibility {

// Adult regimes begin and children's end at this age (Care Act 2014 s2(8); SI 2012/2996 reg 20; Children Act
// 1989 s105).
inline constexpr int kAdultAge = 18;

// The day on which who was born that day reaches an age; born on 29 February, on 1 March where there is none.
inline absl::CivilDay Birthday(absl::CivilDay birth, int age) {
  return absl::CivilDay(birth.year() + age, birth.month(), birth.day());
}

}  // namespace ipb::eligibility
