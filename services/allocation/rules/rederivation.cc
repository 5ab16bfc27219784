#include "services/allocation/rules/rederivation.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/funders.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kNothing = {
    .id = "REDERIVE-NOTHING",
    .sentence = "By the prices and financial assessments that are known now {budget} comes out as it is",
    .source = "Care Act 2014 ss17, 26-27",
    .remedy = "nothing: it is right as it stands"};

using Prices = std::map<absl::CivilDay, int64_t>;

// The prices of the component's unit by the day from which they hold, from `start` on.
Prices ListOf(const v1::BudgetComponent& component, absl::CivilDay start, const v1::AllocationPolicy& local) {
  Prices prices;
  for (const v1::UnitRate& row : local.unit_rates()) {
    if (row.code() != component.unit_rate() || row.unit() != component.unit()) continue;
    const std::string& last_date = row.provenance().effective_to_date();
    if (!last_date.empty() && dates::Checked(last_date) < start) continue;
    prices[std::max(dates::Checked(row.provenance().effective_from_date()), start)] = row.unit_pence();
  }
  return prices;
}

// Whether the component follows the price list: it names a code and was agreed as its price makes it.
bool Follows(const v1::BudgetComponent& component) {
  if (component.kind() != v1::COMPONENT_KIND_ONGOING || component.unit_rate().empty()) return false;
  const absl::StatusOr<int64_t> amount = AmountAt(component, component.unit_rate_pence());
  return amount.ok() && *amount == component.weekly_pence();
}

// The prices that changes set for the component, by their days.
Prices SetFor(const v1::Budget& budget, absl::string_view component_id) {
  Prices prices;
  for (const v1::BudgetChange& change : budget.changes()) {
    for (const v1::ComponentPrice& one : change.prices()) {
      if (one.component_id() != component_id) continue;
      prices[dates::Checked(change.effective_from_date())] = one.unit_rate_pence();
    }
  }
  return prices;
}

// The prices that have to be set so that a course of prices, which begins with `agreed_pence`, is as listed.
Prices Missing(int64_t agreed_pence, const Prices& listed, const Prices& set) {
  std::set<absl::CivilDay> days;
  for (const auto& [day, pence] : listed) days.insert(day);
  for (const auto& [day, pence] : set) days.insert(day);
  Prices missing;
  int64_t has = agreed_pence, should = agreed_pence;
  for (const absl::CivilDay day : days) {
    if (const auto at = set.find(day); at != set.end()) has = at->second;
    if (const auto at = listed.find(day); at != listed.end()) should = at->second;
    if (has == should) continue;
    missing[day] = has = should;
  }
  return missing;
}

// One change a day with the prices that differ from what the course has.
std::vector<v1::BudgetChange> PriceChanges(const BudgetFacts& facts, const v1::Budget& agreed,
                                           const v1::AllocationPolicy& local, absl::CivilDay today) {
  const absl::CivilDay start = dates::Checked(agreed.effective_from_date());
  std::map<absl::CivilDay, v1::BudgetChange> changes;
  for (const v1::BudgetComponent& component : agreed.components()) {
    if (!Follows(component)) continue;
    const Prices missing = Missing(component.unit_rate_pence(), ListOf(component, start, local),
                                   SetFor(facts.budget, component.component_id()));
    for (const auto& [day, pence] : missing) {
      v1::ComponentPrice& price = *changes[day].add_prices();
      price.set_component_id(component.component_id());
      price.set_unit_rate_pence(pence);
    }
  }
  std::vector<v1::BudgetChange> ordered;
  for (auto& [day, change] : changes) {
    change.set_effective_from_date(dates::Format(day));
    *change.mutable_decision() = facts.decision;
    change.set_recorded_date(dates::Format(today));
    ordered.push_back(std::move(change));
  }
  return ordered;
}

absl::Status Nothing(const BudgetFacts& facts) {
  explain::Refusal refusal;
  refusal.Add(kNothing, facts.budget.name(), {{"budget", facts.budget.name()}});
  return refusal.ToStatus();
}

absl::StatusOr<ChangeDecision> DecideCourse(const BudgetFacts& facts,
                                            const std::vector<v1::BudgetChange>& changes,
                                            const Policies& policies, absl::CivilDay today,
                                            const std::function<std::string()>& mint) {
  IPB_ASSIGN_OR_RETURN(ChangeDecision decision, DecideWholeCourse(facts, changes, policies, today, mint));
  if (decision.made.empty()) return Nothing(facts);
  return decision;
}

}  // namespace

absl::StatusOr<ChangeDecision> DecideRederivation(const BudgetFacts& facts, const Policies& policies,
                                                  absl::CivilDay today,
                                                  const std::function<std::string()>& mint) {
  IPB_RETURN_IF_ERROR(CheckState(facts.budget, {v1::Budget::STATE_AGREED}, "AGREED"));
  IPB_RETURN_IF_ERROR(CheckDecisionDate(facts.decision, today));
  const std::vector<v1::Budget> course = CourseOf(facts);
  return DecideCourse(facts, PriceChanges(facts, course.front(), policies.local, today), policies, today,
                      mint);
}

std::vector<std::string> BudgetsToRederive(
    const BudgetFacts& person, absl::string_view organisation,
    const std::function<Policies(const v1::Budget& agreed)>& policies_of, absl::CivilDay today) {
  std::vector<std::string> names;
  for (const v1::Budget& budget : person.others) {
    if (budget.state() != v1::Budget::STATE_AGREED || !Funds(budget, organisation)) continue;
    const BudgetFacts facts = About(budget, person);
    const v1::Budget agreed = CourseOf(facts).front();
    const Policies policies = policies_of(agreed);
    int made = 0;
    const auto mint = [&] { return absl::StrCat(budget.name(), "-", ++made); };
    const absl::StatusOr<ChangeDecision> decision =
        DecideWholeCourse(facts, PriceChanges(facts, agreed, policies.local, today), policies, today, mint);
    if (!decision.ok() || !decision->made.empty()) names.push_back(budget.name());
  }
  return names;
}

absl::StatusOr<ChangeDecision> DecideRepricing(const BudgetFacts& facts, const std::string& uplift,
                                               const Policies& policies, absl::CivilDay today,
                                               const std::function<std::string()>& mint) {
  const std::vector<v1::Budget> course = CourseOf(facts);
  std::vector<v1::BudgetChange> changes = PriceChanges(facts, course.front(), policies.local, today);
  if (changes.empty()) return Nothing(facts);
  for (v1::BudgetChange& change : changes) change.set_uplift(uplift);
  return DecideCourse(facts, changes, policies, today, mint);
}

}  // namespace ipb::allocation
