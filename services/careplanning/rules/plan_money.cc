#include "services/careplanning/rules/plan_money.h"

#include <algorithm>

#include "common/errors/status_macros.h"
#include "common/money/pence.h"

namespace ipb::careplanning {
namespace {

template <typename Matches>
absl::StatusOr<Cost> Total(const v1::Plan& plan, Matches matches) {
  money::Sum weekly, one_off;
  for (const v1::PlanLine& line : plan.lines()) {
    if (!matches(line)) continue;
    weekly.Add(line.weekly_pence());
    one_off.Add(line.one_off_pence());
  }
  Cost cost;
  IPB_ASSIGN_OR_RETURN(cost.weekly_pence, weekly.Total());
  IPB_ASSIGN_OR_RETURN(cost.one_off_pence, one_off.Total());
  return cost;
}

bool IsDirectPayment(const v1::PlanLine& line) {
  return line.management_option() == v1::MANAGEMENT_OPTION_DIRECT_PAYMENT;
}

}  // namespace

const ComponentFacts* FindComponent(const BudgetFacts& budget, absl::string_view component_id) {
  for (const ComponentFacts& component : budget.components) {
    if (component.component_id == component_id) return &component;
  }
  return nullptr;
}

const v1::PlanLine* FindLine(const v1::Plan& plan, absl::string_view line_id) {
  for (const v1::PlanLine& line : plan.lines()) {
    if (line.line_id() == line_id) return &line;
  }
  return nullptr;
}

void CopyShares(v1::Plan& plan, const BudgetFacts& budget) {
  for (v1::PlanLine& line : *plan.mutable_lines()) {
    line.clear_shares();
    const ComponentFacts* component = FindComponent(budget, line.component_id());
    if (component == nullptr) continue;
    line.mutable_shares()->Assign(component->shares.begin(), component->shares.end());
  }
}

std::vector<std::string> Funders(const v1::Plan& plan) {
  std::vector<std::string> funders;
  for (const v1::PlanLine& line : plan.lines()) {
    for (const v1::FundingShare& share : line.shares()) {
      if (share.share().numerator() == 0) continue;
      if (std::find(funders.begin(), funders.end(), share.organisation()) == funders.end()) {
        funders.push_back(share.organisation());
      }
    }
  }
  return funders;
}

bool HasMoneyOf(const v1::Plan& plan, v1::CallerKind kind, const PlanPolicy& policy, absl::CivilDay day,
                bool direct_payment_only) {
  for (const v1::PlanLine& line : plan.lines()) {
    if (direct_payment_only && !IsDirectPayment(line)) continue;
    for (const v1::FundingShare& share : line.shares()) {
      if (share.share().numerator() > 0 && KindOf(policy, share.organisation(), day) == kind) return true;
    }
  }
  return false;
}

bool Funds(const v1::PlanLine& line, absl::string_view organisation) {
  return std::any_of(line.shares().begin(), line.shares().end(), [&](const v1::FundingShare& share) {
    return share.organisation() == organisation && share.share().numerator() > 0;
  });
}

bool HasDirectPayment(const v1::Plan& plan) {
  return std::any_of(plan.lines().begin(), plan.lines().end(), IsDirectPayment);
}

absl::StatusOr<Cost> DirectPaymentCost(const v1::Plan& plan) { return Total(plan, IsDirectPayment); }

absl::StatusOr<Cost> CostOfComponent(const v1::Plan& plan, absl::string_view component_id) {
  return Total(plan, [&](const v1::PlanLine& line) { return line.component_id() == component_id; });
}

absl::StatusOr<Cost> CostOfFunder(const v1::Plan& plan, absl::string_view organisation) {
  money::Sum weekly, one_off;
  for (const v1::PlanLine& line : plan.lines()) {
    if (!Funds(line, organisation)) continue;
    std::vector<money::Fraction> parts;
    for (const v1::FundingShare& share : line.shares()) {
      parts.push_back({share.share().numerator(), share.share().denominator()});
    }
    IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> weekly_shares, money::Split(line.weekly_pence(), parts));
    IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> one_off_shares,
                         money::Split(line.one_off_pence(), parts));
    for (int i = 0; i < line.shares_size(); ++i) {
      if (line.shares(i).organisation() != organisation) continue;
      weekly.Add(weekly_shares[i]);
      one_off.Add(one_off_shares[i]);
    }
  }
  Cost cost;
  IPB_ASSIGN_OR_RETURN(cost.weekly_pence, weekly.Total());
  IPB_ASSIGN_OR_RETURN(cost.one_off_pence, one_off.Total());
  return cost;
}

}  // namespace ipb::careplanning
