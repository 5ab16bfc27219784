// The life of a budget as a case file tells it, step by step.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/allocation/rules/budget.h"
#include "tests/rules/allocation/allocation_case.pb.h"

namespace ipb::allocation {

// What the rules decide of the last step of a case of a budget, on `day` where the step names no other. A
// step before it that is refused fails the test.
absl::StatusOr<BudgetDecision> LastDecision(const cases::v1::AllocationCase& given, absl::CivilDay day);

}  // namespace ipb::allocation
