// CarePlanningService as a process hosts it.
#pragma once

#include "common/process/process.h"

namespace ipb::careplanning {

// How to make it. Its upstreams are people and allocation.
process::ServiceFactory Factory();

}  // namespace ipb::careplanning
