// When money is due and how much: cycles of whole weeks from an anchor day, paid in advance, cut at the
// agreement's first and last day.
//
// The penny policy is that of common/money/accrual.h, counted from the line's first day. Each amount is then
// split between its funders by largest remainder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/payment.pb.h"

namespace ipb::payments {

// One of an agreement's periods: a cycle, and the days of it that are paid for. Ends are inclusive.
struct Period {
  absl::CivilDay cycle_first;
  absl::CivilDay cycle_last;
  absl::CivilDay first;
  absl::CivilDay last;
  absl::CivilDay due;
  friend bool operator==(const Period&, const Period&) = default;
};

// The cycle that holds a day, not cut.
Period CycleOf(const v1::Agreement& agreement, absl::CivilDay day);

// The agreement's last day, or the person's day of death where that is earlier.
std::optional<absl::CivilDay> LastPaidDay(const v1::Agreement& agreement,
                                          std::optional<absl::CivilDay> death);

// The periods due on or before a day, oldest first. The last period is cut at `last`, where there is one.
std::vector<Period> PeriodsDue(const v1::Agreement& agreement, std::optional<absl::CivilDay> last,
                               absl::CivilDay due_by);

// What one budget component is due for one period.
struct ComponentDue {
  std::string component_id;
  std::vector<v1::PaymentFunder> funders;  // in the order of the lines' shares; none of nothing
  int64_t gross_pence = 0;
  int64_t contribution_pence = 0;
  int64_t net_pence = 0;
  explain::Trace trace;
};

// What each component of an agreement is due for a period, in the order of its lines, components of nothing
// left out. The contribution is taken from weekly Care Act money, component by component, and never makes a
// payment negative.
absl::StatusOr<std::vector<ComponentDue>> DueIn(const v1::Agreement& agreement, const Period& period);

}  // namespace ipb::payments
