// Answering the batches of SimulateAllocations.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "common/call/environment.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/rules/simulation.h"

namespace ipb::allocation::handlers {

// One caller's simulation, batch by batch. Not thread-safe.
class Simulator {
 public:
  Simulator(const call::Environment& environment, const call::Caller& caller);

  // Counts the cases of a batch. Errors: as the contract says of the method.
  absl::StatusOr<v1::SimulateAllocationsResponse> Answer(const v1::SimulateAllocationsRequest& request);

 private:
  absl::Status Begin(const v1::SimulationSetup& setup);
  absl::Status Count(const v1::SimulateAllocationsRequest& request, v1::SimulateAllocationsResponse& reply);

  const std::shared_ptr<const policy::Policy> policy_;
  const std::string rule_set_version_;
  const std::string organisation_;
  // Kept for as long as the simulation, which points into it.
  v1::SimulationSetup setup_;
  std::optional<Simulation> simulation_;
  int64_t cases_ = 0;
};

}  // namespace ipb::allocation::handlers
