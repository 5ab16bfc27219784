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
  // `insecure` believes the metadata; only for loopback. Otherwise the certificate says who calls, by its one
  // URI name:
  //   spiffe://DOMAIN/org/CODE/system/NAME                  an organisation's system, which answers for
  //   ipb-role spiffe://DOMAIN/org/CODE/system/NAME/roles/ROLE/ROLE  the same, with ipb-role one of these
  //   spiffe://DOMAIN/service/NAME                          a service of the suite, believed about whom it
  //   calls for
  Authenticator(bool insecure, std::shared_ptr<const policy::Policy> policy, const clock::Clock* clock);

  // The caller behind a context. UNAUTHENTICATED where it cannot be told: no certificate or metadata, a name
  // that policy does not know on that day, a value that is too long; and, for a mutation, no actor or role.
  // PERMISSION_DENIED where the certificate does not permit the role.
  absl::StatusOr<call::Caller> Identify(const grpc::ServerContextBase& context, bool mutates) const;

 private:
  const bool insecure_;
  const std::shared_ptr<const policy::Policy> policy_;
  const clock::Clock* const clock_;
};

}  // namespace ipb::server
