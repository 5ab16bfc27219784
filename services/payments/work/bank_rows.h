// Which of a run's rows go to the bank, and in which files.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/call/call.h"
#include "ipb/v1/payment_run.pb.h"
#include "ipb/v1/payments_policy.pb.h"

namespace ipb::payments {

// Whether the bank has anything to transfer for rows that are released or further on.
bool HasTransfer(absl::Span<const v1::RunPayment> rows);

// The rows as they are once what is released is exported.
std::vector<v1::RunPayment> AsExported(std::vector<v1::RunPayment> rows);

// How many files the rows make.
int32_t FileCount(absl::Span<const v1::RunPayment> rows, int32_t maximum_transfers);

// The most transfers of one of the run's files, by policy on its pay date; "no rate" where no row says so.
absl::StatusOr<int32_t> MaximumTransfers(const call::Call& call, const v1::PaymentRun& run);

// The account that pays, by policy on the run's pay date; "no rate" where no row says so.
absl::StatusOr<v1::Originator> OriginatorOf(const call::Call& call, const v1::PaymentRun& run);

}  // namespace ipb::payments
