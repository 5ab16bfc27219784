// What operators scrape: calls by method and code, how long they took, what is under way and what is trimmed.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace ipb::server {

// Thread-safe.
class Metrics {
 public:
  // Serves /metrics on HOST:PORT; empty serves nothing. UNAVAILABLE from Start if the address is taken.
  Metrics();
  ~Metrics();
  absl::Status Start(const std::string& address);

  void CallEnded(const std::string& method, absl::StatusCode code, absl::Duration took);
  void InFlight(int change);
  void StoreReady(bool ready);
  // A round of trimming ended, and let go of so many changes and replies.
  void TrimEnded(const std::string& service, absl::StatusCode code, int64_t trimmed);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace ipb::server
