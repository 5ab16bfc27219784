// What money may buy: the answer differs by whose money it is, so it is given for each funder's share.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "ipb/v1/care_planning_service.pb.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

// The answer for every share, and the rules that were looked at. `response.explanation` is left to the
// caller.
struct SpendingDecision {
  v1::CheckSpendingResponse response;
  explain::Trace trace;
};

// May the plan's money buy this? INVALID_ARGUMENT for a line that the plan does not have, a care-home
// purchase without its stay, or stays that overlap or are out of order; NO_RATE without a row for the limit
// on care-home stays.
absl::StatusOr<SpendingDecision> DecideSpending(const v1::Plan& plan, const v1::CheckSpendingRequest& request,
                                                const PlanPolicy& policy);

// The row that keeps a share from buying a kind of spending on a day, national before local; null if none
// does.
const v1::SpendingExclusion* FindExclusion(const PlanPolicy& policy, const v1::FundingShare& share,
                                           v1::SpendingCategory category, v1::ManagementOption option,
                                           absl::CivilDay day);

// Whether paying whom the line pays needs a finding of necessity by a funder of this kind: a direct payment
// to a partner (council money), or to a close relative (either) or friend (NHS money) in the person's
// household.
bool NeedsNecessity(v1::CallerKind funder_kind, v1::ManagementOption option,
                    v1::PayeeRelationship relationship, bool same_household);

// Whether a funder of this kind may find necessity on this ground.
bool IsGroundOf(v1::CallerKind funder_kind, v1::NecessityFinding::Ground ground);

// The limit on care-home stays on a day, which law sets for councils' direct payments; null without a row.
const v1::CareHomeLimit* FindCareHomeLimit(const PlanPolicy& policy, absl::CivilDay day);

// "debt repayment" for SPENDING_CATEGORY_DEBT_REPAYMENT.
std::string CategoryWords(v1::SpendingCategory category);

}  // namespace ipb::careplanning
