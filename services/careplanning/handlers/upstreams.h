// What care planning asks of the services to its left.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/allocation_service.pb.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::careplanning {

template <typename Reply>
using Answer = async::Task<absl::StatusOr<Reply>>;

// All on behalf of who calls, and UNAVAILABLE where the service cannot be asked. Thread-safe.
struct Upstreams {
  // A budget as allocation gives it or, where that service is not configured, as it was stated here. NOT_FOUND where
  // neither knows of it.
  std::function<Answer<v1::Budget>(call::Call&, std::string name)> read_budget;
  // Agrees a budget; UNAVAILABLE also where allocation is not configured. Errors: as AgreeBudget.
  std::function<Answer<v1::Budget>(call::Call&, v1::AgreeBudgetRequest)> agree_budget;
  // The person as the people service knows them now; none where that service is not configured.
  std::function<Answer<std::optional<v1::Person>>(call::Call&, std::string name)> read_person;
  // Every appointment of a person, over or not; none where the people service is not configured.
  std::function<Answer<std::vector<v1::Representative>>(call::Call&, std::string person)> list_representatives;
};

}  // namespace ipb::careplanning
