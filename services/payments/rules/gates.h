// Gates: everything that keeps a payment from being paid, each with the rule, its source, who can clear it
// and when the payment becomes payable. All that fail are told at once.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/payee.pb.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments {

// What is looked at when one agreement's payments are prepared, released or freed of a hold.
struct PayFacts {
  v1::Agreement agreement;
  std::optional<v1::Payee> payee;
  PersonFacts person;
  bool plan_active = false;
  std::vector<ComponentLimit> limits;
  std::vector<FundedDays> funding = {};  // of the budget's whole course
  std::vector<v1::Payment> payments;  // all of the person's, of every agreement
  Numbers numbers;
};

// The failing gates of a payment, most serious first; none means that it can be paid. `payment` itself, by
// name, is left out of the payments it is compared with. "No rate" where no policy row bounds a transfer
// today; OUT_OF_RANGE where money does not fit.
absl::StatusOr<std::vector<v1::PaymentGate>> GatesOf(const v1::Payment& payment, const PayFacts& facts,
                                                     const v1::PaymentsPolicy& policy, absl::CivilDay today);

}  // namespace ipb::payments
