// What is made sure of a Redis server on every new connection, before it is used.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/store/redis_loop.h"

namespace ipb::store {

// Which store a server holds: learnt on the first connection, held to on all later ones. Thread-safe.
class RedisIdentity {
 public:
  // Empty before the first connection is ready.
  std::string epoch() const;
  // FAILED_PRECONDITION if it is another store than before.
  absl::Status Learn(absl::string_view epoch);

 private:
  mutable std::mutex mutex_;
  std::string epoch_;
};

struct PrimingOptions {
  std::string password;          // empty: no AUTH
  bool check_durability = true;  // refuse a server that can lose what it acknowledged
};

// The steps: AUTH; the server is a master; it keeps what it acknowledges (appendonly, appendfsync always,
// noeviction); the function library is loaded; the store's identity is written or matches. A store that was
// not there begins with a random epoch.
std::vector<PrimingStep> MakePrimingSteps(const PrimingOptions& options,
                                          std::shared_ptr<RedisIdentity> identity);

}  // namespace ipb::store
