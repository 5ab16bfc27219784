// EligibilityService as a process hosts it.
#pragma once

#include "common/process/process.h"

namespace ipb::eligibility {

// How to make it. It asks people by the process's access source, and calls nothing else.
process::ServiceFactory Factory();

}  // namespace ipb::eligibility
