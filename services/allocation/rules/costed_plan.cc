#include "services/allocation/rules/costed_plan.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"
#include "services/allocation/rules/employment.h"
#include "services/allocation/rules/employment_check.h"
#include "services/allocation/rules/shares.h"
#include "services/allocation/rules/unit_price.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr absl::string_view kCostingPrefix = "COSTING-COMPONENT-";

constexpr explain::Rule kOngoing = {
    .id = "COSTING-COMPONENT-ONGOING",
    .sentence =
        "{description}: {quantity} a week at {unit_rate_pence} a {unit} comes to {weekly_pence} a week.",
    .source = "Care Act 2014 s26(1)(a); R (KM) v Cambridgeshire CC [2012] UKSC 23"};
constexpr explain::Rule kOneOff = {
    .id = "COSTING-COMPONENT-ONE-OFF",
    .sentence =
        "{description}: {quantity} at {unit_rate_pence} a {unit} comes to {one_off_pence}, paid once.",
    .source = "Care Act 2014 s26(1)(a); R (KM) v Cambridgeshire CC [2012] UKSC 23"};
constexpr explain::Rule kContingency = {.id = "COSTING-COMPONENT-CONTINGENCY",
                                        .sentence =
                                            "{description}: {contingency_weeks} week(s) of {weekly_pence} a "
                                            "week comes to {one_off_pence}, held in "
                                            "reserve and returned if unused.",
                                        .source = "the funder's local policy"};
constexpr explain::Rule kShare = {.id = "COSTING-SHARE",
                                  .sentence =
                                      "{organisation} funds {share} of \"{component_id}\" on the basis "
                                      "\"{basis}\": {weekly_pence} a week and "
                                      "{one_off_pence} once.",
                                  .source = "Care Act 2014 s26(3); NHS Act 2006 s75"};
constexpr explain::Rule kTotal = {
    .id = "COSTING-TOTAL",
    .sentence =
        "All components come to {weekly_pence} a week, {annual_pence} a year, and {one_off_pence} once.",
    .source = "Care Act 2014 s26"};

void CheckOngoing(const v1::BudgetComponent& component, const std::string& field,
                  std::vector<errors::FieldViolation>& violations) {
  if (component.has_units_per_week() == (component.minutes_per_week() > 0)) {
    violations.push_back({field, "an ongoing component has either units_per_week or minutes_per_week"});
  }
  if (component.minutes_per_week() > 0 && component.unit() != v1::COST_UNIT_HOUR) {
    violations.push_back({absl::StrCat(field, ".unit"), "minutes are priced by the hour"});
  }
  if (component.units() > 0) {
    violations.push_back({absl::StrCat(field, ".units"), "is for one-off and start-up components"});
  }
}

void CheckPrice(const v1::BudgetComponent& component, const std::string& field, bool paced,
                std::vector<errors::FieldViolation>& violations) {
  if (component.unit() == v1::COST_UNIT_UNSPECIFIED) {
    violations.push_back({absl::StrCat(field, ".unit"), "is needed"});
  }
  if (component.unit_rate().empty() && component.unit_rate_pence() == 0) {
    violations.push_back({field, "needs unit_rate or unit_rate_pence"});
  }
  if (component.kind() == v1::COMPONENT_KIND_ONGOING) {
    CheckOngoing(component, field, violations);
  } else if (paced) {
    violations.push_back({field, "units_per_week and minutes_per_week are for ongoing components"});
  }
}

void CheckComponent(const v1::BudgetComponent& component, const std::string& field,
                    std::vector<errors::FieldViolation>& violations) {
  const bool paced = component.has_units_per_week() || component.minutes_per_week() > 0;
  if (component.kind() == v1::COMPONENT_KIND_CONTINGENCY) {
    if (paced || component.units() > 0 || component.unit_rate_pence() > 0 || !component.unit_rate().empty()) {
      violations.push_back(
          {field, "a contingency is weeks of its funders' weekly money and has no units or price"});
    }
  } else {
    if (component.contingency_weeks() > 0) {
      violations.push_back({absl::StrCat(field, ".contingency_weeks"), "is for contingency components"});
    }
    if (!PaysOnCosts(component)) CheckPrice(component, field, paced, violations);
  }
  CheckEmployments(component, field, violations);
  CheckShares(component, field, violations);
}

absl::Status CheckAll(absl::Span<const v1::BudgetComponent> components) {
  std::vector<errors::FieldViolation> violations;
  std::set<std::string> ids;
  for (size_t i = 0; i < components.size(); ++i) {
    const std::string field = absl::StrCat("components[", i, "]");
    if (!ids.insert(components[i].component_id()).second) {
      violations.push_back({absl::StrCat(field, ".component_id"), "is not unique within the budget"});
    }
    CheckComponent(components[i], field, violations);
  }
  CheckWages(components, violations);
  return violations.empty() ? absl::OkStatus() : errors::InvalidFields(violations);
}

absl::Status FindPrice(v1::BudgetComponent& component, absl::CivilDay day,
                       const v1::AllocationPolicy& local) {
  if (component.unit_rate().empty()) return absl::OkStatus();
  IPB_ASSIGN_OR_RETURN(const v1::UnitRate* rate,
                       FindUnitRate(component.unit_rate(), component.unit(), day, local));
  component.set_unit_rate_pence(rate->unit_pence());
  return absl::OkStatus();
}

money::Fraction QuantityOf(const v1::BudgetComponent& component) {
  if (component.kind() != v1::COMPONENT_KIND_ONGOING) return {std::max(component.units(), 1), 1};
  if (component.minutes_per_week() > 0) return {component.minutes_per_week(), 60};
  return WeeklyUnits(component.units_per_week());
}

std::string QuantityText(const v1::BudgetComponent& component) {
  if (component.minutes_per_week() > 0) return absl::StrCat(component.minutes_per_week(), " minutes");
  if (component.has_units_per_week()) return SpellPace(component.units_per_week());
  return absl::StrCat(QuantityOf(component).numerator);
}

absl::Status Price(v1::BudgetComponent& component, absl::CivilDay day, const v1::AllocationPolicy& local,
                   explain::Trace& trace) {
  IPB_RETURN_IF_ERROR(FindPrice(component, day, local));
  IPB_ASSIGN_OR_RETURN(const int64_t amount, AmountAt(component, component.unit_rate_pence()));
  const bool ongoing = component.kind() == v1::COMPONENT_KIND_ONGOING;
  component.set_weekly_pence(ongoing ? amount : 0);
  component.set_one_off_pence(ongoing ? 0 : amount);
  trace.Add(ongoing ? kOngoing : kOneOff,
            {{"component_id", component.component_id()},
             {"description", component.description()},
             {"quantity", QuantityText(component)},
             {"unit", SpellUnit(component.unit())},
             {"unit_rate_pence", Pence{component.unit_rate_pence()}},
             {ongoing ? "weekly_pence" : "one_off_pence", Pence{amount}}},
            money::Format(amount));
  return absl::OkStatus();
}

// What the funders named in `reserve` pay weekly, each on the same basis, over all components.
absl::StatusOr<int64_t> WeeklyOfFunders(const v1::BudgetComponent& reserve,
                                        absl::Span<const v1::BudgetComponent> components) {
  money::Sum sum;
  for (const v1::BudgetComponent& component : components) {
    for (const v1::FunderAmount& amount : component.funder_amounts()) {
      const bool named =
          std::any_of(reserve.shares().begin(), reserve.shares().end(), [&](const auto& share) {
            return share.organisation() == amount.organisation() && share.basis() == amount.basis();
          });
      if (named) sum.Add(amount.weekly_pence());
    }
  }
  return sum.Total();
}

absl::Status Reserve(v1::BudgetComponent& reserve, absl::Span<const v1::BudgetComponent> components,
                     absl::CivilDay day, const v1::AllocationPolicy& local, explain::Trace& trace) {
  if (reserve.contingency_weeks() == 0) {
    const v1::ContingencyWeeks* row = dates::InEffect(local.contingency_weeks(), day);
    if (row == nullptr) return errors::NoRate("weeks of contingency", dates::Format(day));
    reserve.set_contingency_weeks(row->weeks());
  }
  IPB_ASSIGN_OR_RETURN(const int64_t weekly, WeeklyOfFunders(reserve, components));
  IPB_ASSIGN_OR_RETURN(const int64_t amount,
                       money::Sum().AddTimes(weekly, reserve.contingency_weeks()).Total());
  reserve.set_weekly_pence(0);
  reserve.set_one_off_pence(amount);
  trace.Add(kContingency,
            {{"component_id", reserve.component_id()},
             {"description", reserve.description()},
             {"contingency_weeks", int64_t{reserve.contingency_weeks()}},
             {"weekly_pence", Pence{weekly}},
             {"one_off_pence", Pence{amount}}},
            money::Format(amount));
  return absl::OkStatus();
}

void ExplainShares(const v1::BudgetComponent& component, explain::Trace& trace) {
  for (int i = 0; i < component.shares_size(); ++i) {
    const v1::FundingShare& share = component.shares(i);
    const v1::FunderAmount& amount = component.funder_amounts(i);
    trace.Add(kShare, {{"component_id", component.component_id()},
                       {"organisation", share.organisation()},
                       {"basis", explain::Words(v1::FundingBasis_Name(share.basis()), "FUNDING_BASIS_")},
                       {"share", money::Fraction{share.share().numerator(), share.share().denominator()}},
                       {"weekly_pence", Pence{amount.weekly_pence()}},
                       {"one_off_pence", Pence{amount.one_off_pence()}}});
  }
}

}  // namespace

absl::StatusOr<v1::Costing> AddUp(absl::Span<const v1::BudgetComponent> components, absl::CivilDay day,
                                  const v1::AllocationPolicy& local, explain::Trace& trace) {
  const v1::WeeksConvention* year = dates::InEffect(local.weeks_conventions(), day);
  if (year == nullptr) return errors::NoRate("weeks of a budget year", dates::Format(day));
  v1::Costing costing;
  money::Sum weekly, one_off;
  for (const v1::BudgetComponent& component : components) {
    weekly.Add(component.weekly_pence());
    one_off.Add(component.one_off_pence());
    *costing.add_components() = component;
    ExplainShares(component, trace);
  }
  IPB_ASSIGN_OR_RETURN(const std::vector<v1::FunderAmount> totals, FunderTotals(components));
  for (const v1::FunderAmount& total : totals) *costing.add_funder_totals() = total;
  IPB_ASSIGN_OR_RETURN(const int64_t weekly_pence, weekly.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t one_off_pence, one_off.Total());
  const money::Fraction weeks = {year->days_or_weeks(), std::max<int64_t>(year->divisor(), 1)};
  IPB_ASSIGN_OR_RETURN(const int64_t annual_pence,
                       money::Scale(weekly_pence, weeks, money::Rounding::kHalfUp));
  costing.set_weekly_pence(weekly_pence);
  costing.set_one_off_pence(one_off_pence);
  costing.set_annual_pence(annual_pence);
  trace.Add(kTotal,
            {{"weekly_pence", Pence{weekly_pence}},
             {"annual_pence", Pence{annual_pence}},
             {"one_off_pence", Pence{one_off_pence}}},
            money::Format(weekly_pence));
  return costing;
}

absl::StatusOr<v1::Costing> CostPlan(absl::Span<const v1::BudgetComponent> components, absl::CivilDay day,
                                     const Policies& policies, explain::Refusal& refusal,
                                     explain::Trace& trace) {
  IPB_RETURN_IF_ERROR(CheckAll(components));
  std::vector<v1::BudgetComponent> costed(components.begin(), components.end());
  for (v1::BudgetComponent& component : costed) {
    component.clear_reasons();
    component.clear_funder_amounts();
    if (component.kind() == v1::COMPONENT_KIND_CONTINGENCY || PaysOnCosts(component)) continue;
    IPB_RETURN_IF_ERROR(Price(component, day, policies.local, trace));
    IPB_RETURN_IF_ERROR(SplitBetweenFunders(component));
  }
  IPB_RETURN_IF_ERROR(CostEmployments(absl::MakeSpan(costed), day, policies, refusal, trace));
  SayWhatStatusIsOpen(costed, trace);
  for (v1::BudgetComponent& component : costed) {
    if (!PaysOnCosts(component)) continue;
    IPB_RETURN_IF_ERROR(SplitBetweenFunders(component));
  }
  for (v1::BudgetComponent& component : costed) {
    if (component.kind() != v1::COMPONENT_KIND_CONTINGENCY) continue;
    IPB_RETURN_IF_ERROR(component.employments().empty()
                            ? Reserve(component, costed, day, policies.local, trace)
                            : HoldSickPay(component, costed, day, policies, refusal, trace));
    IPB_RETURN_IF_ERROR(SplitBetweenFunders(component));
  }
  return AddUp(costed, day, policies.local, trace);
}

absl::StatusOr<int64_t> AmountAt(const v1::BudgetComponent& component, int64_t unit_rate_pence) {
  return CostOf(unit_rate_pence, QuantityOf(component));
}

bool ExplainsCosting(const v1::Explanation& explanation, absl::Span<const v1::BudgetComponent> components) {
  std::set<std::string> explained;
  for (const v1::ExplanationStep& step : explanation.steps()) {
    if (!absl::StartsWith(step.rule_id(), kCostingPrefix)) continue;
    for (const v1::ExplanationInput& input : step.inputs()) {
      if (input.name() == "component_id") explained.insert(input.value());
    }
  }
  return std::all_of(components.begin(), components.end(), [&](const v1::BudgetComponent& component) {
    return explained.count(component.component_id()) > 0;
  });
}

}  // namespace ipb::allocation
