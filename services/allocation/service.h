// AllocationService as a process hosts it.
#pragma once

#include "common/process/process.h"

namespace ipb::allocation {

// How to make it. Its upstream is eligibility.
process::ServiceFactory Factory();

}  // namespace ipb::allocation
