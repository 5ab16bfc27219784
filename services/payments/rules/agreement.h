// Agreements: which lines of a plan one body promises to pay to one payee, and how the promise ends.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/payee.pb.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments {

struct OpenFacts {
  PersonFacts person;
  PlanFacts plan;
  BudgetFacts budget;
  v1::Payee payee;
  std::vector<v1::Agreement> agreements;  // all of the person's
};

struct OpenDecision {
  v1::Agreement agreement;  // without name, times and explanation
  explain::Trace trace;
};

// The agreement that a request opens. Its lines hold the part that is paid under it, with the shares of that
// part. Needs policy rows for cycle and part weeks on its first day. FAILED_PRECONDITION with every rule that
// refuses.
absl::StatusOr<OpenDecision> DecideOpenAgreement(const OpenFacts& facts,
                                                 const v1::OpenAgreementRequest& request,
                                                 const Caller& caller, const v1::PaymentsPolicy& policy);

struct CloseFacts {
  v1::Agreement agreement;
  std::vector<v1::Payment> payments;  // all of the agreement's
  Numbers numbers;
  std::optional<absl::CivilDay> death = {};  // the person's
};

struct CloseDecision {
  v1::Agreement agreement;
  std::vector<v1::Payment> payments;          // those that changed: fell away, or are partly over
  std::vector<v1::Transaction> transactions;  // named, in the order of posting
  Numbers numbers;                            // after it
  explain::Trace trace;
};

// The agreement with its last day. Payments of later days that are not exported fall away, and what is still
// due of their period is prepared again by the next run; what was settled for later days is moved to recovery
// and asked back by nobody. FAILED_PRECONDITION with every rule that refuses.
absl::StatusOr<CloseDecision> DecideCloseAgreement(const CloseFacts& facts,
                                                   const v1::CloseAgreementRequest& request,
                                                   const Caller& caller, const v1::PaymentsPolicy& policy,
                                                   absl::CivilDay today);

// What is over of a settled payment, as the agreement stands; without entries where nothing is.
absl::StatusOr<v1::Transaction> OverpaidOf(const v1::Agreement& agreement, const v1::Payment& payment,
                                           absl::CivilDay today);

// Adds what an overpayment moves to recovery to the agreement's totals of it.
absl::Status CountOverpaid(const v1::Transaction& overpaid, v1::Agreement& agreement);

}  // namespace ipb::payments
