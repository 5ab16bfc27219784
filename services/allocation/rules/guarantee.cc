#include "services/allocation/rules/guarantee.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr int kAdultAge = 18;
constexpr int kMiddleAge = 25;

constexpr explain::Rule kAdult = {
    .id = "CHARGE-ADULT",
    .sentence = "The person is {age_years} on the day; only adults are charged under the Care Act",
    .source = "Care Act 2014 ss2(8), 14",
    .remedy = "assess from the eighteenth birthday",
    .purpose = v1::PURPOSE_MEANS};
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
constexpr explain::Rule kTotal = {
    .id = "GUARANTEE-TOTAL",
    .sentence = "The minimum income guarantee is {guarantee_weekly_pence} a week.",
    .source = "Care Act 2014 s14(7); SI 2014/2672 reg 7",
    .purpose = v1::PURPOSE_MEANS};

// One of the one or two people whom the guarantee looks at.
struct Member {
  bool of_pension_age = false;
  bool disabled = false;
  bool severely_disabled = false;
};

absl::StatusOr<Member> MemberOf(absl::CivilDay birth, const google::protobuf::RepeatedField<int>& benefits,
                                absl::CivilDay day, const v1::AllocationPolicy& national) {
  IPB_ASSIGN_OR_RETURN(const absl::CivilDay pension_day, PensionDay(birth, day, national));
  Member member;
  member.of_pension_age = day >= pension_day;
  for (const int benefit : benefits) {
    member.disabled |= benefit != v1::QUALIFYING_BENEFIT_CARERS_ALLOWANCE;
    member.severely_disabled |= benefit == v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED ||
                                benefit == v1::QUALIFYING_BENEFIT_DLA_CARE_HIGHEST;
  }
  return member;
}

v1::GuaranteeComponent BaseOf(const v1::Household& household, int age, const std::vector<Member>& members) {
  const bool pension =
      std::any_of(members.begin(), members.end(), [](const Member& m) { return m.of_pension_age; });
  switch (household.relationship()) {
    case v1::RELATIONSHIP_COUPLE:
      return pension ? v1::GUARANTEE_COMPONENT_COUPLE_PENSION_AGE : v1::GUARANTEE_COMPONENT_COUPLE;
    case v1::RELATIONSHIP_LONE_PARENT:
      return v1::GUARANTEE_COMPONENT_LONE_PARENT;
    default:
      if (pension) return v1::GUARANTEE_COMPONENT_SINGLE_PENSION_AGE;
      return age < kMiddleAge ? v1::GUARANTEE_COMPONENT_SINGLE_18_TO_24
                              : v1::GUARANTEE_COMPONENT_SINGLE_25_TO_PENSION_AGE;
  }
}

// Reg 7(5)-(7): no disability premium rests on a member of pension age; one member of a couple is enough.
std::vector<v1::GuaranteeComponent> PremiumsOf(const v1::Household& household,
                                               const std::vector<Member>& members) {
  const bool couple = household.relationship() == v1::RELATIONSHIP_COUPLE;
  bool disability = false, enhanced = false;
  for (const Member& member : members) {
    disability |= member.disabled && !member.of_pension_age;
    enhanced |= member.severely_disabled && !member.of_pension_age;
  }
  std::vector<v1::GuaranteeComponent> premiums;
  if (disability) {
    premiums.push_back(couple ? v1::GUARANTEE_COMPONENT_DISABILITY_COUPLE
                              : v1::GUARANTEE_COMPONENT_DISABILITY_SINGLE);
  }
  if (enhanced) {
    premiums.push_back(couple ? v1::GUARANTEE_COMPONENT_ENHANCED_DISABILITY_COUPLE
                              : v1::GUARANTEE_COMPONENT_ENHANCED_DISABILITY_SINGLE);
  }
  const auto& benefits = household.benefits();
  if (std::count(benefits.begin(), benefits.end(), v1::QUALIFYING_BENEFIT_CARERS_ALLOWANCE) > 0) {
    premiums.push_back(v1::GUARANTEE_COMPONENT_CARER);
  }
  return premiums;
}

absl::Status AddComponent(v1::GuaranteeComponent component, int64_t count, absl::CivilDay day,
                          const v1::AllocationPolicy& national, money::Sum& sum, explain::Trace& trace) {
  const std::string words = explain::Words(v1::GuaranteeComponent_Name(component), "GUARANTEE_COMPONENT_");
  const v1::GuaranteeRate* rate =
      dates::InEffect(national.guarantee_rates(), day,
                      [&](const v1::GuaranteeRate& row) { return row.component() == component; });
  if (rate == nullptr) {
    return errors::NoRate(absl::StrCat("minimum income guarantee, ", words), dates::Format(day));
  }
  sum.AddTimes(rate->weekly_pence(), count);
  trace.Add(kComponent,
            {{"component", words}, {"weekly_pence", Pence{rate->weekly_pence()}}, {"count", count}});
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Member>> MembersOf(const v1::Household& household, absl::CivilDay birth,
                                              absl::CivilDay day, const v1::AllocationPolicy& national) {
  std::vector<Member> members;
  IPB_ASSIGN_OR_RETURN(members.emplace_back(), MemberOf(birth, household.benefits(), day, national));
  if (household.relationship() != v1::RELATIONSHIP_COUPLE) return members;
  if (household.partner_birth_date().empty()) {
    return errors::InvalidField("facts.household.partner_birth_date", "is needed for a member of a couple");
  }
  const absl::CivilDay partner_birth = dates::Checked(household.partner_birth_date());
  IPB_ASSIGN_OR_RETURN(members.emplace_back(),
                       MemberOf(partner_birth, household.partner_benefits(), day, national));
  return members;
}

}  // namespace

absl::StatusOr<absl::CivilDay> PensionDay(absl::CivilDay birth, absl::CivilDay day,
                                          const v1::AllocationPolicy& national) {
  const v1::StatePensionAge* row =
      dates::InEffect(national.state_pension_ages(), day, [&](const v1::StatePensionAge& age) {
        return dates::Within(birth, age.born_from_date(), age.born_to_date());
      });
  if (row == nullptr) {
    return errors::NoRate(absl::StrCat("state pension age of people born on ", dates::Format(birth)),
                          dates::Format(day));
  }
  // An age in whole years begins as everywhere else; one with months ends with a month that is too short for
  // the day.
  const absl::CivilDay birthday = dates::Birthday(birth, row->age_years());
  return row->age_months() == 0 ? birthday
                                : dates::AddMonths(birth, row->age_years() * 12 + row->age_months());
}

absl::StatusOr<int64_t> AssessGuarantee(const v1::Household& household, absl::CivilDay day,
                                        const v1::AllocationPolicy& national,
                                        const v1::AllocationPolicy& local, explain::Trace& trace) {
  const absl::CivilDay birth = dates::Checked(household.birth_date());
  const int age = dates::AgeOn(birth, day);
  if (age < kAdultAge) {
    explain::Refusal refusal;
    refusal.Add(kAdult, "facts.household.birth_date", {{"age_years", int64_t{age}}});
    return refusal.ToStatus();
  }
  IPB_ASSIGN_OR_RETURN(const std::vector<Member> members, MembersOf(household, birth, day, national));
  money::Sum sum;
  IPB_RETURN_IF_ERROR(AddComponent(BaseOf(household, age, members), 1, day, national, sum, trace));
  if (household.dependent_children() > 0) {
    IPB_RETURN_IF_ERROR(AddComponent(v1::GUARANTEE_COMPONENT_CHILD, household.dependent_children(), day,
                                     national, sum, trace));
  }
  for (const v1::GuaranteeComponent premium : PremiumsOf(household, members)) {
    IPB_RETURN_IF_ERROR(AddComponent(premium, 1, day, national, sum, trace));
  }
  if (const v1::GuaranteeAddition* addition = dates::InEffect(local.guarantee_additions(), day)) {
    sum.Add(addition->weekly_pence());
    trace.Add(kLocalAddition, {{"weekly_pence", Pence{addition->weekly_pence()}}});
  }
  IPB_ASSIGN_OR_RETURN(const int64_t total, sum.Total());
  trace.Add(kTotal, {{"guarantee_weekly_pence", Pence{total}}}, money::Format(total));
  return total;
}

}  // namespace ipb::allocation
