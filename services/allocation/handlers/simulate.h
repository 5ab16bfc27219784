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
  async::Task<absl::Status> CountCaseload(int32_t people, v1::SimulateAllocationsResponse& reply);
  // The cases of so many more people, in order.
  async::Task<absl::StatusOr<std::vector<v1::SimulationCase>>> NextOfCaseload(size_t people);
  async::Task<absl::Status> LoadCases(std::string person, std::vector<v1::SimulationCase>& cases);

  const call::Environment& environment_;
  const call::Caller caller_;
  const std::shared_ptr<const policy::Policy> policy_;
  // Kept for as long as the simulation, which points into it.
  v1::SimulationSetup setup_;
  std::optional<Simulation> simulation_;
  int64_t cases_ = 0;
  // Of the reply: the cases that are explained so far.
  int explained_ = 0;
  // Of the caseload: the last person that was counted, and whether no more follow.
  std::string last_person_;
  bool caseload_complete_ = false;
};

}  // namespace ipb::allocation::handlers
