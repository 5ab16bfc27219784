#include "services/careplanning/rules/activation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

const v1::Plan* Find(const std::vector<v1::Plan>& all, absl::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const v1::Plan& plan) { return plan.name() == name; });
  return found == all.end() ? nullptr : &*found;
}

bool IsActive(const v1::Plan& plan) { return plan.state() == v1::Plan::STATE_ACTIVE; }

bool IsOfCarer(const v1::Plan& plan) { return plan.form() == v1::Plan::FORM_CARER; }

}  // namespace

const v1::PlanApproval& DecidingApproval(const v1::Plan& plan, const PlanPolicy& policy, absl::CivilDay day) {
  for (const v1::PlanApproval& approval : plan.approvals()) {
    if (KindOf(policy, approval.organisation(), day) == v1::CALLER_KIND_COUNCIL) return approval;
  }
  return *plan.approvals().rbegin();
}

absl::StatusOr<v1::AgreeBudgetRequest> AgreementFor(const v1::Plan& plan, const v1::Budget& budget,
                                                    absl::string_view organisation) {
  v1::AgreeBudgetRequest request;
  request.set_name(budget.name());
  request.set_plan(plan.name());
  for (const v1::PlanApproval& approval : plan.approvals()) {
    if (approval.organisation() == organisation) *request.mutable_decision() = approval.decision();
  }
  for (const v1::BudgetComponent& component : budget.components()) {
    v1::AgreedAmount* amount = request.add_amounts();
    amount->set_component_id(component.component_id());
    const Cost estimated = {component.weekly_pence(), component.one_off_pence()};
    Cost agreed = estimated;
    if (component.kind() != v1::COMPONENT_KIND_CONTINGENCY) {
      IPB_ASSIGN_OR_RETURN(agreed, CostOfComponent(plan, component.component_id()));
    }
    amount->set_weekly_pence(agreed.weekly_pence);
    amount->set_one_off_pence(agreed.one_off_pence);
    if (agreed == estimated) continue;
    amount->set_reasons(absl::StrCat("This is what the lines of ", plan.name(),
                                     " cost, with which the person's needs are met as every funder approved."));
  }
  return request;
}

const v1::Plan* PlanToReplace(const v1::Plan& plan, const std::vector<v1::Plan>& all) {
  const v1::Plan* revised = Find(all, plan.revises());
  // Each plan is superseded by one of a higher number, save in a damaged store; hence the bound.
  for (size_t i = 0; revised != nullptr && i < all.size(); ++i) {
    if (IsActive(*revised)) return revised;
    revised = Find(all, revised->superseded_by());
  }
  for (const v1::Plan& other : all) {
    if (IsActive(other) && other.budget() == plan.budget()) return &other;
  }
  for (const v1::Plan& other : all) {
    if (IsActive(other) && other.kind() == v1::Plan::KIND_INTERIM && IsOfCarer(other) == IsOfCarer(plan)) return &other;
  }
  return nullptr;
}

}  // namespace ipb::careplanning
