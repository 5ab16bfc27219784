// Keeping a copy, in each service, of who is responsible for whom: what people says takes effect here by
// itself.
//
// The bound: a responsibility that ends, or a death, is known in every service within the interval at which
// people's changes are looked for (server::kTailInterval, 100 ms) and one GetPerson with its commit, as long
// as the people service can be reached; after an interruption, within consumer's kLongestWait (10 s) more.
#pragma once

#include <memory>

#include "common/client/access_source.h"
#include "common/watch/consumer.h"

namespace ipb::watch {

// One a service and process. Thread-safe.
class AccessMirror {
 public:
  AccessMirror(const call::Environment& environment, std::shared_ptr<client::Peer<v1::PeopleService>> people,
               std::shared_ptr<client::Peer<v1::ChangesService>> changes);

  // See Consumer.
  void Start() { consumer_.Start(); }
  void Stop() { consumer_.Stop(); }

 private:
  async::Task<absl::Status> Copy(v1::Change change);

  const call::Environment& environment_;
  const std::shared_ptr<client::Peer<v1::PeopleService>> people_;
  Consumer consumer_;
};

}  // namespace ipb::watch
