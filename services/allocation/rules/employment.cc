#include "services/allocation/rules/employment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"
#include "services/allocation/rules/employment_check.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
using explain::Pence;
using money::Rounding;

constexpr explain::Rule kWage = {
    .id = "EMPLOYMENT-WAGE",
    .sentence =
        "{description}, employment {employment}: {minutes} minutes a week at {unit_rate_pence} an hour "
        "earn {wage_weekly_pence} a week, half a penny rounded up; the minimum wage of {wage_band} is "
        "{minimum_hourly_pence} an hour.",
    .source = "National Minimum Wage Act 1998 s1"};
constexpr explain::Rule kBelowMinimum = {
    .id = "EMPLOYMENT-MINIMUM-WAGE",
    .sentence =
        "\"{wage_component_id}\" pays {unit_rate_pence} an hour, less than the minimum wage of "
        "{wage_band}, which is {minimum_hourly_pence} an hour",
    .source = "National Minimum Wage Act 1998 s1",
    .remedy = "price \"{wage_component_id}\" at {minimum_hourly_pence} an hour or more"};
constexpr explain::Rule kHoliday = {
    .id = "EMPLOYMENT-HOLIDAY",
    .sentence =
        "{description}, employment {employment}: paid holiday adds {part} of the wage, "
        "{holiday_weekly_pence} a week.",
    .source = "Working Time Regulations 1998 (SI 1998/1833) regs 13-16"};
constexpr explain::Rule kInsurance = {
    .id = "EMPLOYMENT-NATIONAL-INSURANCE",
    .sentence =
        "{description}, employment {employment}: the employer's national insurance is {part} of what the "
        "wage, without pay for holiday, is above {threshold_weekly_pence} a week, "
        "{national_insurance_weekly_pence}.",
    .source = "Social Security Contributions and Benefits Act 1992 ss6, 9"};
constexpr explain::Rule kInsuranceUnder21 = {
    .id = "EMPLOYMENT-NATIONAL-INSURANCE-UNDER-21",
    .sentence =
        "{description}, employment {employment}: for an employee under 21 the employer's national "
        "insurance is {part} of what the wage, without pay for holiday, is above the upper threshold of "
        "{threshold_weekly_pence} a week, {national_insurance_weekly_pence}.",
    .source = "Social Security Contributions and Benefits Act 1992 ss6, 9, 9A"};
constexpr explain::Rule kEnrolled = {
    .id = "EMPLOYMENT-PENSION-ENROLLED",
    .sentence =
        "{description}, employment {employment}: the wage reaches {trigger_pence} a year, so the employer "
        "pays {part} of what is between {from_weekly_pence} and {to_weekly_pence} a week, a year's bounds "
        "to the nearest penny, into a pension, {pension_weekly_pence}.",
    .source = "Pensions Act 2008 ss3, 13, 20"};
constexpr explain::Rule kAskedFor = {
    .id = "EMPLOYMENT-PENSION-ASKED-FOR",
    .sentence =
        "{description}, employment {employment}: enrolment is not automatic, under 22 or because the wage "
        "does not reach {trigger_pence} a year, but a pension was asked for, so the employer pays {part} "
        "of what is between {from_weekly_pence} and {to_weekly_pence} a week, a year's bounds to the "
        "nearest penny, into it, {pension_weekly_pence}.",
    .source = "Pensions Act 2008 ss7, 13, 20"};
constexpr explain::Rule kBelowTrigger = {
    .id = "EMPLOYMENT-PENSION-BELOW-TRIGGER",
    .sentence =
        "{description}, employment {employment}: the wage does not reach {trigger_pence} a year, so there "
        "is no pension to pay into unless one is asked for.",
    .source = "Pensions Act 2008 s3"};
constexpr explain::Rule kUnder22 = {
    .id = "EMPLOYMENT-PENSION-UNDER-22",
    .sentence =
        "{description}, employment {employment}: enrolment is automatic from the age of 22, so there is no "
        "pension to pay into unless one is asked for.",
    .source = "Pensions Act 2008 s3(1)(a)"};
constexpr explain::Rule kOutside = {
    .id = "EMPLOYMENT-PENSION-OUTSIDE",
    .sentence =
        "{description}, employment {employment}: outside automatic enrolment, so there is no pension to "
        "pay into.",
    .source = "Pensions Act 2008 ss3, 8"};
constexpr explain::Rule kAllowance = {
    .id = "EMPLOYMENT-ALLOWANCE",
    .sentence =
        "{description}: of the employment allowance of {allowance_pence} a year, {used_pence} is used up "
        "elsewhere; {left_weekly_pence} a week is left, a part of a penny not counted, which takes "
        "{allowance_weekly_pence} off the "
        "national insurance of {national_insurance_weekly_pence} a week.",
    .source = "National Insurance Contributions Act 2014 ss1-4"};
constexpr explain::Rule kOnCosts = {
    .id = "COSTING-COMPONENT-ON-COSTS",
    .sentence =
        "{description}: paid holiday of {holiday_weekly_pence}, national insurance of "
        "{insurance_due_weekly_pence} and pension contributions of {pension_weekly_pence} come to "
        "{weekly_pence} a week beside the wage.",
    .source = "Care Act 2014 s26(1)(a)"};
constexpr explain::Rule kLiabilityInsured = {
    .id = "EMPLOYMENT-LIABILITY-INSURANCE",
    .sentence =
        "Whoever employs has to be insured against liability to who is employed: {description} is in the "
        "budget to support the employment.",
    .source = "Employers' Liability (Compulsory Insurance) Act 1969 s1"};
constexpr explain::Rule kLiabilityOpen = {
    .id = "EMPLOYMENT-LIABILITY-INSURANCE-OPEN",
    .sentence =
        "Whoever employs has to be insured against liability to who is employed: nothing in the budget is "
        "there to support the employment.",
    .source = "Employers' Liability (Compulsory Insurance) Act 1969 s1"};
constexpr explain::Rule kRedundancy = {
    .id = "EMPLOYMENT-REDUNDANCY",
    .sentence =
        "Nothing is put by for redundancy pay, which is due after two years of employment: it is for the "
        "funder to accept when an employment ends.",
    .source = "Employment Rights Act 1996 ss135, 155; LGSCO 24 017 352"};
constexpr explain::Rule kStatus = {
    .id = "EMPLOYMENT-STATUS",
    .sentence =
        "{description}: no employment is costed for this work, so who does it is taken to be engaged "
        "through an agency or self-employed. That is not for the parties to choose: who has to do the work "
        "in person, and is told what to do, when and how, is employed whatever the agreement calls it, and "
        "then what an employer pays beside the wage is due too.",
    .source =
        "Employment Rights Act 1996 s230; Autoclenz Ltd v Belcher [2011] UKSC 41; Income Tax (Earnings and "
        "Pensions) Act 2003 ss48-61"};
constexpr explain::Rule kNoSickPay = {
    .id = "EMPLOYMENT-SICK-PAY-BELOW-LIMIT",
    .sentence =
        "{description}, employment {employment}: there is no sick pay for who earns less than "
        "{limit_weekly_pence} a week.",
    .source = "Social Security Contributions and Benefits Act 1992 s153, Sch 11 para 2"};
constexpr explain::Rule kSickPayRate = {
    .id = "EMPLOYMENT-SICK-PAY-RATE",
    .sentence =
        "{description}, employment {employment}: statutory sick pay is {sick_pay_weekly_pence} a week.",
    .source = "Social Security Contributions and Benefits Act 1992 s157"};
constexpr explain::Rule kSickPayLower = {
    .id = "EMPLOYMENT-SICK-PAY-LOWER-OF",
    .sentence =
        "{description}, employment {employment}: statutory sick pay is {sick_pay_weekly_pence} a week, the "
        "lower of {rate_weekly_pence} and {part} of the wage, half a penny rounded up.",
    .source = "Social Security Contributions and Benefits Act 1992 s157; Employment Rights Act 2025"};
constexpr explain::Rule kSickPay = {
    .id = "COSTING-COMPONENT-SICK-PAY",
    .sentence =
        "{description}: {sick_pay_weeks} week(s) of sick pay at {weekly_pence} a week come to "
        "{one_off_pence}, held in reserve because the employer does not get it back, and returned if "
        "unused.",
    .source = "Social Security Contributions and Benefits Act 1992 s151; the funder's local policy"};

// The national rates of a day, those of a year as weekly ones.
struct Rates {
  const v1::EmploymentRates* of_day = nullptr;
  // The part of a year that a week is.
  money::Fraction week;
  // The first whole weekly wage that reaches the yearly trigger.
  int64_t trigger_weekly_pence = 0;
  int64_t qualifying_from_weekly_pence = 0;
  int64_t qualifying_to_weekly_pence = 0;
};

// What the employments of one component are judged by.
struct Employer {
  const v1::BudgetComponent& component;
  absl::Span<const v1::BudgetComponent> components;
  absl::CivilDay day;
  const Policies& policies;
  const Rates& rates;
  explain::Refusal& refusal;
  explain::Trace& trace;
};

money::Fraction PartOf(const v1::Fraction& part) { return {part.numerator(), part.denominator()}; }

absl::StatusOr<Rates> RatesOfEmployment(absl::CivilDay day, const Policies& policies) {
  Rates rates;
  rates.of_day = dates::InEffect(policies.national.employment_rates(), day);
  if (rates.of_day == nullptr) return errors::NoRate("what employment costs", dates::Format(day));
  const v1::WeeksConvention* year = dates::InEffect(policies.local.weeks_conventions(), day);
  if (year == nullptr) return errors::NoRate("weeks of a budget year", dates::Format(day));
  rates.week = {std::max<int64_t>(year->divisor(), 1), year->days_or_weeks()};
  // A weekly wage in whole pence reaches the trigger where it reaches the trigger's week rounded up.
  IPB_ASSIGN_OR_RETURN(rates.trigger_weekly_pence,
                       money::Scale(rates.of_day->enrolment_trigger_pence(), rates.week, Rounding::kUp));
  IPB_ASSIGN_OR_RETURN(rates.qualifying_from_weekly_pence,
                       money::Scale(rates.of_day->qualifying_from_pence(), rates.week, Rounding::kHalfUp));
  IPB_ASSIGN_OR_RETURN(rates.qualifying_to_weekly_pence,
                       money::Scale(rates.of_day->qualifying_to_pence(), rates.week, Rounding::kHalfUp));
  return rates;
}

Inputs InputsOf(const Employer& employer, int number, Inputs more) {
  Inputs inputs = {{"component_id", employer.component.component_id()},
                   {"description", employer.component.description()},
                   {"employment", int64_t{number} + 1}};
  inputs.insert(inputs.end(), more.begin(), more.end());
  return inputs;
}

bool IsUnder21(const v1::Employment& employment) {
  return employment.wage_band() != v1::WAGE_BAND_21_AND_OVER;
}

// What somebody earns a week, which is at least the minimum wage.
absl::StatusOr<int64_t> WageOf(const v1::Employment& employment, int number, const Employer& employer) {
  const v1::BudgetComponent& paying = *PayingWage(employer.components, employment.wage_component_id());
  const std::string band = explain::Words(v1::WageBand_Name(employment.wage_band()), "WAGE_BAND_");
  const v1::MinimumWage* minimum =
      dates::InEffect(employer.policies.national.minimum_wages(), employer.day,
                      [&](const v1::MinimumWage& row) { return row.band() == employment.wage_band(); });
  if (minimum == nullptr) {
    return errors::NoRate(absl::StrCat("minimum wage of ", band), dates::Format(employer.day));
  }
  // Of minutes that the component pays for, whose price fits.
  const int64_t wage =
      money::Scale(paying.unit_rate_pence(), {employment.minutes_per_week(), 60}, Rounding::kHalfUp).value();
  const Inputs inputs = InputsOf(employer, number,
                                 {{"wage_component_id", employment.wage_component_id()},
                                  {"minutes", int64_t{employment.minutes_per_week()}},
                                  {"unit_rate_pence", Pence{paying.unit_rate_pence()}},
                                  {"wage_band", band},
                                  {"minimum_hourly_pence", Pence{minimum->hourly_pence()}},
                                  {"wage_weekly_pence", Pence{wage}}});
  if (paying.unit_rate_pence() < minimum->hourly_pence()) {
    employer.refusal.Add(kBelowMinimum, employer.component.component_id(), inputs);
  }
  employer.trace.Add(kWage, inputs, Pence{wage});
  return wage;
}

absl::Status AddHoliday(v1::Employment& employment, int number, const Employer& employer) {
  const money::Fraction part = PartOf(employer.rates.of_day->holiday());
  IPB_ASSIGN_OR_RETURN(const int64_t holiday,
                       money::Scale(employment.wage_weekly_pence(), part, Rounding::kHalfUp));
  employment.set_holiday_weekly_pence(holiday);
  employer.trace.Add(kHoliday,
                     InputsOf(employer, number, {{"part", part}, {"holiday_weekly_pence", Pence{holiday}}}),
                     Pence{holiday});
  return absl::OkStatus();
}

absl::Status AddInsurance(v1::Employment& employment, int number, const Employer& employer) {
  const v1::EmploymentRates& rates = *employer.rates.of_day;
  const money::Fraction part = PartOf(rates.national_insurance());
  const bool under_21 = IsUnder21(employment);
  const int64_t threshold =
      under_21 ? rates.upper_secondary_threshold_weekly_pence() : rates.secondary_threshold_weekly_pence();
  const int64_t above = std::max<int64_t>(employment.wage_weekly_pence() - threshold, 0);
  IPB_ASSIGN_OR_RETURN(const int64_t insurance, money::Scale(above, part, Rounding::kHalfUp));
  employment.set_national_insurance_weekly_pence(insurance);
  employer.trace.Add(under_21 ? kInsuranceUnder21 : kInsurance,
                     InputsOf(employer, number,
                              {{"part", part},
                               {"threshold_weekly_pence", Pence{threshold}},
                               {"national_insurance_weekly_pence", Pence{insurance}}}),
                     Pence{insurance});
  return absl::OkStatus();
}

absl::Status AddPension(v1::Employment& employment, int number, const Employer& employer) {
  employment.set_pension_weekly_pence(0);
  const Rates& rates = employer.rates;
  const Pence trigger = {rates.of_day->enrolment_trigger_pence()};
  const bool under_21 = IsUnder21(employment);
  const bool automatic = !under_21 && employment.wage_weekly_pence() >= rates.trigger_weekly_pence;
  if (employment.outside_enrolment() || !(automatic || employment.pension_asked_for())) {
    const explain::Rule& rule = employment.outside_enrolment() ? kOutside
                                : under_21                     ? kUnder22
                                                               : kBelowTrigger;
    employer.trace.Add(rule, InputsOf(employer, number, {{"trigger_pence", trigger}}));
    return absl::OkStatus();
  }
  const money::Fraction part = PartOf(rates.of_day->pension());
  const int64_t up_to = std::min(employment.wage_weekly_pence(), rates.qualifying_to_weekly_pence);
  const int64_t qualifying = std::max<int64_t>(up_to - rates.qualifying_from_weekly_pence, 0);
  IPB_ASSIGN_OR_RETURN(const int64_t pension, money::Scale(qualifying, part, Rounding::kHalfUp));
  employment.set_pension_weekly_pence(pension);
  employer.trace.Add(automatic ? kEnrolled : kAskedFor,
                     InputsOf(employer, number,
                              {{"trigger_pence", trigger},
                               {"part", part},
                               {"from_weekly_pence", Pence{rates.qualifying_from_weekly_pence}},
                               {"to_weekly_pence", Pence{rates.qualifying_to_weekly_pence}},
                               {"pension_weekly_pence", Pence{pension}}}),
                     Pence{pension});
  return absl::OkStatus();
}

// What the allowance takes off the national insurance of all employments of a component together: at most
// what `taken_weekly_pence` leaves of its week. A part of a penny is left out, so that a year of it is never
// more than the allowance.
absl::StatusOr<int64_t> AllowanceOf(const Employer& employer, int64_t insurance_weekly_pence,
                                    int64_t taken_weekly_pence) {
  if (insurance_weekly_pence == 0) return 0;
  const int64_t allowance = employer.rates.of_day->employment_allowance_pence();
  const int64_t used = employer.component.employment_allowance_used_pence();
  IPB_ASSIGN_OR_RETURN(const int64_t weekly, money::Scale(std::max<int64_t>(allowance - used, 0),
                                                          employer.rates.week, Rounding::kDown));
  const int64_t left = std::max<int64_t>(weekly - taken_weekly_pence, 0);
  const int64_t taken = std::min(left, insurance_weekly_pence);
  employer.trace.Add(kAllowance,
                     {{"component_id", employer.component.component_id()},
                      {"description", employer.component.description()},
                      {"allowance_pence", Pence{allowance}},
                      {"used_pence", Pence{used}},
                      {"left_weekly_pence", Pence{left}},
                      {"national_insurance_weekly_pence", Pence{insurance_weekly_pence}},
                      {"allowance_weekly_pence", Pence{taken}}},
                     Pence{taken});
  return taken;
}

// Sets the amounts of one component; gives what it took of the week of the allowance.
absl::StatusOr<int64_t> CostOne(v1::BudgetComponent& component, const Employer& employer,
                                int64_t taken_weekly_pence) {
  money::Sum holiday_sum, insurance_sum, pension_sum;
  for (int i = 0; i < component.employments_size(); ++i) {
    v1::Employment& employment = *component.mutable_employments(i);
    IPB_ASSIGN_OR_RETURN(const int64_t wage, WageOf(employment, i, employer));
    employment.set_wage_weekly_pence(wage);
    IPB_RETURN_IF_ERROR(AddHoliday(employment, i, employer));
    IPB_RETURN_IF_ERROR(AddInsurance(employment, i, employer));
    IPB_RETURN_IF_ERROR(AddPension(employment, i, employer));
    holiday_sum.Add(employment.holiday_weekly_pence());
    insurance_sum.Add(employment.national_insurance_weekly_pence());
    pension_sum.Add(employment.pension_weekly_pence());
  }
  IPB_ASSIGN_OR_RETURN(const int64_t holiday, holiday_sum.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t insurance, insurance_sum.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t pension, pension_sum.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t allowance, AllowanceOf(employer, insurance, taken_weekly_pence));
  const int64_t due = insurance - allowance;
  IPB_ASSIGN_OR_RETURN(const int64_t weekly, money::Sum().Add(holiday).Add(due).Add(pension).Total());
  component.set_weekly_pence(weekly);
  component.set_one_off_pence(0);
  employer.trace.Add(kOnCosts,
                     {{"component_id", component.component_id()},
                      {"description", component.description()},
                      {"holiday_weekly_pence", Pence{holiday}},
                      {"insurance_due_weekly_pence", Pence{due}},
                      {"pension_weekly_pence", Pence{pension}},
                      {"weekly_pence", Pence{weekly}}},
                     Pence{weekly});
  return allowance;
}

// What statutory sick pay is a week for who earns the wage.
absl::StatusOr<int64_t> SickPayOf(int64_t wage, int number, const Employer& employer) {
  const v1::EmploymentRates& rates = *employer.rates.of_day;
  const int64_t limit = rates.sick_pay_earnings_from_weekly_pence();
  const int64_t rate = rates.sick_pay_weekly_pence();
  if (wage < limit) {
    employer.trace.Add(kNoSickPay, InputsOf(employer, number, {{"limit_weekly_pence", Pence{limit}}}));
    return 0;
  }
  if (!rates.has_sick_pay_of_wage()) {
    employer.trace.Add(kSickPayRate, InputsOf(employer, number, {{"sick_pay_weekly_pence", Pence{rate}}}));
    return rate;
  }
  const money::Fraction part = PartOf(rates.sick_pay_of_wage());
  IPB_ASSIGN_OR_RETURN(const int64_t of_wage, money::Scale(wage, part, Rounding::kHalfUp));
  const int64_t sick_pay = std::min(rate, of_wage);
  employer.trace.Add(
      kSickPayLower,
      InputsOf(
          employer, number,
          {{"part", part}, {"rate_weekly_pence", Pence{rate}}, {"sick_pay_weekly_pence", Pence{sick_pay}}}),
      Pence{sick_pay});
  return sick_pay;
}

// What an employer owes besides, as far as the budget has it.
void SayWhatElseIsOwed(absl::Span<const v1::BudgetComponent> components, explain::Trace& trace) {
  const auto support = std::find_if(components.begin(), components.end(), [](const v1::BudgetComponent& one) {
    return one.category() == v1::SPENDING_CATEGORY_EMPLOYMENT_SUPPORT;
  });
  if (support == components.end()) {
    trace.Add(kLiabilityOpen);
  } else {
    trace.Add(kLiabilityInsured, {{"description", support->description()}});
  }
  trace.Add(kRedundancy);
}

// Whether the component pays a personal assistant and nothing says that they are employed.
bool IsOfOpenStatus(const v1::BudgetComponent& component, absl::Span<const v1::BudgetComponent> components) {
  if (component.category() != v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT) return false;
  if (component.kind() != v1::COMPONENT_KIND_ONGOING || PaysOnCosts(component)) return false;
  const std::string& id = component.component_id();
  return std::none_of(components.begin(), components.end(), [&](const v1::BudgetComponent& other) {
    return std::any_of(other.employments().begin(), other.employments().end(),
                       [&](const v1::Employment& one) { return one.wage_component_id() == id; });
  });
}

}  // namespace

void SayWhatStatusIsOpen(absl::Span<const v1::BudgetComponent> components, explain::Trace& trace) {
  for (const v1::BudgetComponent& component : components) {
    if (!IsOfOpenStatus(component, components)) continue;
    trace.Add(kStatus,
              {{"component_id", component.component_id()}, {"description", component.description()}});
  }
}

absl::Status CostEmployments(absl::Span<v1::BudgetComponent> components, absl::CivilDay day,
                             const Policies& policies, explain::Refusal& refusal, explain::Trace& trace) {
  if (std::none_of(components.begin(), components.end(), PaysOnCosts)) return absl::OkStatus();
  IPB_ASSIGN_OR_RETURN(const Rates rates, RatesOfEmployment(day, policies));
  int64_t taken_weekly_pence = 0;
  for (v1::BudgetComponent& component : components) {
    if (!PaysOnCosts(component)) continue;
    const Employer employer = {component, components, day, policies, rates, refusal, trace};
    IPB_ASSIGN_OR_RETURN(const int64_t taken, CostOne(component, employer, taken_weekly_pence));
    taken_weekly_pence += taken;
  }
  SayWhatElseIsOwed(components, trace);
  return absl::OkStatus();
}

absl::Status HoldSickPay(v1::BudgetComponent& reserve, absl::Span<const v1::BudgetComponent> components,
                         absl::CivilDay day, const Policies& policies, explain::Refusal& refusal,
                         explain::Trace& trace) {
  if (reserve.sick_pay_weeks() == 0) {
    const v1::SickPayWeeks* row = dates::InEffect(policies.local.sick_pay_weeks(), day);
    if (row == nullptr) return errors::NoRate("weeks of sick pay", dates::Format(day));
    reserve.set_sick_pay_weeks(row->weeks());
  }
  IPB_ASSIGN_OR_RETURN(const Rates rates, RatesOfEmployment(day, policies));
  const Employer employer = {reserve, components, day, policies, rates, refusal, trace};
  money::Sum sum;
  for (int i = 0; i < reserve.employments_size(); ++i) {
    v1::Employment& employment = *reserve.mutable_employments(i);
    IPB_ASSIGN_OR_RETURN(const int64_t wage, WageOf(employment, i, employer));
    IPB_ASSIGN_OR_RETURN(const int64_t sick_pay, SickPayOf(wage, i, employer));
    employment.set_wage_weekly_pence(wage);
    employment.clear_holiday_weekly_pence();
    employment.clear_national_insurance_weekly_pence();
    employment.clear_pension_weekly_pence();
    sum.Add(sick_pay);
  }
  IPB_ASSIGN_OR_RETURN(const int64_t weekly, sum.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t amount, money::Sum().AddTimes(weekly, reserve.sick_pay_weeks()).Total());
  reserve.set_weekly_pence(0);
  reserve.set_one_off_pence(amount);
  trace.Add(kSickPay,
            {{"component_id", reserve.component_id()},
             {"description", reserve.description()},
             {"sick_pay_weeks", int64_t{reserve.sick_pay_weeks()}},
             {"weekly_pence", Pence{weekly}},
             {"one_off_pence", Pence{amount}}},
            money::Format(amount));
  return absl::OkStatus();
}

}  // namespace ipb::allocation
