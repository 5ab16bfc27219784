#include "services/allocation/rules/weekly_means.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/charge_bounds.h"
#include "services/allocation/rules/expenses.h"
#include "services/allocation/rules/guarantee.h"
#include "services/allocation/rules/income.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
using explain::Pence;

constexpr explain::Rule kPersonalExpenses = {
    .id = "CHARGE-PERSONAL-EXPENSES",
    .sentence = "{personal_expenses_weekly_pence} a week is left to the person for their own expenses.",
    .source = "Care Act 2014 s14(7); SI 2014/2672 reg 6",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kMaximum = {
    .id = "CHARGE-MAXIMUM",
    .sentence =
        "The person can pay at most {maximum_weekly_pence} a week: {part} of what assessable income of "
        "{assessable_weekly_pence} exceeds the protected {protected_weekly_pence} by.",
    .source = "Care Act 2014 s14(7); SI 2014/2672 regs 6-7, 11, 25",
    .purpose = v1::PURPOSE_MEANS};
bool IsOutside(const WeeklyMeans& weekly) { return weekly.setting == v1::CARE_SETTING_OUTSIDE_CARE_HOME; }

money::Fraction PartFor(const WeeklyMeans& weekly, const ChargingRates& rates) {
  return IsOutside(weekly) ? rates.charged_part : money::Fraction{1, 1};
}

// What the income exceeds what is kept by, as far as the council takes it.
absl::StatusOr<int64_t> Takes(const WeeklyMeans& weekly, int64_t tariff_weekly_pence,
                              const ChargingRates& rates) {
  IPB_ASSIGN_OR_RETURN(
      const int64_t excess,
      money::Sum().Add(weekly.income).Add(tariff_weekly_pence).Subtract(weekly.kept).Total());
  return money::Scale(std::max<int64_t>(0, excess), PartFor(weekly, rates), money::Rounding::kDown);
}

}  // namespace

absl::StatusOr<WeeklyMeans> AssessWeekly(const v1::FinancialFacts& facts, v1::CareSetting setting,
                                         const ChargingRates& rates, explain::Trace& trace) {
  WeeklyMeans weekly;
  weekly.setting = setting;
  IPB_ASSIGN_OR_RETURN(weekly.income, AssessIncome(facts, setting, rates, trace));
  if (IsOutside(weekly)) {
    IPB_ASSIGN_OR_RETURN(weekly.guarantee, AssessGuarantee(facts, rates, trace));
    IPB_ASSIGN_OR_RETURN(weekly.disability_expenses, AllowedDisabilityExpenses(facts, rates, trace));
  } else {
    if (!rates.personal_expenses_weekly_pence) {
      return errors::NoRate("personal expenses allowance", dates::Format(rates.day));
    }
    weekly.personal_expenses = *rates.personal_expenses_weekly_pence;
    trace.Add(kPersonalExpenses, [&] {
      return Inputs{{"personal_expenses_weekly_pence", Pence{weekly.personal_expenses}}};
    });
  }
  if (setting != v1::CARE_SETTING_PERMANENT_RESIDENT) {
    IPB_ASSIGN_OR_RETURN(weekly.housing_costs, AllowedHousingCosts(facts, trace));
  }
  IPB_ASSIGN_OR_RETURN(weekly.kept, money::Sum()
                                        .Add(weekly.guarantee)
                                        .Add(weekly.personal_expenses)
                                        .Add(weekly.housing_costs)
                                        .Add(weekly.disability_expenses)
                                        .Total());
  return weekly;
}

absl::StatusOr<int64_t> MaximumWeeklyPence(const WeeklyMeans& weekly, int64_t tariff_weekly_pence,
                                           const ChargingRates& rates) {
  IPB_ASSIGN_OR_RETURN(const int64_t taken, Takes(weekly, tariff_weekly_pence, rates));
  return WithinBounds(taken, weekly.setting, rates);
}

absl::StatusOr<int64_t> AssessMaximum(const WeeklyMeans& weekly, int64_t tariff_weekly_pence,
                                      const ChargingRates& rates, explain::Trace& trace) {
  IPB_ASSIGN_OR_RETURN(const int64_t taken, Takes(weekly, tariff_weekly_pence, rates));
  trace.Add(
      kMaximum,
      [&] {
        return Inputs{{"assessable_weekly_pence", Pence{weekly.income + tariff_weekly_pence}},
                      {"protected_weekly_pence", Pence{weekly.kept}},
                      {"part", PartFor(weekly, rates)},
                      {"maximum_weekly_pence", Pence{taken}}};
      },
      Pence{taken});
  return Bound(taken, weekly.setting, rates, trace);
}

}  // namespace ipb::allocation
