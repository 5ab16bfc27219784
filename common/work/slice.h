// Work that is too much for one try: a job does a slice of it, keeps in its item how far it came, and goes on when it is
// run again.
#pragma once

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/call/call.h"

namespace ipb::work {

// Bounds a slice: well within a worker's lease, and short beside a call's deadline.
class Slice {
 public:
  bool over() const { return absl::Now() - began_ > absl::Seconds(2); }

 private:
  const absl::Time began_ = absl::Now();
};

// Replaces the payload of an item, the checkpoint: due at once where this slice ends with it, else after the lease.
// `content` is the item as it is stored.
void Checkpoint(const call::Call& call, call::Subject& subject, const std::string& id, state::v1::WorkItem content,
                const std::string& payload, bool slice_ends);

}  // namespace ipb::work
