// Making a decision again from its own facts.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/call/environment.h"
#include "common/decisions/decider.h"
#include "google/protobuf/any.pb.h"
#include "ipb/v1/decisions_service.pb.h"

namespace ipb::decisions {

// What comes of it.
struct Replayed {
  // Not OK where the request would be refused.
  absl::Status status;
  // What would be written.
  std::vector<google::protobuf::Any> outcome;
};

// Decides as the method would, by the rules and policy of the environment, at the instant of the decision and
// for whoever called; nothing is written. UNIMPLEMENTED where no decider has the method. The arguments must
// outlive it.
async::Task<Replayed> Replay(const v1::Decision& decision, const Deciders& deciders,
                             const call::Environment& environment, absl::Time deadline);

}  // namespace ipb::decisions
