// Payees: an account is proposed by one person and approved by another.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/payee.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments {

// Whether the text is six digits.
bool IsSortCode(absl::string_view text);

// Whether the text is eight digits.
bool IsAccountNumber(absl::string_view text);

// The payee proposed, without name and times. INVALID_ARGUMENT for malformed bank details;
// FAILED_PRECONDITION PAY-PAYEE-PARTY where a holder other than the person is not named.
absl::StatusOr<v1::Payee> DecideProposePayee(const v1::ProposePayeeRequest& request, const Caller& caller);

// The payee approved. FAILED_PRECONDITION with every rule that refuses: see PaymentsService.ApprovePayee; "no
// rate" where no row of policy says what is checked on the day.
absl::StatusOr<v1::Payee> DecideApprovePayee(const v1::Payee& payee, const v1::ApprovePayeeRequest& request,
                                             const Caller& caller, const v1::PaymentsPolicy& policy,
                                             absl::CivilDay today);

}  // namespace ipb::payments
