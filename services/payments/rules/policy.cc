#include "services/payments/rules/policy.h"

namespace ipb::payments {

v1::PaymentsPolicy Joined(const v1::PaymentsPolicy& national, const v1::PaymentsPolicy& local) {
  v1::PaymentsPolicy rows = local;
  rows.MergeFrom(national);
  return rows;
}

}  // namespace ipb::payments
