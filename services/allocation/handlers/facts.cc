#include "services/allocation/handlers/facts.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/policy/policy.h"

namespace ipb::allocation::handlers {
namespace {

void NoteState(const call::Call& call, v1::Budget& budget) {
  v1::Budget::StateChange& change = *budget.add_state_changes();
  change.set_state(budget.state());
  change.set_effective_to_date(budget.effective_to_date());
  change.set_superseded_by(budget.superseded_by());
  call::SetTime(call.now(), change.mutable_recorded_time());
}

bool SeesMeans(const call::Caller& caller) {
  return caller.kind == v1::CALLER_KIND_COUNCIL || caller.kind == v1::CALLER_KIND_SERVICE;
}

}  // namespace

Answer<BudgetFacts> FactsOf(call::Call& call, std::string person, std::string named_budget,
                            v1::HumanDecision decision) {
  BudgetFacts facts;
  facts.decision = call.DecidedBy(std::move(decision));
  facts.means_hidden = !SeesMeans(call.caller());
  auto listing_budgets = call.AllOf<v1::Budget>(person, kBudgets);
  IPB_CO_ASSIGN_OR_RETURN(facts.others, co_await listing_budgets);
  const auto named = std::find_if(facts.others.begin(), facts.others.end(),
                                  [&](const v1::Budget& budget) { return budget.name() == named_budget; });
  if (named != facts.others.end()) {
    facts.budget = std::move(*named);
    facts.others.erase(named);
  }
  auto listing_assessments = call.AllOf<v1::FinancialAssessment>(person, kFinancialAssessments);
  IPB_CO_ASSIGN_OR_RETURN(facts.assessments, co_await listing_assessments);
  co_return facts;
}

Answer<CaseloadPerson> LoadCaseloadPerson(call::Call& call, std::string name) {
  auto loading = call.LoadUnguarded(name);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto gathering = FactsOf(call, name, "", v1::HumanDecision());
  IPB_CO_ASSIGN_OR_RETURN(BudgetFacts facts, co_await gathering);
  facts.death_date = subject.access().death_date();
  CaseloadPerson person{std::move(subject), std::move(facts)};
  co_return person;
}

Answer<std::vector<NamedDetermination>> ReadDeterminations(
    const Upstreams& upstreams, call::Call& call, google::protobuf::RepeatedPtrField<std::string> names) {
  std::vector<NamedDetermination> read;
  for (const std::string& name : names) {
    auto reading = upstreams.read_determination(call, name);
    absl::StatusOr<v1::Determination> determination = co_await reading;
    if (absl::IsNotFound(determination.status())) {
      read.push_back({name, std::nullopt});
      continue;
    }
    IPB_CO_RETURN_IF_ERROR(determination.status());
    read.push_back({name, *std::move(determination)});
  }
  co_return read;
}

FunderFacts FundersOf(const call::Call& call,
                      const google::protobuf::RepeatedPtrField<v1::BudgetComponent>& components,
                      absl::string_view date) {
  const policy::Policy& policy = *call.environment().policy;
  const absl::CivilDay day = dates::Checked(date);
  FunderFacts funders;
  for (const v1::BudgetComponent& component : components) {
    for (const v1::FundingShare& share : component.shares()) {
      funders.kinds[share.organisation()] = policy.KindOf(share.organisation(), day);
      // How money is held is only known with the plan.
      const v1::SpendingExclusion* row =
          policy.FindExclusion(share, component.category(), v1::MANAGEMENT_OPTION_UNSPECIFIED, day);
      if (row == nullptr) continue;
      funders.excluded.push_back(
          {component.component_id(), share.organisation(), share.basis(), row->provenance().source()});
    }
  }
  return funders;
}

Policies PoliciesOf(const call::Call& call, absl::string_view organisation) {
  const v1::PolicyDocument* local = call.environment().policy->local(organisation);
  return {call.environment().policy->national().allocation(),
          local == nullptr ? v1::AllocationPolicy::default_instance() : local->allocation()};
}

v1::Explanation Explain(const call::Call& call, const explain::Trace& trace) {
  return trace.Render(call.environment().rule_set_version, call.environment().policy->version());
}

std::string BudgetIndexOf(absl::string_view organisation) {
  return absl::StrCat(kBudgets, "/", organisation);
}

void PutBudget(call::Subject& subject, v1::Budget& budget) {
  subject.Put(budget);
  const bool stands = budget.state() == v1::Budget::STATE_AGREED && budget.mode() == v1::Budget::MODE_LIVE;
  std::set<std::string> funders;
  for (const v1::BudgetComponent& component : budget.components()) {
    for (const v1::FundingShare& share : component.shares()) funders.insert(share.organisation());
  }
  const std::string record = call::RecordOf(budget.name());
  for (const std::string& funder : funders) {
    if (stands) {
      subject.AddIndex(BudgetIndexOf(funder), budget.name(), record);
    } else {
      subject.RemoveIndex(BudgetIndexOf(funder), budget.name(), record);
    }
  }
}

absl::StatusOr<v1::Budget> ExplainedBudget(const call::Subject& subject, const std::string& name) {
  IPB_ASSIGN_OR_RETURN(v1::Budget budget, subject.Get<v1::Budget>(name));
  auto explanation = subject.FindRecord<v1::Explanation>(call::ExplanationRecordOf(name));
  if (explanation) *budget.mutable_explanation() = *std::move(explanation);
  return budget;
}

void PutMade(const call::Call& call, call::Subject& subject, v1::Budget& budget) {
  if (!budget.has_recorded_time()) call::SetTime(call.now(), budget.mutable_recorded_time());
  NoteState(call, budget);
  PutBudget(subject, budget);
}

void PutReplaced(const call::Call& call, call::Subject& subject, v1::Budget& budget) {
  // Its explanation is kept apart and stays.
  budget.clear_explanation();
  NoteState(call, budget);
  PutBudget(subject, budget);
}

Answer<v1::Budget> CommitBudget(call::Call& call, call::Subject subject, BudgetDecision decision,
                                v1::Explanation explanation) {
  v1::Budget& budget = decision.budget;
  *budget.mutable_explanation() = std::move(explanation);
  PutMade(call, subject, budget);
  for (v1::Budget& changed : decision.changed) PutReplaced(call, subject, changed);
  auto committing = call.Commit(std::move(subject), std::move(budget));
  co_return co_await committing;
}

}  // namespace ipb::allocation::handlers
