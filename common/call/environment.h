// What the handlers of one service stand on. Owned by the process; everything in it is thread-safe and outlives every call.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/executor.h"
#include "common/async/task.h"
#include "common/async/timer.h"
#include "common/call/caller.h"
#include "common/clock/clock.h"
#include "common/identifiers/claim.h"
#include "common/store/store.h"
#include "ipb/state/v1/state.pb.h"

namespace ipb::policy {
class Policy;
}

namespace ipb::call {

// Where a service learns who is responsible for a person it has not met: the people service, or a stored statement.
class AccessSource {
 public:
  virtual ~AccessSource() = default;
  // The access record of a person as the caller may see it. NOT_FOUND if the caller may not know of the person;
  // UNAVAILABLE if the source cannot be asked.
  virtual async::Task<absl::StatusOr<state::v1::AccessRecord>> Fetch(Caller caller, std::string person) = 0;
};

// Tries a work item at once, as its handler does right after committing it; the worker tries again what fails.
class WorkRunner {
 public:
  virtual ~WorkRunner() = default;
  // OK also where the item is done already.
  virtual async::Task<absl::Status> RunNow(std::string subject, std::string id) = 0;
};

struct Environment {
  // The service's short name, which is also its space in the store: people, eligibility, ...
  std::string service;
  // The version of the service's rules, for example "allocation/1".
  std::string rule_set_version;
  store::Store* store = nullptr;
  async::Executor* executor = nullptr;
  // For simulation, runs and other work that must not delay calls.
  async::Executor* bulk_executor = nullptr;
  async::Timer* timer = nullptr;
  const clock::Clock* clock = nullptr;
  std::shared_ptr<const policy::Policy> policy;
  const identifiers::Claims* claims = nullptr;
  // Null in the people service, whose subjects carry their access record from the start.
  AccessSource* access_source = nullptr;
  // Null where the service has no work.
  WorkRunner* work = nullptr;
  // A person who was merged into another is not changed any more: so in people. Elsewhere nothing new begins for them
  // (MethodRule.begins), and what they have is still brought to its end.
  bool refuses_merged = false;
  // Every version of a resource is kept, and what each decision was made from.
  bool keeps_decisions = false;
  // NHS numbers of the test range are accepted.
  bool test_people = false;
};

}  // namespace ipb::call
