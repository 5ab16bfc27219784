#include "services/allocation/rules/means.h"

#include <optional>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/capital.h"
#include "services/allocation/rules/care_setting.h"
#include "services/allocation/rules/notional_capital.h"
#include "services/allocation/rules/weekly_means.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr int kAdultAge = 18;

constexpr explain::Rule kAdult = {
    .id = "CHARGE-ADULT",
    .sentence = "The person is {age_years} on the day; only adults are charged under the Care Act",
    .source = "Care Act 2014 ss2(8), 14",
    .remedy = "assess from the eighteenth birthday",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNotDisclosed = {
    .id = "CHARGE-NOT-DISCLOSED",
    .sentence = "The person's means were not told, so the full cost is paid.",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchAgreed = {
    .id = "CHARGE-LIGHT-TOUCH-AGREED",
    .sentence = "The person has not agreed to be assessed with a light touch",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .remedy =
        "tell the person that they may have a full assessment, and record that they agree; or assess in full",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchFull = {
    .id = "CHARGE-LIGHT-TOUCH-FULL-COST",
    .sentence = "The council is satisfied that the person can and will pay the full cost: {evidence}",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchSmall = {.id = "CHARGE-LIGHT-TOUCH-SMALL",
                                            .sentence =
                                                "The council is satisfied that {maximum_weekly_pence} a week "
                                                "is small and clearly affordable: {evidence}",
                                            .source = "SI 2014/2672 reg 10; guidance ch 8",
                                            .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchNothing = {
    .id = "CHARGE-LIGHT-TOUCH-NOTHING",
    .sentence = "The council is satisfied by the person's benefits that they cannot contribute: {evidence}",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kWithinLimits = {
    .id = "DUTY-WITHIN-LIMITS",
    .sentence = "The person's means are within the limits: the council has to meet eligible needs.",
    .source = "Care Act 2014 s18(1)-(2)",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kAsked = {
    .id = "DUTY-ASKED",
    .sentence = "The person can pay the full cost and asks the council to meet the needs: it has to.",
    .source = "Care Act 2014 s18(3)",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNobodyCanArrange = {
    .id = "DUTY-NOBODY-CAN-ARRANGE",
    .sentence =
        "The person can pay the full cost, lacks capacity to arrange care and nobody is authorised to "
        "arrange it: the council has to meet the needs.",
    .source = "Care Act 2014 s18(4)",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNoDuty = {
    .id = "DUTY-NONE",
    .sentence = "The person pays the full cost, and nothing else makes the council meet the needs; it may.",
    .source = "Care Act 2014 ss18-19; s18(3) is not in force for care homes",
    .purpose = v1::PURPOSE_MEANS};

absl::Status CheckAdult(const v1::FinancialFacts& facts, absl::CivilDay day) {
  if (!facts.has_household()) return absl::OkStatus();
  const int age = dates::AgeOn(dates::Checked(facts.household().birth_date()), day);
  explain::Refusal refusal;
  if (age < kAdultAge) refusal.Add(kAdult, "facts.household.birth_date", {{"age_years", int64_t{age}}});
  return refusal.ToStatus();
}

// What a light-touch assessment comes to, without a look at income or capital.
absl::Status TouchLightly(const v1::LightTouch& light_touch, v1::MeansTest& means, explain::Trace& trace) {
  using LightTouch = v1::LightTouch;
  const bool small = light_touch.ground() == LightTouch::GROUND_SMALL_CHARGE;
  if (small != (light_touch.charge_weekly_pence() > 0)) {
    return errors::InvalidField("facts.light_touch.charge_weekly_pence",
                                "goes with a small charge and no other ground");
  }
  explain::Refusal refusal;
  if (!light_touch.person_agrees()) refusal.Add(kLightTouchAgreed, "facts.light_touch.person_agrees");
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  const bool full = light_touch.ground() == LightTouch::GROUND_PAYS_FULL_COST;
  means.set_outcome(full ? v1::MEANS_OUTCOME_FULL_COST_LIGHT_TOUCH : v1::MEANS_OUTCOME_ASSESSED);
  means.set_maximum_weekly_pence(light_touch.charge_weekly_pence());
  trace.Add(
      full    ? kLightTouchFull
      : small ? kLightTouchSmall
              : kLightTouchNothing,
      {{"maximum_weekly_pence", Pence{means.maximum_weekly_pence()}}, {"evidence", light_touch.evidence()}});
  return absl::OkStatus();
}

void State(const WeeklyMeans& weekly, int64_t tariff_weekly_pence, int64_t maximum_weekly_pence,
           v1::MeansTest& means) {
  means.set_outcome(v1::MEANS_OUTCOME_ASSESSED);
  means.set_tariff_income_weekly_pence(tariff_weekly_pence);
  means.set_assessable_weekly_pence(weekly.income + tariff_weekly_pence);
  means.set_guarantee_weekly_pence(weekly.guarantee);
  means.set_personal_expenses_weekly_pence(weekly.personal_expenses);
  means.set_housing_costs_weekly_pence(weekly.housing_costs);
  means.set_disability_expenses_weekly_pence(weekly.disability_expenses);
  means.set_maximum_weekly_pence(maximum_weekly_pence);
}

// The full assessment: capital first, and the week only where capital does not decide.
absl::Status AssessInFull(const v1::FinancialFacts& facts, const ChargingRates& rates, v1::MeansTest& means,
                          explain::Trace& trace) {
  const std::optional<CapitalLimitsOfDay>& limits = LimitsFor(means.setting(), rates);
  if (!limits) return errors::NoRate("capital limits", dates::Format(rates.day));
  IPB_ASSIGN_OR_RETURN(CountedCapital capital, CountCapital(facts, means.setting(), rates, trace));
  std::optional<WeeklyMeans> weekly;
  if (capital.notional != nullptr) {
    IPB_ASSIGN_OR_RETURN(weekly, AssessWeekly(facts, means.setting(), rates, trace));
    IPB_ASSIGN_OR_RETURN(const int64_t left,
                         LeftOfNotional(*capital.notional, capital.counted_pence, *weekly, rates, trace));
    means.set_notional_capital_pence(left);
    IPB_ASSIGN_OR_RETURN(capital.counted_pence, money::Sum().Add(capital.counted_pence).Add(left).Total());
  }
  means.set_counted_capital_pence(capital.counted_pence);
  const CapitalFinding finding = AssessCapital(capital.counted_pence, *limits, trace);
  if (finding.above_upper_limit) {
    means.set_outcome(v1::MEANS_OUTCOME_FULL_COST_CAPITAL);
    return absl::OkStatus();
  }
  if (!weekly) {
    IPB_ASSIGN_OR_RETURN(weekly, AssessWeekly(facts, means.setting(), rates, trace));
  }
  IPB_ASSIGN_OR_RETURN(const int64_t maximum,
                       AssessMaximum(*weekly, finding.tariff_weekly_pence, rates, trace));
  State(*weekly, finding.tariff_weekly_pence, maximum, means);
  return absl::OkStatus();
}

// On what the duty to meet the needs rests, after the outcome is known.
v1::DutyCondition DutyOf(const v1::FinancialFacts& facts, const v1::MeansTest& means, absl::CivilDay day,
                         explain::Trace& trace) {
  if (means.outcome() == v1::MEANS_OUTCOME_ASSESSED) {
    trace.Add(kWithinLimits);
    return v1::DUTY_CONDITION_WITHIN_LIMITS;
  }
  if (facts.nobody_can_arrange()) {
    trace.Add(kNobodyCanArrange);
    return v1::DUTY_CONDITION_NOBODY_CAN_ARRANGE;
  }
  if (facts.asks_council_to_meet() && !StaysInCareHome(facts, day)) {
    trace.Add(kAsked);
    return v1::DUTY_CONDITION_ASKED;
  }
  trace.Add(kNoDuty);
  return v1::DUTY_CONDITION_NONE;
}

}  // namespace

absl::StatusOr<v1::MeansTest> AssessMeans(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                          explain::Trace& trace) {
  v1::MeansTest means;
  IPB_RETURN_IF_ERROR(CheckAdult(facts, rates.day));
  IPB_ASSIGN_OR_RETURN(const v1::CareSetting setting, SettingOn(facts, rates, trace));
  means.set_setting(setting);
  if (facts.disclosure_refused()) {
    means.set_outcome(v1::MEANS_OUTCOME_FULL_COST_NOT_DISCLOSED);
    trace.Add(kNotDisclosed);
  } else if (facts.has_light_touch()) {
    IPB_RETURN_IF_ERROR(TouchLightly(facts.light_touch(), means, trace));
  } else if (facts.has_household()) {
    IPB_RETURN_IF_ERROR(AssessInFull(facts, rates, means, trace));
  } else {
    return errors::InvalidField(
        "facts.household", "is needed unless disclosure is refused or the assessment is a light-touch one");
  }
  means.set_duty(DutyOf(facts, means, rates.day, trace));
  return means;
}

}  // namespace ipb::allocation
