// Payment runs: prepared by one person, frozen, released by another for exactly what was frozen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "ipb/v1/payment_run.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments {

// The run that a request creates, without name and times. Needs the payer's payment cycle of today.
// FAILED_PRECONDITION PAY-RUN-DATE for a day in the past, PAY-RUN-AHEAD for one more than a cycle ahead.
absl::StatusOr<v1::PaymentRun> DecideCreateRun(const v1::CreatePaymentRunRequest& request,
                                               const Caller& caller, const v1::PaymentsPolicy& policy,
                                               absl::CivilDay today);

// Count, total and digest of payments, whatever their order: SHA-256 over lines of end-to-end id and pence,
// sorted.
struct Frozen {
  int64_t count = 0;
  int64_t total_pence = 0;
  std::string digest;
  friend bool operator==(const Frozen&, const Frozen&) = default;
};
// INTERNAL where an end-to-end id is twice among them; OUT_OF_RANGE where the total does not fit.
absl::StatusOr<Frozen> Freeze(absl::Span<const v1::RunPayment> payments);

// The run with what its prepared payments come to. Only while PREPARING; `held_count` payments were due and
// held.
absl::StatusOr<v1::PaymentRun> DecideFreezeRun(const v1::PaymentRun& run,
                                               absl::Span<const v1::RunPayment> payments, int64_t held_count,
                                               const v1::PaymentsPolicy& policy);

// The run released. FAILED_PRECONDITION: see PaymentsService.ReleasePaymentRun.
absl::StatusOr<v1::PaymentRun> DecideReleaseRun(const v1::PaymentRun& run,
                                                const v1::ReleasePaymentRunRequest& request,
                                                const Caller& caller, absl::CivilDay today);

// The run given up. FAILED_PRECONDITION: see PaymentsService.CancelPaymentRun.
absl::StatusOr<v1::PaymentRun> DecideCancelRun(const v1::PaymentRun& run,
                                               const v1::CancelPaymentRunRequest& request,
                                               const Caller& caller, absl::CivilDay today);

// The run's counts from its payments as they are now: dropped, settled, returned; SETTLED once none is under
// way.
absl::StatusOr<v1::PaymentRun> CountRun(const v1::PaymentRun& run, absl::Span<const v1::RunPayment> payments);

}  // namespace ipb::payments
