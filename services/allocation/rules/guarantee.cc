#include "services/allocation/rules/guarantee.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
using explain::Pence;

constexpr int kMiddleAge = 25;

constexpr explain::Rule kComponent = {
    .id = "GUARANTEE-COMPONENT",
    .sentence = "The guarantee includes {weekly_pence} a week for: {component} ({count} time(s)).",
    .source = "SI 2014/2672 reg 7",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLocalAddition = {
    .id = "GUARANTEE-LOCAL-ADDITION",
    .sentence = "The council adds {weekly_pence} a week to the guarantee.",
    .source = "SI 2014/2672 reg 7(1); the council's charging policy",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kDelayed = {
    .id = "GUARANTEE-DELAYED",
    .sentence =
        "The council has charged the person since {first_charged_date}, and applies new rates of the "
        "guarantee to them when it assesses again; until then the earlier ones hold.",
    .source = "SI 2014/2672 reg 7; the council's charging policy",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kTotal = {
    .id = "GUARANTEE-TOTAL",
    .sentence = "The minimum income guarantee is {guarantee_weekly_pence} a week.",
    .source = "Care Act 2014 s14(7); SI 2014/2672 reg 7",
    .purpose = v1::PURPOSE_MEANS};

// What the guarantee depends on of the one or two people whom it looks at. No disability premium rests on one
// of pension age (reg 7(5)-(6)); one member of a couple is enough.
struct Members {
  bool any_of_pension_age = false;
  bool any_disabled = false;
  bool any_severely_disabled = false;
};

absl::Status Look(absl::CivilDay birth, const google::protobuf::RepeatedField<int>& benefits,
                  const ChargingRates& rates, Members& members) {
  IPB_ASSIGN_OR_RETURN(const absl::CivilDay pension_day, PensionDay(birth, rates));
  if (rates.day >= pension_day) {
    members.any_of_pension_age = true;
    return absl::OkStatus();
  }
  for (const int benefit : benefits) {
    members.any_disabled |= benefit != v1::QUALIFYING_BENEFIT_CARERS_ALLOWANCE;
    members.any_severely_disabled |= benefit == v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED ||
                                     benefit == v1::QUALIFYING_BENEFIT_DLA_CARE_HIGHEST;
  }
  return absl::OkStatus();
}

absl::StatusOr<Members> MembersOf(const v1::Household& household, absl::CivilDay birth,
                                  const ChargingRates& rates) {
  Members members;
  IPB_RETURN_IF_ERROR(Look(birth, household.benefits(), rates, members));
  if (household.relationship() != v1::RELATIONSHIP_COUPLE) return members;
  if (household.partner_birth_date().empty()) {
    return errors::InvalidField("facts.household.partner_birth_date", "is needed for a member of a couple");
  }
  const absl::CivilDay partner_birth = dates::Checked(household.partner_birth_date());
  IPB_RETURN_IF_ERROR(Look(partner_birth, household.partner_benefits(), rates, members));
  return members;
}

v1::GuaranteeComponent BaseOf(const v1::Household& household, int age, const Members& members) {
  switch (household.relationship()) {
    case v1::RELATIONSHIP_COUPLE:
      return members.any_of_pension_age ? v1::GUARANTEE_COMPONENT_COUPLE_PENSION_AGE
                                        : v1::GUARANTEE_COMPONENT_COUPLE;
    case v1::RELATIONSHIP_LONE_PARENT:
      return v1::GUARANTEE_COMPONENT_LONE_PARENT;
    default:
      if (members.any_of_pension_age) return v1::GUARANTEE_COMPONENT_SINGLE_PENSION_AGE;
      return age < kMiddleAge ? v1::GUARANTEE_COMPONENT_SINGLE_18_TO_24
                              : v1::GUARANTEE_COMPONENT_SINGLE_25_TO_PENSION_AGE;
  }
}

bool HasCarersAllowance(const v1::Household& household) {
  const auto& benefits = household.benefits();
  return std::find(benefits.begin(), benefits.end(), v1::QUALIFYING_BENEFIT_CARERS_ALLOWANCE) !=
         benefits.end();
}

// The components of the guarantee, added up by the rates that hold for the person.
class Guarantee {
 public:
  Guarantee(const GuaranteeRates& rates, explain::Trace& trace) : rates_(rates), trace_(trace) {}

  absl::Status Add(v1::GuaranteeComponent component, int64_t count = 1) {
    const auto words = [component] {
      return explain::Words(v1::GuaranteeComponent_Name(component), "GUARANTEE_COMPONENT_");
    };
    const std::optional<int64_t>& weekly_pence = rates_.weekly_pence[component];
    if (!weekly_pence) {
      return errors::NoRate(absl::StrCat("minimum income guarantee, ", words()), dates::Format(rates_.day));
    }
    sum_.AddTimes(*weekly_pence, count);
    trace_.Add(kComponent, [&] {
      return Inputs{{"component", words()}, {"weekly_pence", Pence{*weekly_pence}}, {"count", count}};
    });
    return absl::OkStatus();
  }

  money::Sum& sum() { return sum_; }

 private:
  const GuaranteeRates& rates_;
  explain::Trace& trace_;
  money::Sum sum_;
};

absl::Status AddPremiums(const v1::Household& household, const Members& members, Guarantee& guarantee) {
  const bool couple = household.relationship() == v1::RELATIONSHIP_COUPLE;
  if (members.any_disabled) {
    IPB_RETURN_IF_ERROR(guarantee.Add(couple ? v1::GUARANTEE_COMPONENT_DISABILITY_COUPLE
                                             : v1::GUARANTEE_COMPONENT_DISABILITY_SINGLE));
  }
  if (members.any_severely_disabled) {
    IPB_RETURN_IF_ERROR(guarantee.Add(couple ? v1::GUARANTEE_COMPONENT_ENHANCED_DISABILITY_COUPLE
                                             : v1::GUARANTEE_COMPONENT_ENHANCED_DISABILITY_SINGLE));
  }
  if (!HasCarersAllowance(household)) return absl::OkStatus();
  return guarantee.Add(v1::GUARANTEE_COMPONENT_CARER);
}

// The rates that hold for the person: earlier ones where the council charged them before the day on which it
// assesses again.
const GuaranteeRates& RatesFor(const v1::FinancialFacts& facts, const ChargingRates& rates,
                               explain::Trace& trace) {
  if (!rates.charged_before || facts.first_charged_date().empty()) return rates.guarantee;
  const absl::CivilDay first_charged = dates::Checked(facts.first_charged_date());
  if (first_charged >= *rates.charged_before) return rates.guarantee;
  trace.Add(kDelayed, [&] { return Inputs{{"first_charged_date", first_charged}}; });
  return rates.delayed_guarantee;
}

bool Covers(const PensionAgeOfDay& age, absl::CivilDay birth) {
  return (!age.born_from || *age.born_from <= birth) && (!age.born_to || birth <= *age.born_to);
}

}  // namespace

absl::StatusOr<absl::CivilDay> PensionDay(absl::CivilDay birth, const ChargingRates& rates) {
  const auto row = std::find_if(rates.pension_ages.begin(), rates.pension_ages.end(),
                                [birth](const PensionAgeOfDay& age) { return Covers(age, birth); });
  if (row == rates.pension_ages.end()) {
    return errors::NoRate(absl::StrCat("state pension age of people born on ", dates::Format(birth)),
                          dates::Format(rates.day));
  }
  // An age in whole years begins as everywhere else; one with months ends with a month that is too short for
  // the day.
  return row->age_months == 0 ? dates::Birthday(birth, row->age_years)
                              : dates::AddMonths(birth, row->age_years * 12 + row->age_months);
}

absl::StatusOr<int64_t> AssessGuarantee(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                        explain::Trace& trace) {
  const v1::Household& household = facts.household();
  const absl::CivilDay birth = dates::Checked(household.birth_date());
  IPB_ASSIGN_OR_RETURN(const Members members, MembersOf(household, birth, rates));
  Guarantee guarantee(RatesFor(facts, rates, trace), trace);
  IPB_RETURN_IF_ERROR(guarantee.Add(BaseOf(household, dates::AgeOn(birth, rates.day), members)));
  if (household.dependent_children() > 0) {
    IPB_RETURN_IF_ERROR(guarantee.Add(v1::GUARANTEE_COMPONENT_CHILD, household.dependent_children()));
  }
  IPB_RETURN_IF_ERROR(AddPremiums(household, members, guarantee));
  if (const v1::GuaranteeAddition* addition = rates.guarantee_addition) {
    guarantee.sum().Add(addition->weekly_pence());
    trace.Add(kLocalAddition, [&] { return Inputs{{"weekly_pence", Pence{addition->weekly_pence()}}}; });
  }
  IPB_ASSIGN_OR_RETURN(const int64_t total, guarantee.sum().Total());
  trace.Add(
      kTotal,
      [&] {
        return Inputs{{"guarantee_weekly_pence", Pence{total}}};
      },
      Pence{total});
  return total;
}

}  // namespace ipb::allocation
