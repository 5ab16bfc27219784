#include "tests/journeys/player/retry.h"

#include <poll.h>

#include "absl/time/clock.h"

namespace ipb::journey {

bool WaitToRetry(absl::Time deadline) {
  if (absl::Now() >= deadline) return false;
  poll(nullptr, 0, 50);
  return true;
}

}  // namespace ipb::journey
