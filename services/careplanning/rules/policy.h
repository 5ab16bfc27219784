// The policy that the rules of care planning decide by, and questions put to it.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/policy.pb.h"

namespace ipb::careplanning {

// National rows, and the local policy of each organisation that the plan concerns. Refers to documents that
// outlive it.
struct PlanPolicy {
  const v1::PolicyDocument* national = nullptr;
  std::vector<const v1::PolicyDocument*> local;
};

// The kind of an organisation on a day; unspecified where policy does not know it.
v1::CallerKind KindOf(const PlanPolicy& policy, absl::string_view organisation, absl::CivilDay day);

// An organisation's local rows; rows that are all absent where it has no local policy.
const v1::CarePlanningPolicy& LocalRows(const PlanPolicy& policy, absl::string_view organisation);

// The most days that an interim plan may last: the shortest of the national row and those of the
// organisations. None where no row covers the day.
std::optional<int> InterimMaximumDays(const PlanPolicy& policy, const std::vector<std::string>& organisations,
                                      absl::CivilDay day);

}  // namespace ipb::careplanning
