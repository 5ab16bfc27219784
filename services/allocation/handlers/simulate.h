// Answering the batches of SimulateAllocations.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/call/call.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/handlers/handlers.h"
#include "services/allocation/rules/simulation.h"

namespace ipb::allocation::handlers {

// One caller's simulation, batch by batch. Not thread-safe; an answer must be over before the next begins.
class Simulator {
 public:
  Simulator(const call::Environment& environment, const call::Caller& caller);

  // Counts the cases of a batch, and people of the caseload; `reply` may hold the one before. Errors: as the
  // contract says of the method.
  async::Task<absl::Status> Answer(const v1::SimulateAllocationsRequest& request,
                                   v1::SimulateAllocationsResponse& reply);

 private:
  absl::Status Begin(const v1::SimulationSetup& setup);
  absl::Status CheckForm(const v1::SimulateAllocationsRequest& request) const;
  absl::Status Count(const v1::SimulationCase& one, v1::SimulateAllocationsResponse& reply);
  // The budgets of the caseload are named in order, and people are not counted beside them.
  absl::Status CheckCaseload(const v1::SimulateAllocationsRequest& request) const;
  async::Task<absl::Status> CountPeople(int32_t people, v1::SimulateAllocationsResponse& reply);
  async::Task<absl::Status> CountBudgets(const v1::SimulateAllocationsRequest& request,
                                         v1::SimulateAllocationsResponse& reply);
  // The cases of so many more people, in order.
  async::Task<absl::StatusOr<std::vector<v1::SimulationCase>>> NextOfCaseload(size_t people);
  async::Task<absl::Status> LoadCases(std::string person, std::vector<v1::SimulationCase>& cases);
  async::Task<absl::Status> LoadCase(const v1::CaseloadBudget& named, std::optional<v1::SimulationCase>& one);

  const call::Environment& environment_;
  const call::Caller caller_;
  const std::shared_ptr<const policy::Policy> policy_;
  // Kept for as long as the simulation, which points into it.
  v1::SimulationSetup setup_;
  std::optional<Simulation> simulation_;
  int64_t cases_ = 0;
  // Of the reply: the cases that are explained so far.
  int explained_ = 0;
  // Of the caseload: the last person that was counted, or else the last budget that was named, and whether no
  // more people follow.
  std::string last_person_;
  std::string last_budget_;
  bool caseload_complete_ = false;
};

}  // namespace ipb::allocation::handlers
