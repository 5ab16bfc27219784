#include "services/allocation/rules/agreement.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/allocation/rules/adjustment.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/derivation.h"
#include "services/allocation/rules/funders.h"
#include "services/allocation/rules/nhs_share.h"
#include "services/allocation/rules/reduction.h"
#include "services/allocation/rules/shares.h"
#include "services/allocation/rules/statement.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kAsEstimated = {
    .id = "AGREED-AS-ESTIMATED",
    .sentence = "{description}: {agreed_pence}, as estimated in {indicative_budget}.",
    .source = "Care Act 2014 ss25(1)(e), 26"};
constexpr explain::Rule kOtherwise = {
    .id = "AGREED-OTHER-THAN-ESTIMATED",
    .sentence =
        "{description}: {agreed_pence} instead of the estimated {indicative_pence}, because: {reasons}",
    .source = "Care Act 2014 ss25(1)(e), 26; R (Savva) v RBKC [2010] EWCA Civ 1209"};
constexpr explain::Rule kWithPlan = {
    .id = "AGREED-WITH-PLAN",
    .sentence = "It was agreed with {plan}, signed by the person and approved by every funder.",
    .source = "Care Act 2014 s25(1)(e); R (CP) v NE Lincolnshire [2019] EWCA Civ 1614"};
constexpr explain::Rule kDepartureReasons = {
    .id = "AGREE-DEPARTURE-REASONS",
    .sentence =
        "\"{component_id}\" is {agreed_pence} instead of the estimated {indicative_pence} without reasons",
    .source = "Care Act 2014 s26; R (Savva) v RBKC [2010] EWCA Civ 1209",
    .remedy = "give the amount's `reasons` so that the person can see how the figure meets the need"};
constexpr explain::Rule kExplained = {
    .id = "AGREE-EXPLANATION-COMPLETE",
    .sentence = "The indicative budget does not show how each of its components was costed",
    .source = "R (Savva) v RBKC [2010] EWCA Civ 1209; guidance ch 11",
    .remedy = "use ReviseBudget, which costs the components anew with an explanation"};
constexpr explain::Rule kDetermined = {
    .id = "AGREE-DETERMINATION",
    .sentence =
        "The budget names no determination that shows a duty or power to fund on the basis \"{basis}\"",
    .source = "Care Act 2014 ss13, 18-20; SI 2012/2996 regs 21, 32A",
    .remedy =
        "use ReviseBudget with the `determinations` it rests on; a fast track tool is decided on receipt, "
        "and "
        "council money that cannot wait is agreed with an interim plan, which gives an `urgent_need`"};
constexpr explain::Rule kInterim = {.id = "AGREED-INTERIM",
                                    .sentence = "It is agreed with an interim plan, because: {reasons}",
                                    .source = "Care Act 2014 s19(3); National Framework, fast track"};
constexpr explain::Rule kUrgent = {
    .id = "AGREED-URGENT",
    .sentence =
        "Council money is agreed by the power to meet needs that appear urgent, before a determination and "
        "without prejudice to the one that follows.",
    .source = "Care Act 2014 s19(3)(b)"};
constexpr explain::Rule kNotChargedYet = {
    .id = "AGREED-URGENT-NOT-CHARGED",
    .sentence =
        "Nothing is charged so far, because means are not assessed yet; that is without prejudice to the "
        "financial assessment that follows.",
    .source = "Care Act 2014 ss14, 17, 19(3)(a)",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kUntil = {
    .id = "AGREED-URGENT-UNTIL",
    .sentence = "It therefore holds until {expiry_date} and no longer; a whole plan is to be agreed by then.",
    .source = "Care Act 2014 ss13, 17, 19(3), 24"};
constexpr explain::Rule kExpiry = {
    .id = "AGREE-URGENT-EXPIRY",
    .sentence = "The interim plan would expire on {expiry_date}, before the budget's first day",
    .source = "Care Act 2014 s19(3)",
    .remedy = "give an expiry on or after the first day"};
constexpr explain::Rule kMeansAssessed = {
    .id = "AGREE-MEANS-ASSESSED",
    .sentence = "Council money is in it, and no financial assessment holds on {first_day_date}",
    .source = "Care Act 2014 ss14, 17, 26(1)(b)",
    .remedy =
        "record a financial assessment, or name a `no_charge_basis` for each component with council money"};
constexpr explain::Rule kRevisedStands = {
    .id = "AGREE-REVISED-STANDS",
    .sentence =
        "{budget}, which it revises, is {state}: another budget was agreed in its place, or its funding "
        "ended",
    .source = "Care Act 2014 ss25(1)(e), 27(4)",
    .remedy = "use ReviseBudget on the budget that stands, or CreateBudget where none does"};
constexpr explain::Rule kAfterRevised = {
    .id = "AGREE-AFTER-REVISED",
    .sentence = "It would begin on {first_day_date}, before {budget} which it revises",
    .source = "Care Act 2014 s27(4)",
    .remedy = "begin on or after that budget's first day"};

int64_t AmountOf(const v1::BudgetComponent& component) {
  return component.kind() == v1::COMPONENT_KIND_ONGOING ? component.weekly_pence()
                                                        : component.one_off_pence();
}

using Amounts = std::map<std::string, const v1::AgreedAmount*>;

// The amounts by component, one to one.
absl::StatusOr<Amounts> Match(const v1::Budget& indicative, const v1::AgreeBudgetRequest& request) {
  std::vector<errors::FieldViolation> violations;
  std::map<std::string, v1::ComponentKind> kinds;
  for (const v1::BudgetComponent& component : indicative.components()) {
    kinds[component.component_id()] = component.kind();
  }
  Amounts amounts;
  for (int i = 0; i < request.amounts_size(); ++i) {
    const v1::AgreedAmount& amount = request.amounts(i);
    const std::string field = absl::StrCat("amounts[", i, "]");
    const auto kind = kinds.find(amount.component_id());
    if (kind == kinds.end()) {
      violations.push_back({field, absl::StrCat("the budget has no component ", amount.component_id())});
    } else if (!amounts.emplace(amount.component_id(), &amount).second) {
      violations.push_back({field, absl::StrCat("names ", amount.component_id(), " a second time")});
    } else if (kind->second == v1::COMPONENT_KIND_ONGOING ? amount.one_off_pence() > 0
                                                          : amount.weekly_pence() > 0) {
      violations.push_back(
          {field, "an ongoing component has a weekly amount, every other kind one that is paid once"});
    }
  }
  for (const auto& component : indicative.components()) {
    if (amounts.count(component.component_id()) > 0) continue;
    violations.push_back(
        {"amounts", absl::StrCat("leaves out ", component.component_id(), ": give 0 to drop it")});
  }
  if (!violations.empty()) return errors::InvalidFields(violations);
  return amounts;
}

// Sets the agreed amounts of the components and explains each.
absl::StatusOr<std::vector<v1::BudgetComponent>> Apply(const v1::Budget& indicative, const Amounts& amounts,
                                                       explain::Refusal& refusal, explain::Trace& trace) {
  std::vector<v1::BudgetComponent> agreed(indicative.components().begin(), indicative.components().end());
  for (v1::BudgetComponent& component : agreed) {
    const v1::AgreedAmount& amount = *amounts.at(component.component_id());
    const Pence before = {AmountOf(component)};
    component.set_weekly_pence(amount.weekly_pence());
    component.set_one_off_pence(amount.one_off_pence());
    component.set_reasons(amount.reasons());
    IPB_RETURN_IF_ERROR(SplitBetweenFunders(component));
    const Pence after = {AmountOf(component)};
    const explain::Inputs inputs = {{"component_id", component.component_id()},
                                    {"description", component.description()},
                                    {"indicative_budget", indicative.name()},
                                    {"indicative_pence", before},
                                    {"agreed_pence", after},
                                    {"reasons", amount.reasons()}};
    const bool departs = after.value != before.value;
    if (departs && absl::StripAsciiWhitespace(amount.reasons()).empty()) {
      refusal.Add(kDepartureReasons, component.component_id(), inputs);
    }
    trace.Add(departs ? kOtherwise : kAsEstimated, inputs, money::Format(after.value));
  }
  return agreed;
}

v1::Budget Begin(const BudgetFacts& facts, const v1::AgreeBudgetRequest& request) {
  v1::Budget budget;
  budget.set_name(facts.name);
  budget.set_state(v1::Budget::STATE_AGREED);
  budget.set_mode(facts.budget.mode());
  budget.set_effective_from_date(request.effective_from_date().empty() ? facts.budget.effective_from_date()
                                                                       : request.effective_from_date());
  *budget.mutable_determinations() = facts.budget.determinations();
  budget.set_plan(request.plan());
  *budget.mutable_decision() = facts.decision;
  budget.set_indicative_budget(facts.budget.name());
  budget.set_revises(facts.budget.revises());
  budget.set_nhs_equivalent_weekly_pence(facts.budget.nhs_equivalent_weekly_pence());
  if (request.has_urgent_need()) *budget.mutable_urgent_need() = request.urgent_need();
  if (request.has_reduction()) {
    *budget.mutable_reduction() = request.reduction();
  } else if (facts.budget.has_reduction()) {
    *budget.mutable_reduction() = facts.budget.reduction();
  }
  return budget;
}

// What shows that the money may be agreed: a determination for each basis and a financial assessment, or, for
// council money that cannot wait, neither yet; then it holds for the interim plan's time only.
void CheckDuty(const BudgetFacts& facts, absl::CivilDay first_day, BudgetDecision& decision,
               explain::Refusal& refusal) {
  v1::Budget& budget = decision.budget;
  const bool urgent = budget.has_urgent_need();
  bool undetermined = false;
  for (const v1::FundingBasis basis : BasesNotDetermined(budget, facts.determinations)) {
    if (urgent && basis == v1::FUNDING_BASIS_CARE_ACT) {
      undetermined = true;
      continue;
    }
    refusal.Add(kDetermined, facts.budget.name(),
                {{"basis", explain::Words(v1::FundingBasis_Name(basis), "FUNDING_BASIS_")}});
  }
  if (!urgent) {
    if (budget.charge_assessed()) return;
    refusal.Add(kMeansAssessed, facts.budget.name(), {{"first_day_date", first_day}});
    return;
  }
  const absl::CivilDay expiry = dates::Checked(budget.urgent_need().expiry_date());
  if (expiry < first_day) refusal.Add(kExpiry, "urgent_need.expiry_date", {{"expiry_date", expiry}});
  decision.trace.Add(kInterim, {{"reasons", budget.urgent_need().reasons()}});
  if (undetermined) decision.trace.Add(kUrgent);
  if (!budget.charge_assessed()) decision.trace.Add(kNotChargedYet);
  if (!undetermined && budget.charge_assessed()) return;
  budget.set_effective_to_date(budget.urgent_need().expiry_date());
  decision.trace.Add(kUntil, {{"expiry_date", expiry}});
}

void Check(const BudgetFacts& facts, absl::CivilDay today, BudgetDecision& decision,
           explain::Refusal& refusal) {
  const v1::Budget& budget = decision.budget;
  const absl::CivilDay first_day = dates::Checked(budget.effective_from_date());
  const std::vector<v1::BudgetComponent> components(budget.components().begin(), budget.components().end());
  if (!ExplainsCosting(facts.budget.explanation(), components)) refusal.Add(kExplained, facts.budget.name());
  CheckDuty(facts, first_day, decision, refusal);
  CheckAlive(facts, budget.effective_from_date(), refusal);
  CheckFunders(budget, facts.funders, facts.others, refusal);
  CheckDeterminations(budget, facts.determinations, refusal);
  const v1::Budget* revised = FindOther(facts, budget.revises());
  if (revised == nullptr) return;
  if (revised->state() != v1::Budget::STATE_AGREED) {
    refusal.Add(kRevisedStands, revised->name(),
                {{"budget", revised->name()},
                 {"state", explain::Words(v1::Budget::State_Name(revised->state()), "STATE_")}});
    return;
  }
  if (first_day < dates::Checked(revised->effective_from_date())) {
    refusal.Add(kAfterRevised, revised->name(), {{"first_day_date", first_day}, {"budget", revised->name()}});
  }
  CheckReduction(*revised, budget, budget.has_reduction() ? &budget.reduction() : nullptr, today, refusal,
                 decision.trace);
}

void Supersede(const v1::Budget& before, const v1::Budget& agreed, std::vector<v1::Budget>& changed) {
  v1::Budget& superseded = changed.emplace_back(before);
  if (before.state() == v1::Budget::STATE_AGREED) {
    const std::string last_date = dates::Format(dates::Checked(agreed.effective_from_date()) - 1);
    const bool over_before = !before.effective_to_date().empty() && before.effective_to_date() < last_date;
    if (!over_before) superseded.set_effective_to_date(last_date);
  }
  superseded.set_state(v1::Budget::STATE_SUPERSEDED);
  superseded.set_superseded_by(agreed.name());
}

// What is owed otherwise for days that have passed, where a live budget takes the place of another from one
// of them on.
absl::Status AdjustRevised(const BudgetFacts& facts, const v1::Budget& revised, absl::CivilDay today,
                           BudgetDecision& decision) {
  if (decision.budget.mode() != v1::Budget::MODE_LIVE) return absl::OkStatus();
  const std::vector<v1::Budget> before = CourseOf(About(revised, facts));
  const AdjustmentBasis basis = {.start = dates::Checked(before.front().effective_from_date()),
                                 .last = today - 1,
                                 .start_now = dates::Checked(decision.budget.effective_from_date()),
                                 .refunds_only = true};
  return Adjust(before, basis, decision.budget, decision.trace);
}

}  // namespace

const v1::Budget* AgreedBefore(const BudgetFacts& facts, const v1::AgreeBudgetRequest& request) {
  const v1::Budget* agreed = FindOther(facts, facts.budget.superseded_by());
  if (agreed == nullptr || agreed->indicative_budget() != facts.budget.name()) return nullptr;
  if (agreed->plan() != request.plan() || agreed->components_size() != request.amounts_size()) return nullptr;
  if (!request.effective_from_date().empty() &&
      request.effective_from_date() != agreed->effective_from_date()) {
    return nullptr;
  }
  for (const v1::BudgetComponent& component : agreed->components()) {
    const auto same = [&](const v1::AgreedAmount& amount) {
      return amount.component_id() == component.component_id() &&
             amount.weekly_pence() == component.weekly_pence() &&
             amount.one_off_pence() == component.one_off_pence();
    };
    if (std::none_of(request.amounts().begin(), request.amounts().end(), same)) return nullptr;
  }
  return agreed;
}

std::string WeeksDecidedBy(const v1::Budget& budget, absl::string_view decider) {
  for (const v1::FunderAmount& total : budget.funder_totals()) {
    if (total.basis() == v1::FUNDING_BASIS_CARE_ACT) return total.organisation();
  }
  return std::string(decider);
}

absl::StatusOr<BudgetDecision> DecideAgreeBudget(const BudgetFacts& facts,
                                                 const v1::AgreeBudgetRequest& request,
                                                 const Policies& policies, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(CheckState(facts.budget, {v1::Budget::STATE_INDICATIVE}, "INDICATIVE"));
  IPB_RETURN_IF_ERROR(CheckDecisionDate(facts.decision, today));
  IPB_ASSIGN_OR_RETURN(const Amounts amounts, Match(facts.budget, request));
  BudgetDecision decision;
  explain::Refusal refusal;
  decision.budget = Begin(facts, request);
  decision.trace.Add(kWithPlan, {{"plan", request.plan()}});
  IPB_ASSIGN_OR_RETURN(const std::vector<v1::BudgetComponent> agreed,
                       Apply(facts.budget, amounts, refusal, decision.trace));
  const absl::CivilDay first_day = dates::Checked(decision.budget.effective_from_date());
  IPB_ASSIGN_OR_RETURN(const v1::Costing costing, AddUp(agreed, first_day, policies.local, decision.trace));
  IPB_RETURN_IF_ERROR(StateBudget(costing, facts.assessments, policies, decision.budget, decision.trace));
  CompareWithNhs(decision.budget, facts.funders.kinds, decision.trace);
  CheckNhsShare(decision.budget, facts.funders.kinds, refusal);
  Check(facts, today, decision, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  Supersede(facts.budget, decision.budget, decision.changed);
  const v1::Budget* revised = FindOther(facts, decision.budget.revises());
  if (revised == nullptr) return decision;
  Supersede(*revised, decision.budget, decision.changed);
  IPB_RETURN_IF_ERROR(AdjustRevised(facts, *revised, today, decision));
  return decision;
}

}  // namespace ipb::allocation
