// Instants as the contracts have them.
#pragma once

#include "absl/time/time.h"

namespace ipb::dates {

// The instant of a google.protobuf.Timestamp; the beginning of 1970 where it is absent.
template <typename Timestamp>
absl::Time InstantOf(const Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace ipb::dates
