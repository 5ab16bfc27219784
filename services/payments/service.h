// PaymentsService as a process hosts it.
#pragma once

#include "common/process/process.h"

namespace ipb::payments {

// How to make it. Reads plans from care planning and budgets from allocation.
process::ServiceFactory Factory();

}  // namespace ipb::payments
