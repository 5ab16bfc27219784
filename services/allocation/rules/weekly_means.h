// What a person has and keeps in a week, and so what they can pay at most (SI 2014/2672 regs 6-7, 11, 25).
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// In pence a week; what does not belong to the formula of the setting is 0.
struct WeeklyMeans {
  v1::CareSetting setting = v1::CARE_SETTING_OUTSIDE_CARE_HOME;
  // Income that counts, without tariff income.
  int64_t income = 0;
  // What is left to the person: outside a care home the guarantee, housing costs and disability-related
  // expenses; in one the personal expenses, and for a time housing costs.
  int64_t guarantee = 0;
  int64_t personal_expenses = 0;
  int64_t housing_costs = 0;
  int64_t disability_expenses = 0;
  // The sum of what is left to the person.
  int64_t kept = 0;
};

// Errors: as AssessIncome, AssessGuarantee and for expenses; NO_RATE without personal expenses for the day.
absl::StatusOr<WeeklyMeans> AssessWeekly(const v1::FinancialFacts& facts, v1::CareSetting setting,
                                         const ChargingRates& rates, explain::Trace& trace);

// The most the person can pay, in pence a week: what income, tariff income among it, exceeds what is kept by;
// outside a care home the council's part of it and within its bounds. Part of a penny is left to the person.
absl::StatusOr<int64_t> MaximumWeeklyPence(const WeeklyMeans& weekly, int64_t tariff_weekly_pence,
                                           const ChargingRates& rates);

// The same, explained.
absl::StatusOr<int64_t> AssessMaximum(const WeeklyMeans& weekly, int64_t tariff_weekly_pence,
                                      const ChargingRates& rates, explain::Trace& trace);

}  // namespace ipb::allocation
