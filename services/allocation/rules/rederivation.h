// Working an agreed budget out again: prices and financial assessments that became known late take the place
// they would have had in time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/allocation/rules/derivation.h"

namespace ipb::allocation {

// Works facts.budget, which must be AGREED, out again from its course's first day: each ongoing component
// whose price has a code and which was agreed as that price makes it follows the local price list from there
// on, and the person's contribution the assessments that hold. Errors: WRONG_STATE; INVALID_ARGUMENT for a
// decision dated after today; FAILED_PRECONDITION where nothing would change; as DecideChanges.
absl::StatusOr<ChangeDecision> DecideRederivation(const BudgetFacts& facts, const Policies& policies,
                                                  absl::CivilDay today,
                                                  const std::function<std::string()>& mint);

// The names of the person's agreed budgets with a share of the organisation's that would come out otherwise,
// or cannot be worked out again at all. All budgets of the person are in `others`; `budget` is empty.
// `policies_of` gives what a course that begins with the agreed budget is worked out by.
std::vector<std::string> BudgetsToRederive(
    const BudgetFacts& person, absl::string_view organisation,
    const std::function<Policies(const v1::Budget& agreed)>& policies_of, absl::CivilDay today);

// As DecideRederivation, by an uplift of that name, which the changes of price carry: refused also where no
// price is another. The decision is the uplift's release, which was checked.
absl::StatusOr<ChangeDecision> DecideRepricing(const BudgetFacts& facts, const std::string& uplift,
                                               const Policies& policies, absl::CivilDay today,
                                               const std::function<std::string()>& mint);

}  // namespace ipb::allocation
