// PeopleService as a process hosts it.
#pragma once

#include "common/process/process.h"

namespace ipb::people {

// How to make it. Without upstreams.
process::ServiceFactory Factory();

}  // namespace ipb::people
