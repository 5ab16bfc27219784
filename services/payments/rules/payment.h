// The moves of one payment, from pending or held to settled, void or returned. Each may be tried again: a
// payment that has moved already stays as it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/payment_run.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/facts.h"
#include "services/payments/rules/gates.h"

namespace ipb::payments {

// Neither void nor returned: at most one payment of an identity is live.
bool IsLive(const v1::Payment& payment);

// Pending, held or released: the bank knows nothing of it.
bool IsBeforeExport(const v1::Payment& payment);

// The {n} at the end of a name; 0 where there is none.
int64_t NumberOf(absl::string_view name);

// The next payment's name in a person's subject, and the next transaction's beside any of the person's
// resources.
std::string NextPayment(absl::string_view person, Numbers& numbers);
std::string NextTransaction(absl::string_view any_name_of_person, Numbers& numbers);

// What the bank is told to call a payment: "IPB" and 32 hexadecimal digits of the SHA-256 of its identity and
// attempt.
std::string EndToEndId(absl::string_view agreement, absl::string_view cycle_first_date,
                       absl::string_view component_id, int32_t attempt);

// The name of the record, in the person's subject, that holds the name of an identity's latest payment:
// writing it with the payment keeps identities unique. For example `paymentOf/3/2026-04-06/c1`.
std::string IdentityRecord(const v1::Payment& payment);

struct PaymentDecision {
  v1::Payment payment;
  std::vector<v1::Transaction> transactions;  // named, in the order of posting
  Numbers numbers;                            // after it
};

// Pending, with its money posted as due if it was not.
absl::StatusOr<PaymentDecision> MakePayable(v1::Payment payment, Numbers numbers, absl::CivilDay today);

// Held by the gates, out of any run. What was posted as due stays due.
v1::Payment HoldByGates(v1::Payment payment, std::vector<v1::PaymentGate> gates);

// Void, with what was posted as due undone. Only before export.
absl::StatusOr<PaymentDecision> VoidPayment(v1::Payment payment, absl::string_view reason, Numbers numbers,
                                            absl::CivilDay today);

// Puts a human's hold on a payment and takes it out of its run. FAILED_PRECONDITION: see
// PaymentsService.HoldPayment.
absl::StatusOr<v1::Payment> DecideHoldPayment(const v1::Payment& payment, const PayFacts& facts,
                                              const v1::HoldPaymentRequest& request, const Caller& caller,
                                              const v1::PaymentsPolicy& policy, absl::CivilDay today);

// Takes the humans' holds off. It becomes pending for the next run, or stays held by what else is in the way.
// FAILED_PRECONDITION: see PaymentsService.ReleaseHold.
absl::StatusOr<PaymentDecision> DecideReleaseHold(const v1::Payment& payment, const PayFacts& facts,
                                                  const v1::ReleaseHoldRequest& request, const Caller& caller,
                                                  const v1::PaymentsPolicy& policy, absl::CivilDay today);

// Moves a pending payment of a released run on, looking at everything once more: it becomes released, or
// drops out as held (a gate fails now) or void (another amount is due now).
absl::StatusOr<PaymentDecision> DecideReleasePayment(const v1::Payment& payment, const PayFacts& facts,
                                                     absl::string_view run, const v1::PaymentsPolicy& policy,
                                                     absl::CivilDay today);

// Takes a payment of a cancelled run out of it, to wait for another.
v1::Payment DetachPayment(v1::Payment payment, absl::string_view run);

// A payment that moved, with its agreement as it is after it: paid through another day, or with more
// overpaid.
struct ExportDecision {
  PaymentDecision moved;
  v1::Agreement agreement;
};

// Moves a released payment of the run into the bank's file; one of nothing is settled at once, on the run's
// pay date. Where the person has died since the release it drops out instead, void or held, as at a release.
absl::StatusOr<ExportDecision> DecideExportPayment(const v1::Payment& payment, const PayFacts& facts,
                                                   const v1::PaymentRun& run,
                                                   const v1::PaymentsPolicy& policy, absl::CivilDay today);

struct SettleDecision {
  PaymentDecision moved;
  v1::Agreement agreement;
  v1::SettleVerdict verdict;
};

// Takes one row of the bank's answer. A row that fits no payment of the run, or contradicts an earlier one,
// is refused in its verdict; one that was taken before is repeated without effect. Money that comes back
// after it was settled is undone in the ledger, and the next run prepares the identity again with another
// end-to-end id.
absl::StatusOr<SettleDecision> DecideSettlePayment(const v1::Payment& payment, const v1::Agreement& agreement,
                                                   absl::string_view run, const v1::BankResult& result,
                                                   Numbers numbers, absl::CivilDay today);

}  // namespace ipb::payments
