// Making and revising indicative budgets. Agreeing is in agreement.h, ending in ending.h.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/rules/determinations.h"
#include "services/allocation/rules/funders.h"
#include "services/allocation/rules/policies.h"

namespace ipb::allocation {

// What a decision on a budget looks at besides the request.
struct BudgetFacts {
  // The name minted for the new budget; not used by EndFunding.
  std::string name;
  // The request's decision, completed with who calls and the date.
  v1::HumanDecision decision;
  // The budget that the request names, with its explanation; empty for CreateBudget.
  v1::Budget budget;
  // All other budgets of the person.
  std::vector<v1::Budget> others;
  // All financial assessments of the person, of any council.
  std::vector<v1::FinancialAssessment> assessments;
  // The determinations that the budget will name.
  std::vector<NamedDetermination> determinations;
  // What kind of body each funder is, and what its money may not buy.
  FunderFacts funders;
  // The decider has no eyes for the means test: what is not charged for is then a council's to say.
  bool means_hidden = false;
  // The person's civil date of death; empty for the living.
  std::string death_date;
};

// The facts of a person, whose budgets are all among the others, as those of one of these.
BudgetFacts About(const v1::Budget& budget, BudgetFacts person);

// The budget that was made (or ended), the others it changes, and how the amounts were reached.
struct BudgetDecision {
  v1::Budget budget;
  std::vector<v1::Budget> changed;
  explain::Trace trace;
};

// Makes an indicative budget by the costed-plan method, with the decider's organisation's prices of its first
// day. Errors: as CostPlan; FAILED_PRECONDITION as CheckFunders and CheckDeterminations, or for a person who
// died before the first day; INVALID_ARGUMENT for a decision dated after today, or for a basis for no charge
// from a decider who may not see the means test.
absl::StatusOr<BudgetDecision> DecideCreateBudget(const BudgetFacts& facts,
                                                  const v1::CreateBudgetRequest& request,
                                                  const Policies& policies, absl::CivilDay today);

// Makes an indicative budget in the place of facts.budget, which must be INDICATIVE (superseded at once) or
// AGREED (in effect until the new one is agreed). From a decider who may not see the means test, components
// keep the basis for no charge of the one with the same identifier. Errors: as DecideCreateBudget;
// WRONG_STATE; FAILED_PRECONDITION as CheckReduction.
absl::StatusOr<BudgetDecision> DecideReviseBudget(const BudgetFacts& facts,
                                                  const v1::ReviseBudgetRequest& request,
                                                  const Policies& policies, absl::CivilDay today);

// The budget of that name among the others; null if there is none.
const v1::Budget* FindOther(const BudgetFacts& facts, absl::string_view name);

// WRONG_STATE unless the budget is in one of the states, which `allowed` spells for people.
absl::Status CheckState(const v1::Budget& budget, std::initializer_list<v1::Budget::State> states,
                        absl::string_view allowed);

// INVALID_ARGUMENT for a decision dated after today.
absl::Status CheckDecisionDate(const v1::HumanDecision& decision, absl::CivilDay today);

// Adds to `refusal` where the person died before the day on which a budget would begin.
void CheckAlive(const BudgetFacts& facts, absl::string_view first_date, explain::Refusal& refusal);

}  // namespace ipb::allocation
