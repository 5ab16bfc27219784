// Which components employments can be in, and which component pays each wage.
#pragma once

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/errors/errors.h"
#include "ipb/v1/budget.pb.h"

namespace ipb::allocation {

// Whether an ongoing component is the on-costs of employments, instead of units at a price.
bool PaysOnCosts(const v1::BudgetComponent& component);

// The ongoing component by the hour that pays a wage; null if there is none of that name.
const v1::BudgetComponent* PayingWage(absl::Span<const v1::BudgetComponent> components,
                                      const std::string& component_id);

// Adds to `violations` what does not go together in a component with employments, or without. `field` is the
// component's path in the request.
void CheckEmployments(const v1::BudgetComponent& component, const std::string& field,
                      std::vector<errors::FieldViolation>& violations);

// Adds to `violations` each employment whose wage no ongoing component by the hour pays, and each whose
// minutes are more than its component pays for beside those before it: of all ongoing components together,
// and of each contingency alone, which lists the same people again.
void CheckWages(absl::Span<const v1::BudgetComponent> components,
                std::vector<errors::FieldViolation>& violations);

}  // namespace ipb::allocation
