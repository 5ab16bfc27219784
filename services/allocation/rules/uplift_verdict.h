// What an uplift does to the budgets of one person, before and after it is released.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_policy.pb.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/uplift.pb.h"
#include "services/allocation/rules/derivation.h"

namespace ipb::allocation {

// What the organisation pays by a budget on all bases, in pence a week. OUT_OF_RANGE where it does not fit.
absl::StatusOr<int64_t> WeeklyOf(const v1::Budget& budget, absl::string_view organisation);

// The agreed, live budgets that an uplift looks at, in their order: those that the organisation has a share
// of and that are not over by the day. Of the budgets that changes made of one agreed budget only the last is
// agreed.
std::vector<const v1::Budget*> BudgetsOn(absl::Span<const v1::Budget> budgets, absl::string_view organisation,
                                         absl::CivilDay day);

// What an uplift looks at of one person.
struct UpliftFacts {
  // All budgets of the person in `others`; `budget` is empty.
  BudgetFacts person;
  // The organisation's own policy, which has its rates.
  const v1::AllocationPolicy& own;
  // By which what follows from an agreed budget is worked out: national, and the rows of whose weeks count.
  std::function<Policies(const v1::Budget& agreed)> policies_of;
  absl::CivilDay today;
  // Gives names for new budgets.
  std::function<std::string()> mint;
};

// What becomes of one budget. `changes` is empty unless the verdict is TO_UPLIFT or, once decided to post,
// UPLIFTED now; `trace` says by which rates.
struct UpliftDecision {
  v1::UpliftVerdict verdict;
  ChangeDecision changes;
  explain::Trace trace;
};

// The verdicts on a person's budgets, in their order: each TO_UPLIFT, or STAYS with the reason, which is also
// that of a refusal by any rule.
std::vector<UpliftDecision> PreviewUplift(const v1::Uplift& uplift, const UpliftFacts& facts);

// What becomes of a budget whose verdict was TO_UPLIFT when the uplift was frozen: UPLIFTED with changes to
// write; UPLIFTED without, where they are written already; or DROPPED with the reason, where it no longer
// stands or what comes of it is not what was frozen. Repeating it changes nothing.
UpliftDecision PostUplift(const v1::Uplift& uplift, const v1::UpliftVerdict& frozen,
                          const UpliftFacts& facts);

}  // namespace ipb::allocation
