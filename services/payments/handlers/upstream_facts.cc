#include "services/payments/handlers/upstream_facts.h"

#include <algorithm>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "services/payments/handlers/exclusions.h"

namespace ipb::payments::handlers {
namespace {

// The budget that a plan draws on: the one it names, or the one that was agreed with it in that one's place.
async::Task<absl::StatusOr<v1::Budget>> ReadBudget(const Upstreams& upstreams, call::Call& call,
                                                   std::string name) {
  auto reading = upstreams.read_budget(call, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(v1::Budget budget, co_await reading);
  if (!budget.plan().empty() || budget.superseded_by().empty()) co_return budget;
  auto following = upstreams.read_budget(call, budget.superseded_by());
  co_return co_await following;
}

PlanLineFacts LineFactsOf(const v1::PlanLine& line, const v1::Budget& budget) {
  PlanLineFacts facts;
  facts.line_id = line.line_id();
  facts.component_id = line.component_id();
  facts.management_option = line.management_option();
  facts.category = line.category();
  facts.weekly_pence = line.weekly_pence();
  facts.one_off_pence = line.one_off_pence();
  facts.shares.assign(line.shares().begin(), line.shares().end());
  const auto component =
      std::find_if(budget.components().begin(), budget.components().end(),
                   [&line](const auto& one) { return one.component_id() == line.component_id(); });
  if (component == budget.components().end()) return facts;
  facts.component_kind = component->kind();
  if (facts.shares.empty()) facts.shares.assign(component->shares().begin(), component->shares().end());
  return facts;
}

// The funders that found, when they approved the plan, that the line has to pay somebody of the family or
// household.
std::vector<std::string> NecessaryFor(const policy::Policy& policy, const v1::Plan& plan,
                                      const std::string& line_id) {
  std::vector<std::string> organisations;
  for (const v1::PlanApproval& approval : plan.approvals()) {
    const absl::CivilDay day = dates::Checked(approval.decision().decision_date());
    const auto& found = approval.necessities();
    const bool necessary = std::any_of(found.begin(), found.end(), [&](const v1::NecessityFinding& finding) {
      return finding.line_id() == line_id &&
             IsGroundOf(policy, approval.organisation(), finding.ground(), day);
    });
    if (necessary) organisations.push_back(approval.organisation());
  }
  return organisations;
}

PlanFacts PlanFactsOf(const policy::Policy& policy, const v1::Plan& plan, const v1::Budget& budget) {
  PlanFacts facts;
  facts.name = plan.name();
  facts.budget = budget.name();
  facts.active = plan.state() == v1::Plan::STATE_ACTIVE;
  facts.first = dates::Checked(plan.active_date().empty() ? plan.start_date() : plan.active_date());
  for (const std::string& last_date : {plan.expiry_date(), plan.last_active_date()}) {
    if (last_date.empty()) continue;
    const absl::CivilDay last = dates::Checked(last_date);
    facts.last = std::min(facts.last.value_or(last), last);
  }
  for (const v1::PlanLine& line : plan.lines()) {
    facts.lines.push_back(LineFactsOf(line, budget));
    facts.lines.back().family_necessary_organisations = NecessaryFor(policy, plan, line.line_id());
  }
  return facts;
}

BudgetFacts BudgetFactsOf(const v1::Budget& budget) {
  BudgetFacts facts;
  facts.name = budget.name();
  facts.agreed = budget.state() == v1::Budget::STATE_AGREED;
  facts.live = budget.mode() == v1::Budget::MODE_LIVE;
  facts.contribution_weekly_pence = budget.contribution_weekly_pence();
  for (const v1::BudgetComponent& component : budget.components()) {
    if (component.kind() == v1::COMPONENT_KIND_ONGOING) continue;
    facts.limits.push_back({component.component_id(), component.one_off_pence()});
  }
  return facts;
}

}  // namespace

async::Task<absl::StatusOr<PlannedMoney>> ReadPlannedMoney(const Upstreams& upstreams, call::Call& call,
                                                           std::string plan) {
  auto reading = upstreams.read_plan(call, std::move(plan));
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan read, co_await reading);
  auto reading_budget = ReadBudget(upstreams, call, read.budget());
  IPB_CO_ASSIGN_OR_RETURN(const v1::Budget budget, co_await reading_budget);
  PlannedMoney money;
  money.plan = PlanFactsOf(*call.environment().policy, read, budget);
  money.budget = BudgetFactsOf(budget);
  money.barred_from_direct_payments = read.direct_payment().bars_size() > 0;
  co_return money;
}

}  // namespace ipb::payments::handlers
