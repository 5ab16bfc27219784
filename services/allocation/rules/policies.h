// The two policies by which allocation decides.
#pragma once

#include "ipb/v1/allocation_policy.pb.h"

namespace ipb::allocation {

// The national rates of law, and the rows of the organisation whose money or decision it is. Both outlive it.
struct Policies {
  const v1::AllocationPolicy& national;
  const v1::AllocationPolicy& local;
};

}  // namespace ipb::allocation
