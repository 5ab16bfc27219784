#include "services/allocation/handlers/simulate.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/async/fan_out.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "common/policy/policy.h"
#include "common/work/people.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/caseload.h"

namespace ipb::allocation::handlers {
namespace {

constexpr int kMostExplained = 100;
// People that are loaded at once: few beside the calls that a process answers.
constexpr size_t kLoadedAtOnce = 16;

absl::Status CheckRows(const v1::AllocationPolicy& rows, absl::string_view field) {
  v1::PolicyDocument document;
  *document.mutable_allocation() = rows;
  return policy::CheckConsidered(document, field);
}

call::RequestInfo Reading() {
  call::RequestInfo info;
  info.method = "AllocationService.SimulateAllocations";
  return info;
}

}  // namespace

Simulator::Simulator(const call::Environment& environment, const call::Caller& caller)
    : environment_(environment), caller_(caller), policy_(environment.policy) {}

absl::Status Simulator::Begin(const v1::SimulationSetup& setup) {
  IPB_RETURN_IF_ERROR(CheckRows(setup.candidate(), "setup.candidate"));
  IPB_RETURN_IF_ERROR(CheckRows(setup.candidate_national(), "setup.candidate_national"));
  setup_ = setup;
  const v1::PolicyDocument* own = policy_->local(caller_.organisation);
  const v1::AllocationPolicy& local =
      own == nullptr ? v1::AllocationPolicy::default_instance() : own->allocation();
  const Policies current = {policy_->national().allocation(), local};
  const Policies candidate = {
      setup_.has_candidate_national() ? setup_.candidate_national() : current.national,
      setup_.has_candidate() ? setup_.candidate() : local};
  IPB_ASSIGN_OR_RETURN(simulation_,
                       Simulation::Make(dates::Checked(setup_.decision_date()), current, candidate));
  return absl::OkStatus();
}

absl::Status Simulator::Count(const v1::SimulationCase& one, v1::SimulateAllocationsResponse& reply) {
  ++cases_;
  if (!setup_.explain()) return simulation_->Add(one);
  if (explained_ == reply.simulated_size()) reply.add_simulated();
  return simulation_->AddExplained(one, environment_.rule_set_version, policy_->version(),
                                   *reply.mutable_simulated(explained_++));
}

async::Task<absl::Status> Simulator::LoadCases(std::string person, std::vector<v1::SimulationCase>& cases) {
  call::Call call(environment_, caller_, Reading());
  auto loading = LoadCaseloadPerson(call, std::move(person));
  IPB_CO_ASSIGN_OR_RETURN(const CaseloadPerson loaded, co_await loading);
  co_await environment_.bulk_executor->Yield();
  const absl::CivilDay day = dates::Checked(setup_.decision_date());
  cases = CasesOf(loaded.facts, caller_.organisation, day, setup_.caseload_cohorts());
  co_return absl::OkStatus();
}

async::Task<absl::StatusOr<std::vector<v1::SimulationCase>>> Simulator::NextOfCaseload(size_t people) {
  call::Call call(environment_, caller_, Reading());
  auto finding = work::NextPeople(call, BudgetIndexOf(caller_.organisation), last_person_, people);
  IPB_CO_ASSIGN_OR_RETURN(const work::People found, co_await finding);
  std::vector<std::vector<v1::SimulationCase>> cases(found.names.size());
  auto loading = async::ForEach(environment_.bulk_executor, found.names.size(), kLoadedAtOnce,
                                [&](size_t i) { return LoadCases(found.names[i], cases[i]); });
  IPB_CO_RETURN_IF_ERROR(co_await loading);
  if (!found.names.empty()) last_person_ = found.names.back();
  caseload_complete_ = found.last;
  std::vector<v1::SimulationCase> all;
  for (std::vector<v1::SimulationCase>& of_person : cases) {
    for (v1::SimulationCase& one : of_person) all.push_back(std::move(one));
  }
  co_return all;
}

async::Task<absl::Status> Simulator::LoadCase(const v1::CaseloadBudget& named,
                                              std::optional<v1::SimulationCase>& one) {
  std::vector<v1::SimulationCase> cases;
  auto loading = LoadCases(names::Subject(named.name()), cases);
  const absl::Status loaded = co_await loading;
  if (absl::IsNotFound(loaded)) co_return absl::OkStatus();
  IPB_CO_RETURN_IF_ERROR(loaded);
  one = CaseOf(named, std::move(cases));
  co_return absl::OkStatus();
}

async::Task<absl::Status> Simulator::CountBudgets(const v1::SimulateAllocationsRequest& request,
                                                  v1::SimulateAllocationsResponse& reply) {
  const auto& named = request.caseload_budgets();
  reply.clear_not_of_caseload();
  if (named.empty()) co_return absl::OkStatus();
  std::vector<std::optional<v1::SimulationCase>> cases(named.size());
  auto loading = async::ForEach(environment_.bulk_executor, cases.size(), kLoadedAtOnce,
                                [&](size_t i) { return LoadCase(named[static_cast<int>(i)], cases[i]); });
  IPB_CO_RETURN_IF_ERROR(co_await loading);
  last_budget_ = named.rbegin()->name();
  for (size_t i = 0; i < cases.size(); ++i) {
    if (cases[i]) {
      IPB_CO_RETURN_IF_ERROR(Count(*cases[i], reply));
    } else {
      reply.add_not_of_caseload(named[static_cast<int>(i)].name());
    }
  }
  co_return absl::OkStatus();
}

async::Task<absl::Status> Simulator::CountPeople(int32_t people, v1::SimulateAllocationsResponse& reply) {
  if (people > 0 && !caseload_complete_) {
    auto loading = NextOfCaseload(people);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::SimulationCase> cases, co_await loading);
    for (const v1::SimulationCase& one : cases) IPB_CO_RETURN_IF_ERROR(Count(one, reply));
  }
  reply.set_caseload_complete(caseload_complete_);
  co_return absl::OkStatus();
}

absl::Status Simulator::CheckCaseload(const v1::SimulateAllocationsRequest& request) const {
  const bool people = request.caseload_people() > 0, budgets = request.caseload_budgets_size() > 0;
  const bool had_people = caseload_complete_ || !last_person_.empty(), had_budgets = !last_budget_.empty();
  if ((people || had_people) && (budgets || had_budgets)) {
    return errors::InvalidField("caseload_budgets",
                                "are counted in the place of caseload_people, in the whole simulation");
  }
  const std::string* last = &last_budget_;
  for (int i = 0; i < request.caseload_budgets_size(); ++i) {
    const std::string& name = request.caseload_budgets(i).name();
    if (name <= *last) {
      return errors::InvalidField(absl::StrCat("caseload_budgets[", i, "].name"),
                                  "is not after the one before it, in ascending order of names as text");
    }
    last = &name;
  }
  return absl::OkStatus();
}

absl::Status Simulator::CheckForm(const v1::SimulateAllocationsRequest& request) const {
  if (request.has_setup() == simulation_.has_value()) {
    return errors::InvalidField("setup", "goes with the first message of a simulation and no other");
  }
  const bool explain = request.has_setup() ? request.setup().explain() : setup_.explain();
  const int cases = request.cases_size() + request.caseload_people() + request.caseload_budgets_size();
  if (explain && cases > kMostExplained) {
    return errors::InvalidField(
        "cases",
        "has at most 100 cases where each is explained, people and budgets of the caseload included");
  }
  return CheckCaseload(request);
}

async::Task<absl::Status> Simulator::Answer(const v1::SimulateAllocationsRequest& request,
                                            v1::SimulateAllocationsResponse& reply) {
  IPB_CO_RETURN_IF_ERROR(CheckForm(request));
  if (request.has_setup()) {
    IPB_CO_RETURN_IF_ERROR(Begin(request.setup()));
  }
  explained_ = 0;
  for (const v1::SimulationCase& one : request.cases()) IPB_CO_RETURN_IF_ERROR(Count(one, reply));
  auto counting_people = CountPeople(request.caseload_people(), reply);
  IPB_CO_RETURN_IF_ERROR(co_await counting_people);
  auto counting_budgets = CountBudgets(request, reply);
  IPB_CO_RETURN_IF_ERROR(co_await counting_budgets);
  while (reply.simulated_size() > explained_) reply.mutable_simulated()->RemoveLast();
  reply.set_cases(cases_);
  reply.clear_report();
  if (request.report()) {
    IPB_CO_ASSIGN_OR_RETURN(*reply.mutable_report(), simulation_->Report());
  }
  co_return absl::OkStatus();
}

}  // namespace ipb::allocation::handlers
