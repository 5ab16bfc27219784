// The corpus of past decisions, and the services that made them, without a server around them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/call/environment.h"
#include "common/decisions/decider.h"
#include "common/decisions/replay.h"
#include "tests/decisions/past_decision.pb.h"

namespace ipb::decisions {

// The services whose decisions are kept, deciding by the policy that ships.
class Present {
 public:
  Present();
  ~Present();
  // The decision made again; waits for it.
  Replayed Replay(const v1::PastDecision& past) const;
  // The methods that decide, of all these services.
  std::vector<std::string> Methods() const;

 private:
  struct Service;
  std::vector<std::unique_ptr<Service>> services_;
};

// The files of the corpus, by their paths in the source tree, in order.
std::vector<std::string> CorpusFiles();

}  // namespace ipb::decisions
