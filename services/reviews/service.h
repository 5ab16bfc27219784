// ReviewsService as a process hosts it.
#pragma once

#include "common/process/process.h"

namespace ipb::reviews {

// How to make it. Upstreams: people and careplanning, both of which it also follows.
process::ServiceFactory Factory();

}  // namespace ipb::reviews
