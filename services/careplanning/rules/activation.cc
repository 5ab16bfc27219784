#include "services/careplanning/rules/activation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

constexpr explain::Rule kActive = {"PLAN-ACTIVE",
                                   "The budget is agreed, so the plan is in effect from {active_date}",
                                   "Care Act 2014 s24(1), s26; SI 2013/1617 reg 8"};
constexpr explain::Rule kReplaces = {
    "PLAN-REPLACES", "It replaces {plan}, which is in effect to the day before, {last_active_date}",
    "Care Act 2014 s27(4)"};
constexpr explain::Rule kSuperseded = {"PLAN-SUPERSEDED",
                                       "{plan} has replaced it; it was in effect to {last_active_date}",
                                       "Care Act 2014 s27(4)"};

const v1::Plan* Find(const std::vector<v1::Plan>& all, absl::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const v1::Plan& plan) { return plan.name() == name; });
  return found == all.end() ? nullptr : &*found;
}

bool IsActive(const v1::Plan& plan) { return plan.state() == v1::Plan::STATE_ACTIVE; }

// ACTIVE, and no plan is to replace it yet.
bool GoesOn(const v1::Plan& plan) { return IsActive(plan) && plan.superseded_by().empty(); }

bool IsOfCarer(const v1::Plan& plan) { return plan.form() == v1::Plan::FORM_CARER; }

// The first day by the plan itself: a direct payment is not in effect before the person agreed to it.
absl::CivilDay OwnFirstDay(const v1::Plan& plan) {
  absl::CivilDay first_day = dates::Checked(plan.start_date());
  if (!HasDirectPayment(plan)) return first_day;
  for (const v1::PlanSignature& signature : plan.signatures()) {
    first_day = std::max(first_day, dates::Checked(signature.signature_date()));
  }
  return first_day;
}

// The plan that another replaces, and, until that has begun itself, the one that it replaces in turn.
std::vector<const v1::Plan*> WithItsPredecessors(const v1::Plan& replaced, const std::vector<v1::Plan>& all) {
  std::vector<const v1::Plan*> plans = {&replaced};
  for (const v1::Plan& other : all) {
    if (IsActive(other) && other.superseded_by() == replaced.name()) plans.push_back(&other);
  }
  return plans;
}

// An interim plan that ends by itself before that day.
bool ExpiresBefore(const v1::Plan& plan, absl::CivilDay day) {
  return !plan.expiry_date().empty() && dates::Checked(plan.expiry_date()) < day - 1;
}

bool EndsEarlier(const v1::Plan& plan, absl::CivilDay day) {
  return !plan.last_active_date().empty() && dates::Checked(plan.last_active_date()) < day;
}

// The plan with its last day the one before another's first.
v1::Plan CutShort(const v1::Plan& plan, absl::CivilDay first_day_of_other, absl::CivilDay today) {
  v1::Plan cut = plan;
  cut.set_last_active_date(dates::Format(first_day_of_other - 1));
  // A plan that is not to begin at all is over at once.
  const bool never = dates::Checked(plan.active_date()) >= first_day_of_other;
  if (never || first_day_of_other <= today) cut.set_state(v1::Plan::STATE_SUPERSEDED);
  return cut;
}

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
  request.set_effective_from_date(dates::Format(OwnFirstDay(plan)));
  for (const v1::PlanApproval& approval : plan.approvals()) {
    if (approval.organisation() == organisation) *request.mutable_decision() = approval.decision();
  }
  if (plan.kind() == v1::Plan::KIND_INTERIM) {
    request.mutable_urgent_need()->set_reasons(plan.urgency_reasons());
    request.mutable_urgent_need()->set_expiry_date(plan.expiry_date());
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
    amount->set_reasons(
        absl::StrCat("This is what the lines of ", plan.name(),
                     " cost, with which the person's needs are met as every funder approved."));
  }
  return request;
}

const v1::Plan* PlanToReplace(const v1::Plan& plan, const std::vector<v1::Plan>& all) {
  const v1::Plan* last = nullptr;
  const v1::Plan* revised = Find(all, plan.revises());
  // Each plan is superseded by one of a higher number, save in a damaged store; hence the bound.
  for (size_t i = 0; revised != nullptr && i < all.size(); ++i) {
    if (IsActive(*revised)) last = revised;
    revised = Find(all, revised->superseded_by());
  }
  if (last != nullptr) return last;
  for (const v1::Plan& other : all) {
    if (GoesOn(other) && other.budget() == plan.budget()) return &other;
  }
  for (const v1::Plan& other : all) {
    if (GoesOn(other) && other.kind() == v1::Plan::KIND_INTERIM && IsOfCarer(other) == IsOfCarer(plan))
      return &other;
  }
  return nullptr;
}

absl::StatusOr<Activation> DecideActivate(const v1::Plan& plan, const std::vector<v1::Plan>& all,
                                          absl::CivilDay today) {
  if (plan.state() != v1::Plan::STATE_APPROVED) {
    return errors::WrongState(plan.name(), v1::Plan::State_Name(plan.state()), "STATE_APPROVED");
  }
  const v1::Plan* replaced = PlanToReplace(plan, all);
  std::vector<const v1::Plan*> before;
  if (replaced != nullptr) before = WithItsPredecessors(*replaced, all);
  absl::CivilDay first_day = OwnFirstDay(plan);
  for (const v1::Plan* one : before) {
    const absl::CivilDay began = dates::Checked(one->active_date());
    if (began <= today) first_day = std::max(first_day, began);
  }
  Activation activation;
  activation.plan = plan;
  activation.plan.set_state(v1::Plan::STATE_ACTIVE);
  activation.plan.set_active_date(dates::Format(first_day));
  activation.plan.clear_activation_failures();
  activation.trace.Add(kActive, {{"active_date", first_day}});
  if (replaced == nullptr || ExpiresBefore(*replaced, first_day)) return activation;
  activation.trace.Add(kReplaces, {{"plan", replaced->name()}, {"last_active_date", first_day - 1}});
  for (const v1::Plan* one : before) {
    if (EndsEarlier(*one, first_day)) continue;
    activation.changed.push_back(CutShort(*one, first_day, today));
    if (one == replaced) activation.changed.back().set_superseded_by(plan.name());
  }
  return activation;
}

absl::StatusOr<PlanDecision> DecideSupersede(const v1::Plan& plan, absl::CivilDay today) {
  const bool due =
      IsActive(plan) && !plan.last_active_date().empty() && today > dates::Checked(plan.last_active_date());
  if (!due) {
    return errors::WrongState(plan.name(), v1::Plan::State_Name(plan.state()),
                              "STATE_ACTIVE, past the last day before another plan");
  }
  PlanDecision decision;
  decision.plan = plan;
  decision.plan.set_state(v1::Plan::STATE_SUPERSEDED);
  decision.trace.Add(kSuperseded, {{"plan", plan.superseded_by()},
                                   {"last_active_date", dates::Checked(plan.last_active_date())}});
  return decision;
}

}  // namespace ipb::careplanning
