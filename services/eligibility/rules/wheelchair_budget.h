// Personal wheelchair budgets: who owns the chair and who repairs it by the option taken, for which term the
// budget is, and by when it is redeemed (SI 2012/2996 reg 32A; wheelchair-service pages).
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "services/eligibility/rules/decider.h"

namespace ipb::eligibility {

// Adds to `refusal` where the grant gives a wheelchair budget that it cannot give: under another regime or
// with nothing granted, without a value, with a contribution that does not fit the option, as a direct
// payment without reasons, or for a chair that was not bought between the decision and today; and where
// anything is granted for a wheelchair within the term of an earlier budget without a clinical change. Facts
// need determination, and others under the regime WHEELCHAIR.
void CheckWheelchairBudget(const DeterminationFacts& facts, const v1::BudgetGrant& grant,
                           const v1::HumanDecision& by, absl::CivilDay today, explain::Refusal& refusal);

// Sets the last days of the term and to redeem the budget, by whether the person is an adult on the day of
// the decision, and tells them and what the option brings. Facts need person, determination and others.
// FAILED_PRECONDITION "no rate for" where policy has no term for the day.
absl::Status SetWheelchairTerm(const DeterminationFacts& facts, const v1::EligibilityPolicy& policy,
                               absl::CivilDay granted, v1::WheelchairBudget& budget, explain::Trace& trace);

}  // namespace ipb::eligibility
