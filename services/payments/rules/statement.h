// Statements: how much there is, how it was worked out, what came, what was spent, what is left.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "ipb/v1/spending.pb.h"
#include "ipb/v1/statement.pb.h"

namespace ipb::payments {

// The most periods of one statement: ten years of four weeks.
constexpr int kMaximumStatementPeriods = 130;

struct StatementFacts {
  v1::Agreement agreement;
  std::vector<v1::Payment> payments;    // the agreement's; others are left out
  std::vector<v1::Spending> spendings;  // the agreement's; others are left out
  std::optional<absl::CivilDay> death;
};

struct StatementDecision {
  v1::Statement statement;  // without explanation
  explain::Trace trace;
};

// The days that a statement is asked for.
struct StatementDays {
  absl::CivilDay from;
  absl::CivilDay to;
};

// The days that a request asks for, with what it leaves out: from the agreement's first day, to today.
// INVALID_ARGUMENT for an end before the beginning, an end before the agreement began, or a beginning that is
// still to come.
absl::StatusOr<StatementDays> DaysOf(const v1::GetStatementRequest& request, const v1::Agreement& agreement,
                                     absl::CivilDay today);

// The statement of the periods that hold the days from `from` to `to`. What is over after an early end is not
// counted as left. FAILED_PRECONDITION PAY-STATEMENT-PERIODS where there is no period, or more than 130; "no
// rate" where no policy row says what may be kept in hand on the last day.
absl::StatusOr<StatementDecision> MakeStatement(const StatementFacts& facts, absl::CivilDay from,
                                                absl::CivilDay to, const v1::PaymentsPolicy& policy);

}  // namespace ipb::payments
