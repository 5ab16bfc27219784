#include "services/allocation/rules/charging_rates.h"

#include <algorithm>
#include <string>

#include "common/dates/civil.h"
#include "common/dates/effective.h"

namespace ipb::allocation {
namespace {

void AddLimits(absl::CivilDay day, const Policies& policies, ChargingRates& rates) {
  const v1::CapitalLimits* law = dates::InEffect(policies.national.capital_limits(), day);
  if (law == nullptr) return;
  const CapitalLimitsOfDay limits = {law->lower_pence(), law->upper_pence(), law->tariff_step_pence(),
                                     law->tariff_weekly_pence()};
  rates.capital_limits = limits;
  rates.capital_limits_outside = limits;
  if (const v1::CapitalLimits* own = dates::InEffect(policies.local.capital_limits(), day)) {
    rates.capital_limits_outside = {std::max(limits.lower_pence, own->lower_pence()),
                                    std::max(limits.upper_pence, own->upper_pence()),
                                    std::max(limits.step_pence, own->tariff_step_pence()),
                                    std::min(limits.tariff_weekly_pence, own->tariff_weekly_pence())};
  }
}

GuaranteeRates GuaranteeOn(absl::CivilDay day, const v1::AllocationPolicy& national) {
  GuaranteeRates rates = {day, {}};
  for (const v1::GuaranteeRate& row : national.guarantee_rates()) {
    if (dates::Holds(row, day)) rates.weekly_pence[row.component()] = row.weekly_pence();
  }
  return rates;
}

std::optional<absl::CivilDay> DayOf(const std::string& date) {
  if (date.empty()) return std::nullopt;
  return dates::Checked(date);
}

std::vector<PensionAgeOfDay> PensionAgesOn(absl::CivilDay day, const v1::AllocationPolicy& national) {
  std::vector<PensionAgeOfDay> ages;
  for (const v1::StatePensionAge& row : national.state_pension_ages()) {
    if (!dates::Holds(row, day)) continue;
    ages.push_back(
        {DayOf(row.born_from_date()), DayOf(row.born_to_date()), row.age_years(), row.age_months()});
  }
  return ages;
}

void AddDisregards(absl::CivilDay day, const v1::AllocationPolicy& policy, ChargingRates& rates) {
  for (const v1::CapitalDisregard& row : policy.capital_disregards()) {
    if (dates::Holds(row, day)) rates.capital_disregards[row.kind()].push_back(&row);
  }
  for (const v1::IncomeDisregard& row : policy.income_disregards()) {
    if (dates::Holds(row, day)) rates.income_disregards[row.kind()].push_back(&row);
  }
}

void AddNational(absl::CivilDay day, const v1::AllocationPolicy& national, ChargingRates& rates) {
  AddDisregards(day, national, rates);
  rates.guarantee = GuaranteeOn(day, national);
  rates.pension_ages = PensionAgesOn(day, national);
  for (const v1::SingleIncome& row : national.single_incomes()) {
    if (dates::Holds(row, day)) rates.single_incomes[row.kind()] = true;
  }
  for (const v1::ExclusiveIncomes& row : national.exclusive_incomes()) {
    if (dates::Holds(row, day)) rates.exclusive_incomes.push_back(&row);
  }
  const auto* personal_expenses = dates::InEffect(national.personal_expenses_allowances(), day);
  if (personal_expenses != nullptr) rates.personal_expenses_weekly_pence = personal_expenses->weekly_pence();
  rates.stay_limits = dates::InEffect(national.care_home_stay_limits(), day);
  rates.no_charge_limits = dates::InEffect(national.no_charge_limits(), day);
}

void AddLocal(absl::CivilDay day, const Policies& policies, ChargingRates& rates) {
  const v1::AllocationPolicy& local = policies.local;
  AddDisregards(day, local, rates);
  rates.guarantee_addition = dates::InEffect(local.guarantee_additions(), day);
  rates.disability_expense_practice = dates::InEffect(local.disability_expense_practices(), day);
  rates.short_stay_practice = dates::InEffect(local.short_stay_practices(), day);
  rates.charge_bounds = dates::InEffect(local.charge_bounds(), day);
  rates.arrangement_fee = dates::InEffect(local.arrangement_fees(), day);
  if (const v1::ChargedPart* row = dates::InEffect(local.charged_parts(), day)) {
    rates.charged_part = {row->part().numerator(), row->part().denominator()};
  }
  if (const v1::GuaranteeDelay* row = dates::InEffect(local.guarantee_delays(), day)) {
    rates.charged_before = dates::Checked(row->charged_before_date());
    rates.delayed_guarantee = GuaranteeOn(dates::Checked(row->rates_of_date()), policies.national);
  }
}

}  // namespace

const std::optional<CapitalLimitsOfDay>& LimitsFor(v1::CareSetting setting, const ChargingRates& rates) {
  return setting == v1::CARE_SETTING_OUTSIDE_CARE_HOME ? rates.capital_limits_outside : rates.capital_limits;
}

ChargingRates RatesOn(absl::CivilDay day, const Policies& policies) {
  ChargingRates rates;
  rates.day = day;
  AddLimits(day, policies, rates);
  AddNational(day, policies.national, rates);
  AddLocal(day, policies, rates);
  return rates;
}

}  // namespace ipb::allocation
