// A complete integrated plan, its budget and the policy that ships, for the rules' tests to start from.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning {

inline constexpr char kCouncil[] = "E10000019";
inline constexpr char kIcb[] = "QZZ";
inline const absl::CivilDay kToday(2026, 5, 1);

// The national rows with both organisations, and the local policy of each, as they ship.
const PlanPolicy& ShippedPolicy();

// Two parts: care paid by the council with a third from the ICB, and equipment paid by the ICB.
BudgetFacts JointBudget();

// A draft that lacks nothing: 30,000 pence a week of personal assistant as a direct payment, 90,000 pence of
// equipment.
v1::Plan CompletePlan();

// The same plan with only the council's, or only the ICB's, money.
BudgetFacts BudgetOf(const std::string& organisation, v1::FundingBasis basis);

// A short plan that lacks nothing.
v1::Plan InterimPlan();

// An adult with capacity and no representatives.
PersonFacts Adult();

Caller Author();
Caller CouncilManager();
Caller IcbLead();

// The identifiers of the rules in a refusal's details, in order; for another error its message.
std::vector<std::string> RulesOf(const absl::Status& status);

}  // namespace ipb::careplanning
