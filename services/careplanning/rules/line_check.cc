#include "services/careplanning/rules/line_check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/careplanning/rules/plan_money.h"
#include "services/careplanning/rules/spending.h"

namespace ipb::careplanning {
namespace {

constexpr absl::string_view kPurposeSource = "Care Act 2014 s33(3); SI 2013/1617 reg 11";

constexpr explain::Rule kNoLines = {"PLAN-LINE-NONE", "The plan has no line that says what the money buys",
                                    "Care Act 2014 s25(1)(c), (e); SI 2013/1617 reg 8", "add a costed line"};
constexpr explain::Rule kHeld = {
    "PLAN-LINE-HELD", "The line does not say how its money is held and what kind of spending it is",
    "Care Act 2014 s25(2); NHS England, options for managing the money", "say both"};
constexpr explain::Rule kCost = {"PLAN-LINE-COST", "The line needs a cost either by the week or once",
                                 "Care Act 2014 s26", "give it one cost above zero"};
constexpr explain::Rule kOutcome = {"PLAN-LINE-OUTCOME", "The line is not tied to outcomes of the plan",
                                    kPurposeSource, "name the outcomes that it is towards"};
constexpr explain::Rule kNeed = {"PLAN-LINE-NEED", "The line is not tied to needs of the plan",
                                 "Care Act 2014 s25(1)(c), s33(3); SI 2013/1617 reg 8",
                                 "name the needs that it meets"};
constexpr explain::Rule kComponent = {"PLAN-LINE-COMPONENT", "The line names no part of the budget",
                                      "Care Act 2014 s26", "name the part of the budget that pays"};
constexpr explain::Rule kExcluded = {
    "PLAN-LINE-EXCLUDED", "The money of {organisation} may not buy {category}: {row_source}",
    "spending exclusions of the care planning policy", "take the line out, or pay for it from other money"};
constexpr explain::Rule kCareHome = {"PLAN-LINE-CARE-HOME",
                                     "A council's direct payment buys at most {maximum_nights} nights in a "
                                     "care home in {window_months} months",
                                     "SI 2014/2871 reg 6",
                                     "let the council arrange the stay, or plan fewer nights"};
constexpr explain::Rule kFunder = {
    "PLAN-LINE-FUNDER", "Policy does not say what kind of body {organisation} is, so no list can be applied",
    "organisations of the policy data", "add the organisation to the policy data"};
constexpr explain::Rule kCurrent = {"PLAN-BUDGET-CURRENT", "The plan's budget is over or is another one",
                                    "Care Act 2014 s26", "revise the plan to the budget that is current"};
constexpr explain::Rule kEnds = {"PLAN-BUDGET-ENDS",
                                 "The budget's last day is {last_day_date}, and the plan would go on: money "
                                 "for an urgent need that is not "
                                 "determined or means-tested yet is for an interim plan",
                                 "Care Act 2014 ss13, 17, 19(3), 24",
                                 "revise the budget, with the determination that it then rests on"};
constexpr explain::Rule kWithin = {
    "PLAN-BUDGET-COST",
    "The lines cost {lines_weekly_pence} a week and {lines_one_off_pence} once; this part of the budget has "
    "{budget_weekly_pence} a week and {budget_one_off_pence} once",
    "Care Act 2014 s26; SI 2013/1617 reg 8", "change the lines, or revise the budget with its reasons"};

template <typename Ids, typename Known>
bool AllKnown(const Ids& ids, Known known) {
  return !ids.empty() && std::all_of(ids.begin(), ids.end(), known);
}

bool HasOutcome(const v1::Plan& plan, const std::string& id) {
  return std::any_of(plan.outcomes().begin(), plan.outcomes().end(),
                     [&](const v1::PlanOutcome& outcome) { return outcome.outcome_id() == id; });
}

bool HasNeed(const v1::Plan& plan, const std::string& id) {
  return std::any_of(plan.needs().begin(), plan.needs().end(),
                     [&](const v1::PlanNeed& need) { return need.need_id() == id; });
}

void CheckTies(const v1::Plan& plan, const v1::PlanLine& line, const BudgetFacts& budget,
               const std::string& subject, explain::Refusal& gaps) {
  if (line.management_option() == v1::MANAGEMENT_OPTION_UNSPECIFIED ||
      line.category() == v1::SPENDING_CATEGORY_UNSPECIFIED) {
    gaps.Add(kHeld, subject);
  }
  if ((line.weekly_pence() > 0) == (line.one_off_pence() > 0)) gaps.Add(kCost, subject);
  const bool towards =
      AllKnown(line.outcome_ids(), [&](const std::string& id) { return HasOutcome(plan, id); });
  if (!towards && plan.kind() != v1::Plan::KIND_INTERIM) gaps.Add(kOutcome, subject);
  if (!AllKnown(line.need_ids(), [&](const std::string& id) { return HasNeed(plan, id); }))
    gaps.Add(kNeed, subject);
  if (FindComponent(budget, line.component_id()) == nullptr) gaps.Add(kComponent, subject);
}

absl::Status CheckCareHome(const v1::PlanLine& line, const PlanPolicy& policy, absl::CivilDay day,
                           const std::string& subject, explain::Refusal& gaps) {
  const bool council =
      std::any_of(line.shares().begin(), line.shares().end(), [&](const v1::FundingShare& share) {
        return KindOf(policy, share.organisation(), day) == v1::CALLER_KIND_COUNCIL;
      });
  if (line.category() != v1::SPENDING_CATEGORY_CARE_HOME || !council ||
      line.management_option() != v1::MANAGEMENT_OPTION_DIRECT_PAYMENT) {
    return absl::OkStatus();
  }
  const v1::CareHomeLimit* limit = FindCareHomeLimit(policy, day);
  if (limit == nullptr) return errors::NoRate("limit on care-home stays", dates::Format(day));
  if (line.care_home_nights() < 1 || line.care_home_nights() > limit->maximum_nights()) {
    gaps.Add(kCareHome, subject,
             {{"maximum_nights", int64_t{limit->maximum_nights()}},
              {"window_months", int64_t{limit->window_months()}}});
  }
  return absl::OkStatus();
}

void CheckShares(const v1::PlanLine& line, const PlanPolicy& policy, absl::CivilDay day,
                 const std::string& subject, explain::Refusal& gaps) {
  for (const v1::FundingShare& share : line.shares()) {
    if (KindOf(policy, share.organisation(), day) == v1::CALLER_KIND_UNSPECIFIED) {
      gaps.Add(kFunder, subject, {{"organisation", share.organisation()}});
    }
    const v1::SpendingExclusion* row =
        FindExclusion(policy, share, line.category(), line.management_option(), day);
    if (row == nullptr) continue;
    gaps.Add(kExcluded, subject,
             {{"organisation", share.organisation()},
              {"category", CategoryWords(line.category())},
              {"row_source", row->provenance().source()}});
  }
}

absl::Status CheckBudget(const v1::Plan& plan, const BudgetFacts& budget, explain::Refusal& gaps) {
  if (!plan.budget().empty() && (!budget.current || budget.name != plan.budget()))
    gaps.Add(kCurrent, "budget");
  const bool within = !plan.expiry_date().empty() && budget.last_day &&
                      dates::Checked(plan.expiry_date()) <= *budget.last_day;
  if (budget.last_day && !within) gaps.Add(kEnds, "budget", {{"last_day_date", *budget.last_day}});
  for (const ComponentFacts& component : budget.components) {
    IPB_ASSIGN_OR_RETURN(const Cost cost, CostOfComponent(plan, component.component_id));
    if (cost.weekly_pence <= component.weekly_pence && cost.one_off_pence <= component.one_off_pence)
      continue;
    gaps.Add(kWithin, absl::StrCat("components/", component.component_id),
             {{"lines_weekly_pence", explain::Pence{cost.weekly_pence}},
              {"lines_one_off_pence", explain::Pence{cost.one_off_pence}},
              {"budget_weekly_pence", explain::Pence{component.weekly_pence}},
              {"budget_one_off_pence", explain::Pence{component.one_off_pence}}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLines(const v1::Plan& plan, const BudgetFacts& budget, const PlanPolicy& policy,
                        absl::CivilDay today, explain::Refusal& gaps) {
  const absl::CivilDay day = plan.start_date().empty() ? today : dates::Checked(plan.start_date());
  if (plan.lines().empty()) gaps.Add(kNoLines, "lines");
  for (const v1::PlanLine& line : plan.lines()) {
    const std::string subject = absl::StrCat("lines/", line.line_id());
    CheckTies(plan, line, budget, subject, gaps);
    CheckShares(line, policy, day, subject, gaps);
    IPB_RETURN_IF_ERROR(CheckCareHome(line, policy, day, subject, gaps));
  }
  return CheckBudget(plan, budget, gaps);
}

}  // namespace ipb::careplanning
