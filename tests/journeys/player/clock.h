// The clock file that a deployment under test reads (`--clock=FILE`), as the player steps it.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ipb::journey {

// One clock. Without a file the clock is the machine's and cannot be set.
class Clock {
 public:
  explicit Clock(std::string file);

  // Writes an RFC 3339 instant, as a whole: a reader sees the old instant or the new one.
  // FAILED_PRECONDITION without a file; UNAVAILABLE where it cannot be written.
  absl::Status Set(absl::string_view instant);
  absl::Time Now() const;

 private:
  const std::string file_;
};

}  // namespace ipb::journey
