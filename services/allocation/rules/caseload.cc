#include "services/allocation/rules/caseload.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "services/allocation/rules/assessment.h"
#include "services/allocation/rules/care_setting.h"
#include "services/allocation/rules/derivation.h"
#include "services/allocation/rules/statement.h"
#include "services/allocation/rules/uplift_verdict.h"

namespace ipb::allocation {
namespace {

bool IsOfAge(const v1::CaseloadCohort& cohort, const v1::FinancialFacts& facts, absl::CivilDay day) {
  if (cohort.from_age_years() == 0 && cohort.to_age_years() == 0) return true;
  if (!facts.has_household()) return false;
  const int age_years = dates::AgeOn(dates::Checked(facts.household().birth_date()), day);
  return age_years >= cohort.from_age_years() &&
         (cohort.to_age_years() == 0 || age_years <= cohort.to_age_years());
}

bool Fits(const v1::CaseloadCohort& cohort, const v1::SimulationCase& one, absl::CivilDay day) {
  const auto of_basis = [&](const v1::ChargeLine& line) { return line.basis() == cohort.basis(); };
  return IsOfAge(cohort, one.facts(), day) &&
         (cohort.setting() == v1::CARE_SETTING_UNSPECIFIED || cohort.setting() == StayOn(one.facts(), day)) &&
         (cohort.basis() == v1::FUNDING_BASIS_UNSPECIFIED ||
          std::any_of(one.lines().begin(), one.lines().end(), of_basis));
}

// The case of a budget that stands; without lines where nothing holds on the day or nothing is paid a week.
v1::SimulationCase CaseOf(const v1::Budget& standing, const BudgetFacts& person,
                          absl::string_view organisation, absl::CivilDay day) {
  v1::SimulationCase one;
  const BudgetFacts about = About(standing, person);
  const std::vector<v1::Budget> course = CourseOf(about);
  const v1::Budget* on = InEffectOn(course, day);
  if (on == nullptr) return one;
  one.set_key(on->name());
  *one.mutable_lines() = LinesOf(*on);
  const v1::FinancialAssessment* assessment = AssessmentInEffect(person.assessments, organisation, day);
  if (assessment != nullptr) *one.mutable_facts() = assessment->facts();
  const v1::Budget& agreed = course.front();
  const v1::Budget* told = FindOther(about, agreed.indicative_budget());
  if (told != nullptr) one.set_indicative_weekly_pence(told->weekly_pence());
  one.set_agreed_weekly_pence(agreed.weekly_pence());
  return one;
}

}  // namespace

std::vector<v1::SimulationCase> CasesOf(const BudgetFacts& person, absl::string_view organisation,
                                        absl::CivilDay day, const CaseloadCohorts& cohorts) {
  std::vector<v1::SimulationCase> cases;
  if (!person.death_date.empty() && dates::Checked(person.death_date) < day) return cases;
  for (const v1::Budget* standing : BudgetsOn(person.others, organisation, day)) {
    v1::SimulationCase one = CaseOf(*standing, person, organisation, day);
    if (one.lines().empty()) continue;
    const auto cohort =
        std::find_if(cohorts.begin(), cohorts.end(),
                     [&](const v1::CaseloadCohort& candidate) { return Fits(candidate, one, day); });
    if (cohort != cohorts.end()) one.set_cohort(cohort->cohort());
    cases.push_back(std::move(one));
  }
  return cases;
}

std::optional<v1::SimulationCase> CaseOf(const v1::CaseloadBudget& named,
                                         std::vector<v1::SimulationCase> cases) {
  const auto found = std::find_if(cases.begin(), cases.end(),
                                  [&](const v1::SimulationCase& one) { return one.key() == named.name(); });
  if (found == cases.end()) return std::nullopt;
  found->set_spent_weekly_pence(named.spent_weekly_pence());
  if (named.has_needs()) *found->mutable_needs() = named.needs();
  return std::move(*found);
}

}  // namespace ipb::allocation
