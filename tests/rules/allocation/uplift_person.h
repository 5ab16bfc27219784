// People with agreed budgets as uplifts and caseloads look at them, without a service.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/allocation/rules/uplift_verdict.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {

// The first day of uplifts, and the day on which they are decided.
inline constexpr char kUpliftDay[] = "2025-04-07";
inline constexpr absl::CivilDay kUpliftToday(2025, 4, 10);

// An ongoing component of so much a week, split between its funders.
v1::BudgetComponent Weekly(const std::string& id, int64_t weekly_pence,
                           const std::vector<v1::FundingShare>& shares);

// The council pays all of it, or three eighths and the ICB the rest.
std::vector<v1::FundingShare> OfCouncil();
std::vector<v1::FundingShare> Joint();

// An agreed, live budget `people/a/budgets/{number}`.
v1::Budget Agreed(int number, const std::vector<v1::BudgetComponent>& components,
                  const std::string& first_date = "2024-04-08");

// A policy by which all money grows by so many thousandths, in years of 52 weeks.
v1::AllocationPolicy Growing(int64_t thousandths);

// An uplift of an organisation's money, previewed, and one that was released.
v1::Uplift UpliftBy(const std::string& organisation, const std::string& name = "april");
v1::Uplift Released(v1::Uplift uplift);

// A person, and what is decided and kept.
class Person {
 public:
  Person(std::vector<v1::Budget> budgets, v1::AllocationPolicy local)
      : local(std::move(local)), budgets_(std::move(budgets)) {}

  v1::AllocationPolicy local;
  std::string death_date;

  UpliftFacts Facts() {
    UpliftFacts facts{
        {},
        local,
        [this](const v1::Budget&) {
          return Policies{National(), local};
        },
        kUpliftToday,
        [this, next = budgets_.size()]() mutable { return absl::StrCat("people/a/budgets/", ++next); }};
    facts.person.others = budgets_;
    facts.person.death_date = death_date;
    return facts;
  }
  std::vector<v1::UpliftVerdict> Preview(const v1::Uplift& uplift) {
    std::vector<v1::UpliftVerdict> verdicts;
    for (const UpliftDecision& decision : PreviewUplift(uplift, Facts()))
      verdicts.push_back(decision.verdict);
    return verdicts;
  }
  UpliftDecision Post(const v1::Uplift& uplift, const v1::UpliftVerdict& frozen) {
    return PostUplift(Released(uplift), frozen, Facts());
  }
  // The same, kept as the handler keeps it.
  v1::UpliftVerdict PostAndKeep(const v1::Uplift& uplift, const v1::UpliftVerdict& frozen) {
    UpliftDecision decision = Post(uplift, frozen);
    Keep(decision.changes);
    return decision.verdict;
  }
  void Keep(const ChangeDecision& decision) {
    for (const v1::Budget& changed : decision.changed) {
      for (v1::Budget& budget : budgets_) {
        if (budget.name() == changed.name()) budget = changed;
      }
    }
    for (const DerivedBudget& made : decision.made) budgets_.push_back(made.budget);
  }
  const v1::Budget& Named(const std::string& name) const {
    return *std::find_if(budgets_.begin(), budgets_.end(),
                         [&](const v1::Budget& one) { return one.name() == name; });
  }
  std::vector<v1::Budget>& budgets() { return budgets_; }

 private:
  std::vector<v1::Budget> budgets_;
};

}  // namespace ipb::allocation
