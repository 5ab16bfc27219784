// Which rows of policy hold where national and local ones meet.
#pragma once

#include "ipb/v1/payments_policy.pb.h"

namespace ipb::payments {

// All rows for the payments of one organisation, its own first: of two that cover a day the first is taken.
v1::PaymentsPolicy Joined(const v1::PaymentsPolicy& national, const v1::PaymentsPolicy& local);

}  // namespace ipb::payments
