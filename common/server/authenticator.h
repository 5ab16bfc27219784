// Step 2 of the way of a request: who calls.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/call/caller.h"
#include "common/clock/clock.h"

namespace grpc {
class ServerContextBase;
}

namespace ipb::policy {
class Policy;
}

namespace ipb::server {

// Thread-safe and immutable.
class Authenticator {
 public:
  // `insecure` believes the metadata; only for loopback. Otherwise the certificate says who calls.
  Authenticator(bool insecure, std::shared_ptr<const policy::Policy> policy, const clock::Clock* clock);

  // The caller behind a context. UNAUTHENTICATED where it cannot be told: no certificate or metadata, a name that policy
  // does not know on that day, a value that is too long; and, for a mutation, no actor or role.
  absl::StatusOr<call::Caller> Identify(const grpc::ServerContextBase& context, bool mutates) const;

 private:
  const bool insecure_;
  const std::shared_ptr<const policy::Policy> policy_;
  const clock::Clock* const clock_;
};

}  // namespace ipb::server
