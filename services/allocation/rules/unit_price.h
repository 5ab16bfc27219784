// What units cost by an organisation's price list: the one way in which plans, itemised needs, services of
// the NHS and wheelchairs are priced.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/money/pence.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/budget.pb.h"

namespace ipb::allocation {

// The price of that code and unit on a day; never null. Points into the policy. NO_RATE where there is none.
absl::StatusOr<const v1::UnitRate*> FindUnitRate(absl::string_view code, v1::CostUnit unit,
                                                 absl::CivilDay day, const v1::AllocationPolicy& local);

// What so many units cost at a price, half a penny up. OUT_OF_RANGE where it does not fit.
absl::StatusOr<int64_t> CostOf(int64_t unit_pence, money::Fraction units);

// How many units a week there are, on average.
money::Fraction WeeklyUnits(const v1::UnitsPerWeek& pace);

// The same as people read it before "a week": "5", or "28 in 52 weeks, averaged to".
std::string SpellPace(const v1::UnitsPerWeek& pace);

// A unit as people read it, such as "hour".
std::string SpellUnit(v1::CostUnit unit);

}  // namespace ipb::allocation
