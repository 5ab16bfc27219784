// What decisions of allocation look at, and how what they decide is written.
#pragma once

#include <string>
#include <vector>

#include "common/errors/status_macros.h"
#include "services/allocation/handlers/handlers.h"
#include "services/allocation/rules/budget.h"

namespace ipb::allocation::handlers {

inline constexpr char kBudgets[] = "budgets";
inline constexpr char kFinancialAssessments[] = "financialAssessments";

// The person's budgets but the one named, and all their financial assessments; who decides and what they may
// see.
Answer<BudgetFacts> FactsOf(call::Call& call, std::string person, std::string named_budget,
                            v1::HumanDecision decision);

// Somebody in whose budgets an organisation has money, with all that is decided from; `facts.budget` is
// empty.
struct CaseloadPerson {
  call::Subject subject;
  BudgetFacts facts;
};

// Loads a person whether or not the organisation may know them still: its money is in the budget until the
// funding ends. Only budgets with a share of its own may be decided on or shown.
Answer<CaseloadPerson> LoadCaseloadPerson(call::Call& call, std::string name);

// Reads each determination; those that nobody knows of come back without one. UNAVAILABLE as Upstreams.
Answer<std::vector<NamedDetermination>> ReadDeterminations(
    const Upstreams& upstreams, call::Call& call, google::protobuf::RepeatedPtrField<std::string> names);

// What kind of body each funder of the components is on a day, and which of their shares may not buy what the
// component is for.
FunderFacts FundersOf(const call::Call& call,
                      const google::protobuf::RepeatedPtrField<v1::BudgetComponent>& components,
                      absl::string_view date);

// The national rows, and an organisation's own; empty where it has none.
Policies PoliciesOf(const call::Call& call, absl::string_view organisation);

// How a decision was reached, by the rules and policy of this process.
v1::Explanation Explain(const call::Call& call, const explain::Trace& trace);

// The index, over all people, of the budgets that stand and hold an organisation's money: those that are
// agreed and live. The key is the budget's name, the record the budget's.
std::string BudgetIndexOf(absl::string_view organisation);

// Writes a budget, and enters it in the index of each of its funders while it stands, or takes it out. Every
// budget is written by this.
void PutBudget(call::Subject& subject, v1::Budget& budget);

// A budget with its explanation, where Load was asked for both.
absl::StatusOr<v1::Budget> ExplainedBudget(const call::Subject& subject, const std::string& name);

// Writes a budget that was made, or whose end was decided, and one that it replaces or shortens; each notes
// on the budget where it stands from now on.
void PutMade(const call::Call& call, call::Subject& subject, v1::Budget& budget);
void PutReplaced(const call::Call& call, call::Subject& subject, v1::Budget& budget);

// Writes what was decided - the budget with `explanation`, and the budgets it changes - and gives the budget.
Answer<v1::Budget> CommitBudget(call::Call& call, call::Subject subject, BudgetDecision decision,
                                v1::Explanation explanation);

}  // namespace ipb::allocation::handlers
