// The charging rates of one day: what the national policy and a council's own say together.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/money/pence.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "services/allocation/rules/policies.h"

namespace ipb::allocation {

// Below which capital is ignored, above which the full cost is paid, and the income taken from what is
// between.
struct CapitalLimitsOfDay {
  int64_t lower_pence = 0;
  int64_t upper_pence = 0;
  int64_t step_pence = 1;
  int64_t tariff_weekly_pence = 0;
};

// State pension age of the people born in a period, both ends inclusive; open where empty.
struct PensionAgeOfDay {
  std::optional<absl::CivilDay> born_from;
  std::optional<absl::CivilDay> born_to;
  int age_years = 0;
  int age_months = 0;
};

// The rates of the guarantee of a day, by component in pence a week; empty where there is no rate.
struct GuaranteeRates {
  absl::CivilDay day;
  std::array<std::optional<int64_t>, v1::GuaranteeComponent_ARRAYSIZE> weekly_pence;
};

// The rows that hold on one day, looked up once, so that a whole caseload is charged without a search for
// each person. Points into the policies it was made of, which must outlive it. Safe to read from several
// threads.
struct ChargingRates {
  absl::CivilDay day;
  // The limits of law, and those with what the council raises them to outside care homes.
  std::optional<CapitalLimitsOfDay> capital_limits;
  std::optional<CapitalLimitsOfDay> capital_limits_outside;
  // By kind, which a contract has checked, the national rows before the council's.
  std::array<std::vector<const v1::CapitalDisregard*>, v1::CapitalKind_ARRAYSIZE> capital_disregards;
  std::array<std::vector<const v1::IncomeDisregard*>, v1::IncomeKind_ARRAYSIZE> income_disregards;
  std::array<bool, v1::IncomeKind_ARRAYSIZE> single_incomes{};
  std::vector<const v1::ExclusiveIncomes*> exclusive_incomes;
  GuaranteeRates guarantee;
  // For those whom the council charged before a day, other rates of the guarantee.
  std::optional<absl::CivilDay> charged_before;
  GuaranteeRates delayed_guarantee;
  std::vector<PensionAgeOfDay> pension_ages;
  std::optional<int64_t> personal_expenses_weekly_pence;
  // Rows of which there is one, or none: null.
  const v1::GuaranteeAddition* guarantee_addition = nullptr;
  const v1::DisabilityExpensePractice* disability_expense_practice = nullptr;
  const v1::CareHomeStayLimits* stay_limits = nullptr;
  const v1::ShortStayPractice* short_stay_practice = nullptr;
  const v1::NoChargeLimits* no_charge_limits = nullptr;
  const v1::ChargeBounds* charge_bounds = nullptr;
  const v1::ArrangementFee* arrangement_fee = nullptr;
  // The part of the income above the protected amount that the council takes.
  money::Fraction charged_part{1, 1};
};

// The capital limits where the needs are met there; empty where the day has none.
const std::optional<CapitalLimitsOfDay>& LimitsFor(v1::CareSetting setting, const ChargingRates& rates);

// The rates of a day. A council's own rows can only be better for the person: they raise the limits, add to
// what is disregarded and protected, and lower the part that is taken.
ChargingRates RatesOn(absl::CivilDay day, const Policies& policies);

}  // namespace ipb::allocation
