// What care planning's policy does not let the money of an agreement's line buy.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "common/policy/policy.h"
#include "ipb/v1/agreement.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments::handlers {

// The rows, national and of each funder, that bar money of the agreement's line `line_id` from buying a
// category on a day. Empty where the agreement has no such line.
std::vector<ExclusionFacts> ExclusionsOf(const policy::Policy& policy, const v1::Agreement& agreement,
                                         absl::string_view line_id, v1::SpendingCategory category,
                                         absl::CivilDay day);

}  // namespace ipb::payments::handlers
