#include "services/careplanning/handlers/facts.h"

#include <set>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"

namespace ipb::careplanning::handlers {
namespace {

BudgetFacts FactsOf(const v1::Budget& budget) {
  BudgetFacts facts;
  facts.name = budget.name();
  facts.current =
      budget.state() == v1::Budget::STATE_INDICATIVE || budget.state() == v1::Budget::STATE_AGREED;
  if (!budget.effective_to_date().empty()) facts.last_day = dates::Checked(budget.effective_to_date());
  for (const v1::BudgetComponent& component : budget.components()) {
    facts.components.push_back({component.component_id(),
                                component.weekly_pence(),
                                component.one_off_pence(),
                                {component.shares().begin(), component.shares().end()}});
  }
  return facts;
}

}  // namespace

Caller By(const call::Call& call) {
  return {call.caller().organisation, call.caller().actor, call.caller().role};
}

PlanPolicy PolicyFor(const call::Call& call, const v1::Plan& plan, const BudgetFacts& budget) {
  std::set<std::string> organisations = {call.caller().organisation};
  for (const v1::PlanLine& line : plan.lines()) {
    for (const v1::FundingShare& share : line.shares()) organisations.insert(share.organisation());
  }
  for (const ComponentFacts& component : budget.components) {
    for (const v1::FundingShare& share : component.shares) organisations.insert(share.organisation());
  }
  const policy::Policy& all = *call.environment().policy;
  PlanPolicy policy;
  policy.national = &all.national();
  for (const std::string& organisation : organisations) {
    if (const v1::PolicyDocument* local = all.local(organisation)) policy.local.push_back(local);
  }
  return policy;
}

Answer<BudgetFacts> ReadBudget(const Upstreams& upstreams, call::Call& call, std::string name) {
  if (name.empty()) co_return BudgetFacts{};
  auto reading = upstreams.read_budget(call, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(const v1::Budget budget, co_await reading);
  co_return FactsOf(budget);
}

Answer<PersonFacts> ReadPerson(const Upstreams& upstreams, call::Call& call, std::string person,
                               state::v1::AccessRecord known) {
  auto reading = upstreams.read_person(call, person);
  IPB_CO_ASSIGN_OR_RETURN(const std::optional<v1::Person> found, co_await reading);
  PersonFacts facts;
  facts.name = std::move(person);
  facts.birth_date = dates::Checked(found ? found->birth_date() : known.birth_date());
  facts.deceased = found ? !found->death_date().empty() : !known.death_date().empty();
  co_return facts;
}

Answer<DraftFacts> ReadDraftFacts(const Upstreams& upstreams, call::Call& call, std::string person,
                                  state::v1::AccessRecord known, std::string budget) {
  DraftFacts facts;
  auto person_reading = ReadPerson(upstreams, call, std::move(person), std::move(known));
  IPB_CO_ASSIGN_OR_RETURN(facts.person, co_await person_reading);
  auto budget_reading = ReadBudget(upstreams, call, std::move(budget));
  IPB_CO_ASSIGN_OR_RETURN(facts.budget, co_await budget_reading);
  co_return facts;
}

v1::Explanation Explain(const call::Call& call, const explain::Trace& trace) {
  return trace.Render(call.environment().rule_set_version, call.environment().policy->version());
}

v1::Plan& Stamp(const call::Call& call, PlanDecision& decision) {
  call::SetTime(call.now(), decision.plan.mutable_recorded_time());
  *decision.plan.mutable_explanation() = Explain(call, decision.trace);
  return decision.plan;
}

}  // namespace ipb::careplanning::handlers
