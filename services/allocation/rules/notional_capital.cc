#include "services/allocation/rules/notional_capital.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/capital.h"
#include "services/allocation/rules/charge_bounds.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kDiminished = {
    .id = "CAPITAL-NOTIONAL-DIMINISHED",
    .sentence =
        "Capital of {valued_pence} that the person is taken to have still since {valued_date} has "
        "diminished to {left_pence}: each of {weeks} week(s) by what was paid more because of it.",
    .source = "SI 2014/2672 regs 22-23",
    .purpose = v1::PURPOSE_MEANS};

// What the person pays in a week of a cost with capital of that sum.
absl::StatusOr<int64_t> PaidWith(int64_t capital_pence, int64_t cost_pence, const WeeklyMeans& weekly,
                                 const ChargingRates& rates) {
  const CapitalFinding finding = FindCapital(capital_pence, *LimitsFor(weekly.setting, rates));
  if (finding.above_upper_limit) return WithinBounds(cost_pence, weekly.setting, rates);
  IPB_ASSIGN_OR_RETURN(const int64_t maximum, MaximumWeeklyPence(weekly, finding.tariff_weekly_pence, rates));
  return WithinBounds(std::min(maximum, cost_pence), weekly.setting, rates);
}

}  // namespace

absl::StatusOr<int64_t> LeftOfNotional(const v1::CapitalItem& notional, int64_t other_pence,
                                       const WeeklyMeans& weekly, const ChargingRates& rates,
                                       explain::Trace& trace) {
  const absl::CivilDay valued = dates::Checked(notional.notional().valued_date());
  const int64_t weeks = (rates.day - valued) / 7;
  const int64_t cost_pence = notional.notional().chargeable_weekly_pence();
  IPB_ASSIGN_OR_RETURN(const int64_t without, PaidWith(other_pence, cost_pence, weekly, rates));
  int64_t left_pence = notional.value_pence();
  for (int64_t week = 0; week < weeks && left_pence > 0; ++week) {
    IPB_ASSIGN_OR_RETURN(const int64_t capital, money::Sum().Add(other_pence).Add(left_pence).Total());
    IPB_ASSIGN_OR_RETURN(const int64_t with, PaidWith(capital, cost_pence, weekly, rates));
    if (with == without) break;
    left_pence = std::max<int64_t>(0, left_pence - (with - without));
  }
  trace.Add(kDiminished,
            {{"valued_pence", Pence{notional.value_pence()}},
             {"valued_date", valued},
             {"weeks", weeks},
             {"left_pence", Pence{left_pence}}},
            Pence{left_pence});
  return left_pence;
}

}  // namespace ipb::allocation
