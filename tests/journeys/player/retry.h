// Waiting before something is asked again.
#pragma once

#include "absl/time/time.h"

namespace ipb::journey {

// Waits a moment (50 ms), because a remote server can only be asked again: it announces nothing.
// False, at once, when the deadline has passed.
bool WaitToRetry(absl::Time deadline);

}  // namespace ipb::journey
