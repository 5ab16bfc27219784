// Preparing: what of an agreement is due by a pay date and not yet paid becomes payments, in a run or held.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/gates.h"

namespace ipb::payments {

// A payment that was made or changed. The trace is empty where only its state changed.
struct Prepared {
  v1::Payment payment;
  explain::Trace trace;
};

struct PrepareDecision {
  std::vector<Prepared> payments;             // in the order of their numbers
  std::vector<v1::Transaction> transactions;  // named, in the order of posting
  Numbers numbers;                            // after it
};

// Prepares one agreement for a run:
//  - each period and component due by the pay date that has no live payment gets one, pending in the run or
//  held;
//  - a payment that waits, pending or held, joins the run if nothing is in its way any more;
//  - a payment that waits and whose amount or days are no longer what is due becomes void and is made again.
// Payments of other runs are left alone. Preparing again with the result changes nothing.
absl::StatusOr<PrepareDecision> DecidePrepare(const PayFacts& facts, absl::string_view run,
                                              absl::CivilDay pay_date, const v1::PaymentsPolicy& policy,
                                              absl::CivilDay today);

}  // namespace ipb::payments
