#include "services/allocation/rules/charge_bounds.h"

#include <algorithm>

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kCapped = {
    .id = "CHARGE-CAP",
    .sentence =
        "The council charges nobody more than {cap_weekly_pence} a week for care outside a care home.",
    .source = "Care Act 2014 s14(1); the council's charging policy",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kWaived = {
    .id = "CHARGE-WAIVED",
    .sentence = "The council does not charge less than {waived_below_weekly_pence} a week.",
    .source = "Care Act 2014 s14(1); the council's charging policy",
    .purpose = v1::PURPOSE_MEANS};

}  // namespace

int64_t WithinBounds(int64_t weekly_pence, v1::CareSetting setting, const ChargingRates& rates) {
  const v1::ChargeBounds* bounds = rates.charge_bounds;
  if (bounds == nullptr || setting != v1::CARE_SETTING_OUTSIDE_CARE_HOME) return weekly_pence;
  if (bounds->maximum_weekly_pence() > 0)
    weekly_pence = std::min(weekly_pence, bounds->maximum_weekly_pence());
  return weekly_pence < bounds->waived_below_weekly_pence() ? 0 : weekly_pence;
}

int64_t Bound(int64_t weekly_pence, v1::CareSetting setting, const ChargingRates& rates,
              explain::Trace& trace) {
  const int64_t bounded = WithinBounds(weekly_pence, setting, rates);
  if (bounded == weekly_pence) return bounded;
  if (bounded == 0) {
    const Pence waived_below = {rates.charge_bounds->waived_below_weekly_pence()};
    trace.Add(kWaived, {{"waived_below_weekly_pence", waived_below}}, Pence{bounded});
  } else {
    trace.Add(kCapped, {{"cap_weekly_pence", Pence{bounded}}}, Pence{bounded});
  }
  return bounded;
}

}  // namespace ipb::allocation
