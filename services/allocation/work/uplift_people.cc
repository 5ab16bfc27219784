#include "services/allocation/work/uplift_people.h"

#include <map>
#include <optional>
#include <utility>

#include "common/async/fan_out.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/agreement.h"
#include "services/allocation/rules/uplift_verdict.h"

namespace ipb::allocation {
namespace {

using handlers::CaseloadPerson;

UpliftFacts FactsFor(const call::Call& call, CaseloadPerson& person, const v1::Uplift& uplift) {
  call::Subject* subject = &person.subject;
  return {std::move(person.facts), handlers::PoliciesOf(call, uplift.organisation()).local,
          [&call, &uplift](const v1::Budget& agreed) {
            return handlers::PoliciesOf(call, WeeksDecidedBy(agreed, uplift.organisation()));
          },
          call.today(),
          [subject] {
            return names::Child(subject->name(), handlers::kBudgets, subject->Next(handlers::kBudgets));
          }};
}

async::Task<absl::StatusOr<std::vector<v1::UpliftVerdict>>> PreviewPerson(call::Call& call,
                                                                          const v1::Uplift& uplift,
                                                                          std::string name) {
  auto loading = handlers::LoadCaseloadPerson(call, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(CaseloadPerson person, co_await loading);
  co_await call.environment().bulk_executor->Yield();
  std::vector<v1::UpliftVerdict> verdicts;
  const UpliftFacts facts = FactsFor(call, person, uplift);
  for (UpliftDecision& decision : PreviewUplift(uplift, facts))
    verdicts.push_back(std::move(decision.verdict));
  co_return verdicts;
}

// Writes what an uplift made of a budget, with how it was reached: by which rates, and then to which amounts.
void PutChanges(const call::Call& call, call::Subject& subject, UpliftDecision& decision) {
  for (DerivedBudget& made : decision.changes.made) {
    v1::Explanation explanation = handlers::Explain(call, decision.trace);
    explanation.mutable_steps()->MergeFrom(handlers::Explain(call, made.trace).steps());
    *made.budget.mutable_explanation() = std::move(explanation);
    handlers::PutMade(call, subject, made.budget);
  }
  for (v1::Budget& changed : decision.changes.changed) handlers::PutReplaced(call, subject, changed);
}

async::Task<absl::StatusOr<v1::UpliftVerdict>> PostOnce(call::Call& call, const v1::Uplift& uplift,
                                                        const v1::UpliftVerdict& frozen) {
  auto loading = handlers::LoadCaseloadPerson(call, names::Subject(frozen.budget()));
  IPB_CO_ASSIGN_OR_RETURN(CaseloadPerson person, co_await loading);
  co_await call.environment().bulk_executor->Yield();
  const UpliftFacts facts = FactsFor(call, person, uplift);
  UpliftDecision decision = PostUplift(uplift, frozen, facts);
  if (decision.changes.made.empty()) co_return decision.verdict;
  PutChanges(call, person.subject, decision);
  auto committing = call.Commit(std::move(person.subject));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return decision.verdict;
}

async::Task<absl::StatusOr<v1::UpliftVerdict>> Post(call::Call& call, const v1::Uplift& uplift,
                                                    const v1::UpliftVerdict& frozen) {
  for (int races = 0;; ++races) {
    call.Reset();
    auto posting = PostOnce(call, uplift, frozen);
    absl::StatusOr<v1::UpliftVerdict> posted = co_await posting;
    if (posted.ok() || !call.lost_race() || races >= kMostRaces) co_return posted;
  }
}

// A call of its own for a person, as several are under way.
async::Task<absl::Status> PreviewInto(const call::Call& call, const v1::Uplift& uplift, std::string name,
                                      std::vector<v1::UpliftVerdict>& verdicts) {
  call::Call own(call.environment(), call.caller(), call.info());
  auto previewing = PreviewPerson(own, uplift, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(verdicts, co_await previewing);
  co_return absl::OkStatus();
}

// The budgets of one person, one after the other: each commit moves the person on.
async::Task<absl::Status> PostInto(const call::Call& call, const v1::Uplift& uplift,
                                   std::vector<v1::UpliftVerdict*> verdicts) {
  call::Call own(call.environment(), call.caller(), call.info());
  for (v1::UpliftVerdict* verdict : verdicts) {
    auto posting = Post(own, uplift, *verdict);
    IPB_CO_ASSIGN_OR_RETURN(v1::UpliftVerdict posted, co_await posting);
    *verdict = std::move(posted);
  }
  co_return absl::OkStatus();
}

}  // namespace

async::Task<absl::StatusOr<std::vector<v1::UpliftVerdict>>> PreviewPeople(call::Call& call,
                                                                          const v1::Uplift& uplift,
                                                                          std::vector<std::string> people) {
  std::vector<std::vector<v1::UpliftVerdict>> found(people.size());
  auto previewing = async::ForEach(call.environment().executor, people.size(), kPeopleAtOnce,
                                   [&](size_t i) { return PreviewInto(call, uplift, people[i], found[i]); });
  IPB_CO_RETURN_IF_ERROR(co_await previewing);
  std::vector<v1::UpliftVerdict> all;
  for (std::vector<v1::UpliftVerdict>& of_person : found) {
    for (v1::UpliftVerdict& verdict : of_person) all.push_back(std::move(verdict));
  }
  co_return all;
}

async::Task<absl::StatusOr<std::vector<v1::UpliftVerdict>>> PostVerdicts(
    call::Call& call, const v1::Uplift& uplift, std::vector<v1::UpliftVerdict> verdicts) {
  std::map<std::string, std::vector<v1::UpliftVerdict*>> by_person;
  for (v1::UpliftVerdict& verdict : verdicts) {
    if (verdict.kind() != v1::UpliftVerdict::KIND_TO_UPLIFT) continue;
    by_person[names::Subject(verdict.budget())].push_back(&verdict);
  }
  std::vector<std::vector<v1::UpliftVerdict*>> people;
  for (auto& [person, of_person] : by_person) people.push_back(std::move(of_person));
  auto posting = async::ForEach(call.environment().executor, people.size(), kPeopleAtOnce,
                                [&](size_t i) { return PostInto(call, uplift, people[i]); });
  IPB_CO_RETURN_IF_ERROR(co_await posting);
  co_return verdicts;
}

}  // namespace ipb::allocation
