#include "services/allocation/rules/budget.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/funders.h"
#include "services/allocation/rules/nhs_share.h"
#include "services/allocation/rules/reduction.h"
#include "services/allocation/rules/statement.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kIndicative = {
    .id = "BUDGET-INDICATIVE",
    .sentence =
        "This is an early estimate from {first_day_date}; the amount agreed with the plan may be higher or "
        "lower, and must meet the assessed needs.",
    .source = "Care Act 2014 ss25-26; guidance ch 11; R (Savva) v RBKC [2010] EWCA Civ 1209"};
constexpr explain::Rule kRestsOn = {.id = "BUDGET-DETERMINATIONS",
                                    .sentence = "It rests on: {determinations}.",
                                    .source = "Care Act 2014 ss13, 18-20; SI 2012/2996 regs 21, 32A"};
constexpr explain::Rule kShadow = {
    .id = "BUDGET-SHADOW",
    .sentence = "It is worked out beside the real arrangement: no money is paid by it.",
    .source = "the funders' local policy"};
constexpr explain::Rule kAlive = {.id = "BUDGET-PERSON-ALIVE",
                                  .sentence = "The person died on {death_date}, before its first day",
                                  .source = "Care Act 2014 ss18, 26",
                                  .remedy = "nothing: no budget begins after death"};

// The components of a request, with what the decider may not see or say of the means test taken from the
// budget revised.
absl::StatusOr<std::vector<v1::BudgetComponent>> Asked(
    const BudgetFacts& facts, const google::protobuf::RepeatedPtrField<v1::BudgetComponent>& components) {
  std::vector<v1::BudgetComponent> asked(components.begin(), components.end());
  if (!facts.means_hidden) return asked;
  std::vector<errors::FieldViolation> violations;
  for (size_t i = 0; i < asked.size(); ++i) {
    const bool says = asked[i].no_charge_basis() != v1::NO_CHARGE_BASIS_UNSPECIFIED ||
                      !asked[i].no_charge_from_date().empty() || asked[i].adaptation_pence() > 0;
    if (says) {
      violations.push_back({absl::StrCat("components[", i, "].no_charge_basis"), "is for a council to say"});
    }
    for (const v1::BudgetComponent& before : facts.budget.components()) {
      if (before.component_id() != asked[i].component_id()) continue;
      asked[i].set_no_charge_basis(before.no_charge_basis());
      asked[i].set_no_charge_from_date(before.no_charge_from_date());
      asked[i].set_adaptation_pence(before.adaptation_pence());
    }
  }
  if (!violations.empty()) return errors::InvalidFields(violations);
  return asked;
}

// The parts that create and revise have in common: cost, state, check.
absl::Status Fill(const BudgetFacts& facts, absl::Span<const v1::BudgetComponent> components,
                  const Policies& policies, BudgetDecision& decision, explain::Refusal& refusal) {
  v1::Budget& budget = decision.budget;
  const absl::CivilDay first_day = dates::Checked(budget.effective_from_date());
  budget.set_name(facts.name);
  budget.set_state(v1::Budget::STATE_INDICATIVE);
  *budget.mutable_decision() = facts.decision;
  decision.trace.Add(kIndicative, {{"first_day_date", first_day}});
  if (budget.mode() == v1::Budget::MODE_SHADOW) decision.trace.Add(kShadow);
  if (budget.determinations_size() > 0) {
    decision.trace.Add(kRestsOn, {{"determinations", absl::StrJoin(budget.determinations(), ", ")}});
  }
  IPB_ASSIGN_OR_RETURN(const v1::Costing costing,
                       CostPlan(components, first_day, policies, refusal, decision.trace));
  IPB_RETURN_IF_ERROR(StateBudget(costing, facts.assessments, policies, budget, decision.trace));
  CompareWithNhs(budget, facts.funders.kinds, decision.trace);
  CheckAlive(facts, budget.effective_from_date(), refusal);
  CheckFunders(budget, facts.funders, facts.others, refusal);
  CheckDeterminations(budget, facts.determinations, refusal);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BudgetDecision> DecideCreateBudget(const BudgetFacts& facts,
                                                  const v1::CreateBudgetRequest& request,
                                                  const Policies& policies, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(CheckDecisionDate(facts.decision, today));
  BudgetDecision decision;
  decision.budget.set_mode(request.mode());
  decision.budget.set_effective_from_date(request.effective_from_date());
  *decision.budget.mutable_determinations() = request.determinations();
  decision.budget.set_nhs_equivalent_weekly_pence(request.nhs_equivalent_weekly_pence());
  IPB_ASSIGN_OR_RETURN(const std::vector<v1::BudgetComponent> components, Asked(facts, request.components()));
  explain::Refusal refusal;
  IPB_RETURN_IF_ERROR(Fill(facts, components, policies, decision, refusal));
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  return decision;
}

absl::StatusOr<BudgetDecision> DecideReviseBudget(const BudgetFacts& facts,
                                                  const v1::ReviseBudgetRequest& request,
                                                  const Policies& policies, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(CheckState(facts.budget, {v1::Budget::STATE_INDICATIVE, v1::Budget::STATE_AGREED},
                                 "INDICATIVE or AGREED"));
  IPB_RETURN_IF_ERROR(CheckDecisionDate(facts.decision, today));
  const bool agreed = facts.budget.state() == v1::Budget::STATE_AGREED;
  BudgetDecision decision;
  v1::Budget& budget = decision.budget;
  budget.set_mode(facts.budget.mode());
  budget.set_effective_from_date(request.effective_from_date());
  *budget.mutable_determinations() =
      request.determinations().empty() ? facts.budget.determinations() : request.determinations();
  budget.set_nhs_equivalent_weekly_pence(request.nhs_equivalent_weekly_pence() > 0
                                             ? request.nhs_equivalent_weekly_pence()
                                             : facts.budget.nhs_equivalent_weekly_pence());
  budget.set_revises(agreed ? facts.budget.name() : facts.budget.revises());
  if (request.has_reduction()) *budget.mutable_reduction() = request.reduction();
  IPB_ASSIGN_OR_RETURN(const std::vector<v1::BudgetComponent> components, Asked(facts, request.components()));
  explain::Refusal refusal;
  IPB_RETURN_IF_ERROR(Fill(facts, components, policies, decision, refusal));
  const v1::Budget* revised = agreed ? &facts.budget : FindOther(facts, budget.revises());
  if (revised != nullptr) {
    CheckReduction(*revised, budget, request.has_reduction() ? &request.reduction() : nullptr, today, refusal,
                   decision.trace);
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  if (!agreed) {
    v1::Budget& before = decision.changed.emplace_back(facts.budget);
    before.set_state(v1::Budget::STATE_SUPERSEDED);
    before.set_superseded_by(budget.name());
  }
  return decision;
}

BudgetFacts About(const v1::Budget& budget, BudgetFacts person) {
  person.budget = budget;
  std::erase_if(person.others, [&](const v1::Budget& other) { return other.name() == budget.name(); });
  return person;
}

const v1::Budget* FindOther(const BudgetFacts& facts, absl::string_view name) {
  if (name.empty()) return nullptr;
  const auto found = std::find_if(facts.others.begin(), facts.others.end(),
                                  [&](const v1::Budget& other) { return name == other.name(); });
  return found == facts.others.end() ? nullptr : &*found;
}

absl::Status CheckState(const v1::Budget& budget, std::initializer_list<v1::Budget::State> states,
                        absl::string_view allowed) {
  if (std::find(states.begin(), states.end(), budget.state()) != states.end()) return absl::OkStatus();
  const absl::string_view state = v1::Budget::State_Name(budget.state());
  return errors::WrongState(budget.name(), state.substr(sizeof("STATE_") - 1), allowed);
}

absl::Status CheckDecisionDate(const v1::HumanDecision& decision, absl::CivilDay today) {
  if (dates::Checked(decision.decision_date()) <= today) return absl::OkStatus();
  return errors::InvalidField("decision.decision_date", "is in the future");
}

void CheckAlive(const BudgetFacts& facts, absl::string_view first_date, explain::Refusal& refusal) {
  if (facts.death_date.empty()) return;
  const absl::CivilDay death = dates::Checked(facts.death_date);
  if (death < dates::Checked(first_date)) refusal.Add(kAlive, facts.name, {{"death_date", death}});
}

}  // namespace ipb::allocation
