#include "services/payments/handlers/upstream_facts.h"

#include <algorithm>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"
#include "common/policy/policy.h"
#include "services/payments/handlers/exclusions.h"

namespace ipb::payments::handlers {
namespace {

// The most budgets of one course that are read; allocation has the same bound on changes.
constexpr size_t kMostOfCourse = 200;

// The budget that a plan draws on: the one it names, or the one that was agreed with it in that one's place.
async::Task<absl::StatusOr<v1::Budget>> ReadBudget(const Upstreams& upstreams, call::Call& call,
                                                   std::string name) {
  auto reading = upstreams.read_budget(call, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(v1::Budget budget, co_await reading);
  if (!budget.plan().empty() || budget.superseded_by().empty()) co_return budget;
  auto following = upstreams.read_budget(call, budget.superseded_by());
  co_return co_await following;
}

// The budget agreed with a plan, and those that follow from it without another plan, in order.
async::Task<absl::StatusOr<std::vector<v1::Budget>>> ReadCourse(const Upstreams& upstreams, call::Call& call,
                                                                std::string name) {
  auto beginning = ReadBudget(upstreams, call, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(v1::Budget agreed, co_await beginning);
  std::vector<v1::Budget> course = {std::move(agreed)};
  while (!course.back().superseded_by().empty() && course.size() < kMostOfCourse) {
    auto reading = upstreams.read_budget(call, course.back().superseded_by());
    absl::StatusOr<v1::Budget> next = co_await reading;
    // Stated budgets may end with the one that somebody stated.
    if (absl::IsNotFound(next.status())) break;
    IPB_CO_RETURN_IF_ERROR(next.status());
    if (next->agreed_budget() != course.front().name()) break;
    course.push_back(*std::move(next));
  }
  co_return course;
}

// The budget of the course that holds on the day; the last where none does.
const v1::Budget& On(const std::vector<v1::Budget>& course, absl::CivilDay day) {
  for (const v1::Budget& budget : course) {
    if (dates::Within(day, budget.effective_from_date(), budget.effective_to_date())) return budget;
  }
  return course.back();
}

const v1::BudgetComponent* ComponentOf(const v1::Budget& budget, absl::string_view component_id) {
  for (const v1::BudgetComponent& component : budget.components()) {
    if (component.component_id() == component_id) return &component;
  }
  return nullptr;
}

bool WasHandedOver(const v1::Budget& budget, absl::string_view component_id) {
  for (const v1::BudgetChange& change : budget.changes()) {
    for (const v1::ComponentFunding& funding : change.funding()) {
      if (funding.component_id() == component_id) return true;
    }
  }
  return false;
}

// What each line is of its component's weekly money, which may have grown since the plan: split between the
// lines that draw on it in proportion to what the plan gives them, by largest remainder.
absl::Status Grow(const v1::BudgetComponent& component, std::vector<PlanLineFacts>& lines) {
  std::vector<PlanLineFacts*> drawing;
  money::Sum planned;
  for (PlanLineFacts& line : lines) {
    if (line.component_id != component.component_id() || line.weekly_pence == 0) continue;
    drawing.push_back(&line);
    planned.Add(line.weekly_pence);
  }
  IPB_ASSIGN_OR_RETURN(const int64_t planned_pence, planned.Total());
  std::vector<money::Fraction> parts;
  for (const PlanLineFacts* line : drawing) parts.push_back({line->weekly_pence, planned_pence});
  if (parts.empty()) return absl::OkStatus();
  IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> grown, money::Split(component.weekly_pence(), parts));
  for (size_t i = 0; i < drawing.size(); ++i) drawing[i]->weekly_pence = grown[i];
  return absl::OkStatus();
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
  const v1::BudgetComponent* component = ComponentOf(budget, line.component_id());
  if (component == nullptr) return facts;
  facts.component_kind = component->kind();
  if (facts.shares.empty() || WasHandedOver(budget, line.component_id())) {
    facts.shares.assign(component->shares().begin(), component->shares().end());
  }
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

absl::StatusOr<PlanFacts> PlanFactsOf(const policy::Policy& policy, const v1::Plan& plan,
                                      const v1::Budget& budget, const std::string& agreed) {
  PlanFacts facts;
  facts.name = plan.name();
  facts.budget = agreed;
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
  if (budget.name() == agreed) return facts;
  for (const v1::BudgetComponent& component : budget.components()) {
    IPB_RETURN_IF_ERROR(Grow(component, facts.lines));
  }
  return facts;
}

// From when until when each component is funded by whom, over the whole course.
std::vector<FundedDays> FundingOf(const std::vector<v1::Budget>& course) {
  std::vector<FundedDays> funding;
  for (const v1::Budget& budget : course) {
    for (const v1::BudgetComponent& component : budget.components()) {
      FundedDays& days = funding.emplace_back();
      days.component_id = component.component_id();
      days.first = dates::Checked(budget.effective_from_date());
      if (!budget.effective_to_date().empty()) days.last = dates::Checked(budget.effective_to_date());
      days.shares.assign(component.shares().begin(), component.shares().end());
    }
  }
  return funding;
}

BudgetFacts BudgetFactsOf(const std::vector<v1::Budget>& course, const v1::Budget& budget) {
  BudgetFacts facts;
  facts.name = course.front().name();
  facts.agreed = course.back().state() == v1::Budget::STATE_AGREED;
  facts.funding = FundingOf(course);
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
                                                           std::string plan, absl::CivilDay day) {
  auto reading = upstreams.read_plan(call, std::move(plan));
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan read, co_await reading);
  auto reading_course = ReadCourse(upstreams, call, read.budget());
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::Budget> course, co_await reading_course);
  const v1::Budget& budget = On(course, day);
  PlannedMoney money;
  IPB_CO_ASSIGN_OR_RETURN(money.plan,
                          PlanFactsOf(*call.environment().policy, read, budget, course.front().name()));
  money.budget = BudgetFactsOf(course, budget);
  money.barred_from_direct_payments = read.direct_payment().bars_size() > 0;
  co_return money;
}

}  // namespace ipb::payments::handlers
