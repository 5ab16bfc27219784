// What the handlers and the work of care planning do in the same way: facts for the rules, and what storing adds.
#pragma once

#include <string>

#include "ipb/v1/budget.pb.h"
#include "services/careplanning/handlers/upstreams.h"
#include "services/careplanning/rules/facts.h"
#include "services/careplanning/rules/plan_draft.h"
#include "services/careplanning/rules/policy.h"

namespace ipb::careplanning::handlers {

inline constexpr char kPlans[] = "plans";

// Who calls, as the rules see them.
Caller By(const call::Call& call);

// National rows, and the local ones of the caller, of every funder of the plan's lines and of the budget's parts.
// Valid as long as the call's environment.
PlanPolicy PolicyFor(const call::Call& call, const v1::Plan& plan, const BudgetFacts& budget = {});

// The budget of that name as the rules see it; empty facts for an empty name.
Answer<BudgetFacts> ReadBudget(const Upstreams& upstreams, call::Call& call, std::string name);

// The person without their appointments: as the people service knows them now, else as this service last heard.
Answer<PersonFacts> ReadPerson(const Upstreams& upstreams, call::Call& call, std::string person,
                               state::v1::AccessRecord known);

// What a draft rests on.
Answer<DraftFacts> ReadDraftFacts(const Upstreams& upstreams, call::Call& call, std::string person,
                                  state::v1::AccessRecord known, std::string budget);

// The contract's explanation of a decision.
v1::Explanation Explain(const call::Call& call, const explain::Trace& trace);

// Sets what storing adds to a decided plan: its explanation and when it was recorded.
v1::Plan& Stamp(const call::Call& call, PlanDecision& decision);

}  // namespace ipb::careplanning::handlers
