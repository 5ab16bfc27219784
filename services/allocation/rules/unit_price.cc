#include "services/allocation/rules/unit_price.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/explain/words.h"

namespace ipb::allocation {

absl::StatusOr<const v1::UnitRate*> FindUnitRate(absl::string_view code, v1::CostUnit unit,
                                                 absl::CivilDay day, const v1::AllocationPolicy& local) {
  const v1::UnitRate* rate = dates::InEffect(local.unit_rates(), day, [&](const v1::UnitRate& row) {
    return row.code() == code && row.unit() == unit;
  });
  if (rate == nullptr) {
    return errors::NoRate(absl::StrCat("unit price ", code, " a ", SpellUnit(unit)), dates::Format(day));
  }
  return rate;
}

absl::StatusOr<int64_t> CostOf(int64_t unit_pence, money::Fraction units) {
  return money::Scale(unit_pence, units, money::Rounding::kHalfUp);
}

money::Fraction WeeklyUnits(const v1::UnitsPerWeek& pace) {
  return {pace.units(), std::max<int64_t>(pace.weeks(), 1)};
}

std::string SpellPace(const v1::UnitsPerWeek& pace) {
  const money::Fraction units = WeeklyUnits(pace);
  if (units.denominator == 1) return absl::StrCat(units.numerator);
  return absl::StrCat(units.numerator, " in ", units.denominator, " weeks, averaged to");
}

std::string SpellUnit(v1::CostUnit unit) { return explain::Words(v1::CostUnit_Name(unit), "COST_UNIT_"); }

}  // namespace ipb::allocation
