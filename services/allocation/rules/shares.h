// Who funds which exact part: shares that sum to one, and pence that tie (NHS Act 2006 s75; Care Act 2014
// s26(3)).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/errors/errors.h"
#include "ipb/v1/budget.pb.h"

namespace ipb::allocation {

// Adds to `violations` what is wrong with a component's shares: a sum other than one, a bad fraction, the
// same organisation and basis twice. `field` is the component's path in the request.
void CheckShares(const v1::BudgetComponent& component, const std::string& field,
                 std::vector<errors::FieldViolation>& violations);

// Sets `funder_amounts` of a component from its amounts by largest remainder: they sum to the amounts
// exactly. INVALID_ARGUMENT for shares that do not sum to one.
absl::Status SplitBetweenFunders(v1::BudgetComponent& component);

// What each organisation pays on each basis over all components, in the order in which they first appear.
// OUT_OF_RANGE where a sum does not fit.
absl::StatusOr<std::vector<v1::FunderAmount>> FunderTotals(absl::Span<const v1::BudgetComponent> components);

}  // namespace ipb::allocation
