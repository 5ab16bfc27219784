#include "services/allocation/rules/employment_check.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/money/pence.h"

namespace ipb::allocation {
namespace {

// The whole minutes a week that a component by the hour pays for.
int64_t MinutesOf(const v1::BudgetComponent& component) {
  if (component.minutes_per_week() > 0) return component.minutes_per_week();
  const int64_t weeks = std::max<int64_t>(component.units_per_week().weeks(), 1);
  return money::Scale(component.units_per_week().units(), {60, weeks}, money::Rounding::kDown)
      .value_or(std::numeric_limits<int64_t>::max());
}

void CheckOwnUnits(const v1::BudgetComponent& component, const std::string& field,
                   std::vector<errors::FieldViolation>& violations) {
  if (component.has_units_per_week() || component.minutes_per_week() > 0 || component.units() > 0 ||
      component.unit_rate_pence() > 0 || !component.unit_rate().empty()) {
    violations.push_back({field, "is the on-costs of its employments and has no units or price"});
  }
  if (component.unit() != v1::COST_UNIT_UNSPECIFIED && component.unit() != v1::COST_UNIT_WEEK) {
    violations.push_back({absl::StrCat(field, ".unit"), "is a week for on-costs of employments"});
  }
}

// What is wrong with the wages of one component, where employments before it work `worked` minutes by wage.
void CheckWagesOf(const v1::BudgetComponent& component, const std::string& field,
                  absl::Span<const v1::BudgetComponent> components, std::map<std::string, int64_t>& worked,
                  std::vector<errors::FieldViolation>& violations) {
  for (int i = 0; i < component.employments_size(); ++i) {
    const v1::Employment& employment = component.employments(i);
    const std::string path = absl::StrCat(field, ".employments[", i, "]");
    const v1::BudgetComponent* paying = PayingWage(components, employment.wage_component_id());
    if (paying == nullptr) {
      violations.push_back({absl::StrCat(path, ".wage_component_id"),
                            "names no ongoing component counted in hours that pays a wage"});
      continue;
    }
    const int64_t minutes = MinutesOf(*paying);
    int64_t& total = worked[employment.wage_component_id()];
    const bool within = total <= minutes;
    total += employment.minutes_per_week();
    if (!within || total <= minutes) continue;
    violations.push_back({absl::StrCat(path, ".minutes_per_week"),
                          absl::StrCat("makes ", total, " minutes a week of ", employment.wage_component_id(),
                                       ", which pays for ", minutes)});
  }
}

}  // namespace

bool PaysOnCosts(const v1::BudgetComponent& component) {
  return component.kind() == v1::COMPONENT_KIND_ONGOING && !component.employments().empty();
}

const v1::BudgetComponent* PayingWage(absl::Span<const v1::BudgetComponent> components,
                                      const std::string& component_id) {
  for (const v1::BudgetComponent& component : components) {
    if (component.component_id() == component_id && component.kind() == v1::COMPONENT_KIND_ONGOING &&
        component.unit() == v1::COST_UNIT_HOUR && component.employments().empty()) {
      return &component;
    }
  }
  return nullptr;
}

void CheckEmployments(const v1::BudgetComponent& component, const std::string& field,
                      std::vector<errors::FieldViolation>& violations) {
  const bool contingency = component.kind() == v1::COMPONENT_KIND_CONTINGENCY;
  const bool employs = !component.employments().empty();
  if (PaysOnCosts(component)) CheckOwnUnits(component, field, violations);
  if (employs && !contingency && component.kind() != v1::COMPONENT_KIND_ONGOING) {
    violations.push_back({absl::StrCat(field, ".employments"), "are for ongoing and contingency components"});
  }
  if (contingency && employs && component.contingency_weeks() > 0) {
    violations.push_back({absl::StrCat(field, ".contingency_weeks"),
                          "are weeks of the funders' money, and this contingency is of sick pay"});
  }
  if (component.sick_pay_weeks() > 0 && !(contingency && employs)) {
    violations.push_back(
        {absl::StrCat(field, ".sick_pay_weeks"), "are for contingency components with employments"});
  }
  if (component.employment_allowance_used_pence() > 0 && !PaysOnCosts(component)) {
    violations.push_back({absl::StrCat(field, ".employment_allowance_used_pence"),
                          "is for ongoing components with employments"});
  }
  for (int i = 0; i < component.employments_size(); ++i) {
    const v1::Employment& employment = component.employments(i);
    if (!employment.outside_enrolment() || !employment.pension_asked_for()) continue;
    violations.push_back({absl::StrCat(field, ".employments[", i, "].outside_enrolment"),
                          "does not go with pension_asked_for"});
  }
}

void CheckWages(absl::Span<const v1::BudgetComponent> components,
                std::vector<errors::FieldViolation>& violations) {
  std::map<std::string, int64_t> worked;
  for (size_t i = 0; i < components.size(); ++i) {
    std::map<std::string, int64_t> of_reserve;
    const bool ongoing = components[i].kind() == v1::COMPONENT_KIND_ONGOING;
    CheckWagesOf(components[i], absl::StrCat("components[", i, "]"), components,
                 ongoing ? worked : of_reserve, violations);
  }
}

}  // namespace ipb::allocation
