// PaymentsService as a process hosts it.
#pragma once

#include "common/process/process.h"

namespace ipb::payments {

// How to make it. Reads plans from care planning, budgets from allocation and people from people.
process::ServiceFactory Factory();

}  // namespace ipb::payments
