#include "services/allocation/handlers/simulate.h"

#include <utility>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"

namespace ipb::allocation::handlers {
namespace {

constexpr int kMostExplained = 100;

absl::Status CheckRows(const v1::AllocationPolicy& rows, absl::string_view field) {
  v1::PolicyDocument document;
  *document.mutable_allocation() = rows;
  return policy::CheckConsidered(document, field);
}

}  // namespace

Simulator::Simulator(const call::Environment& environment, const call::Caller& caller)
    : policy_(environment.policy),
      rule_set_version_(environment.rule_set_version),
      organisation_(caller.organisation) {}

absl::Status Simulator::Begin(const v1::SimulationSetup& setup) {
  IPB_RETURN_IF_ERROR(CheckRows(setup.candidate(), "setup.candidate"));
  IPB_RETURN_IF_ERROR(CheckRows(setup.candidate_national(), "setup.candidate_national"));
  setup_ = setup;
  const v1::PolicyDocument* own = policy_->local(organisation_);
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

absl::Status Simulator::Count(const v1::SimulateAllocationsRequest& request,
                              v1::SimulateAllocationsResponse& reply) {
  for (const v1::SimulationCase& one : request.cases()) {
    if (setup_.explain()) {
      IPB_RETURN_IF_ERROR(
          simulation_->AddExplained(one, rule_set_version_, policy_->version(), *reply.add_simulated()));
    } else {
      IPB_RETURN_IF_ERROR(simulation_->Add(one));
    }
  }
  cases_ += request.cases_size();
  reply.set_cases(cases_);
  return absl::OkStatus();
}

absl::StatusOr<v1::SimulateAllocationsResponse> Simulator::Answer(
    const v1::SimulateAllocationsRequest& request) {
  if (request.has_setup() == simulation_.has_value()) {
    return errors::InvalidField("setup", "goes with the first message of a simulation and no other");
  }
  if (request.has_setup()) {
    IPB_RETURN_IF_ERROR(Begin(request.setup()));
  }
  if (setup_.explain() && request.cases_size() > kMostExplained) {
    return errors::InvalidField("cases", "has at most 100 cases where each is explained");
  }
  v1::SimulateAllocationsResponse reply;
  IPB_RETURN_IF_ERROR(Count(request, reply));
  if (request.report()) {
    IPB_ASSIGN_OR_RETURN(*reply.mutable_report(), simulation_->Report());
  }
  return reply;
}

}  // namespace ipb::allocation::handlers
