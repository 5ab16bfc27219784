// What becomes of an agreed budget without a new plan. A budget, its changes and the financial assessments
// give one course of budgets, each for its own days, whatever the order in which the changes arrive: the
// amounts agreed with the plan come first, and each change is applied to them in order of its first day.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/budget_change.pb.h"
#include "services/allocation/rules/budget.h"
#include "services/allocation/rules/policies.h"

namespace ipb::allocation {

// A budget of the course with how its amounts were reached.
struct DerivedBudget {
  v1::Budget budget;
  explain::Trace trace;
};

// The budgets that are made, in order of first day, and those of the course that they replace or shorten.
struct ChangeDecision {
  std::vector<DerivedBudget> made;
  std::vector<v1::Budget> changed;
};

// The budgets of the person that follow from one plan's agreed budget, that one first; those that hold on no
// day left out. In order of first day.
std::vector<v1::Budget> CourseOf(const BudgetFacts& facts);

// The budget of a course that holds on a day; null where it begins later or ended before.
const v1::Budget* InEffectOn(absl::Span<const v1::Budget> course, absl::CivilDay day);

// The course of facts.budget, which stands (AGREED), with more changes, at least one. From the first of them
// on every budget that comes out otherwise is made anew, under a name of `mint`; the others stay. Each new
// one holds what its funders and the person owe more, or are owed, for its days before today. What a change
// of funding makes chargeable is not charged for before the day on which it was recorded.
//
// Nothing is made where nothing comes out otherwise. Errors: NO_RATE where the local policy has no convention
// of weeks; INVALID_ARGUMENT for shares that do not sum to one; OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<ChangeDecision> DecideChanges(const BudgetFacts& facts,
                                             absl::Span<const v1::BudgetChange> changes,
                                             const Policies& policies, absl::CivilDay today,
                                             const std::function<std::string()>& mint);

// The same for the whole course, from its first day on, whatever the days of the changes.
absl::StatusOr<ChangeDecision> DecideWholeCourse(const BudgetFacts& facts,
                                                 absl::Span<const v1::BudgetChange> changes,
                                                 const Policies& policies, absl::CivilDay today,
                                                 const std::function<std::string()>& mint);

}  // namespace ipb::allocation
