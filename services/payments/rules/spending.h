// Spending: what the holder bought is within the plan and not what the law or local policy keeps the money
// from buying.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/spending.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments {

struct SpendingDecision {
  v1::Spending spending;        // without etag, times and explanation
  v1::Transaction transaction;  // named
  Numbers numbers;              // after it
  explain::Trace trace;
};

// The spending that a request records, under the name given. FAILED_PRECONDITION with every rule that
// refuses: see PaymentsService.RecordSpending.
absl::StatusOr<SpendingDecision> DecideRecordSpending(const v1::Agreement& agreement,
                                                      absl::Span<const ExclusionFacts> exclusions,
                                                      absl::Span<const FamilyRuleFacts> family_rules,
                                                      const v1::RecordSpendingRequest& request,
                                                      absl::string_view spending_name, Numbers numbers,
                                                      absl::CivilDay today);

}  // namespace ipb::payments
