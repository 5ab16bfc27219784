// What care planning's policy does not let the money of an agreement's line buy, and whom it lets it pay.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "common/policy/policy.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/plan.pb.h"
#include "ipb/v1/spending.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments::handlers {

// The rows, national and of each funder, that bar money of the agreement's line `line_id` from buying a
// category on a day. Empty where the agreement has no such line.
std::vector<ExclusionFacts> ExclusionsOf(const policy::Policy& policy, const v1::Agreement& agreement,
                                         absl::string_view line_id, v1::SpendingCategory category,
                                         absl::CivilDay day);

// The national rows by which a direct payment's line `line_id` pays somebody so related to the person only
// where a funder finds it necessary: one for each funder of the line that has such a row on the day.
std::vector<FamilyRuleFacts> FamilyRulesOf(const policy::Policy& policy, const v1::Agreement& agreement,
                                           const v1::RecordSpendingRequest& request);

// Whether a funder may find it necessary on this ground, to pay anybody of the family or household, by a row
// of the day.
bool IsGroundOf(const policy::Policy& policy, absl::string_view organisation,
                v1::NecessityFinding::Ground ground, absl::CivilDay day);

}  // namespace ipb::payments::handlers
