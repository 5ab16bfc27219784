// Taking the bank's answers, row by row.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/payment_run.pb.h"
#include "services/payments/work/run_rows.h"

namespace ipb::payments {

// What the bank's answers would do to the payments as they are now: a verdict for each, in their order.
// Writes nothing.
async::Task<absl::StatusOr<std::vector<v1::SettleVerdict>>> JudgeResults(
    call::Call& call, const v1::PaymentRun& run, const v1::SettlePaymentsRequest& request);

}  // namespace ipb::payments
