#include "services/payments/rules/statement.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"
#include "services/payments/rules/payment.h"
#include "services/payments/rules/schedule.h"

namespace ipb::payments {
namespace {

constexpr explain::Rule kPeriods{
    "PAY-STATEMENT-PERIODS",
    "From {from_date} to {to_date} there is no period, or there are more than {maximum}",
    "size of a statement: ten years of four weeks", "choose dates nearer to each other."};

constexpr explain::Rule kWeekly{"PAY-STATEMENT-WEEKLY", "Line {line_id} is {weekly_pence} a week.",
                                "Care Act 2014 ss25(1)(e), 26; SI 2013/1617 reg 13"};
constexpr explain::Rule kOneOff{"PAY-STATEMENT-ONE-OFF", "Line {line_id} is {one_off_pence}, once.",
                                "Care Act 2014 ss25(1)(e), 26; SI 2013/1617 reg 13"};
constexpr explain::Rule kContribution{
    "PAY-STATEMENT-CONTRIBUTION",
    "Of the council's money {weekly_pence} a week is the person's contribution, paid into the same account.",
    "Care Act 2014 ss14, 31; SI 2014/2672", "", v1::PURPOSE_MEANS};
constexpr explain::Rule kLeft{"PAY-STATEMENT-LEFT",
                              "{opening_pence} to begin with and {settled_pence} settled, less {spent_pence} "
                              "spent and {over_pence} over, leaves "
                              "{left_pence}.",
                              "SI 2013/1617 reg 10; Care Act 2014 s31"};
constexpr explain::Rule kReserve{"PAY-STATEMENT-RESERVE",
                                 "{reserve_weeks} weeks may be kept in hand: {reserve_pence}. Above that are "
                                 "{above_pence}, before committed costs.",
                                 "local policy; SI 2013/1617 reg 15"};

struct Sums {
  money::Sum due, settled, held, spent, over, contribution, transferred;
};

void AddPayments(const StatementFacts& facts, const std::string& cycle_first_date, Sums& sums) {
  for (const v1::Payment& payment : facts.payments) {
    if (payment.agreement() != facts.agreement.name() || payment.cycle_first_date() != cycle_first_date)
      continue;
    if (payment.state() == v1::Payment::STATE_HELD) sums.held.Add(payment.gross_pence());
    if (payment.state() == v1::Payment::STATE_SETTLED) {
      sums.settled.Add(payment.gross_pence());
      sums.transferred.Add(payment.net_pence());
    }
  }
}

void AddSpendings(const StatementFacts& facts, absl::CivilDay first, absl::CivilDay last, Sums& sums) {
  for (const v1::Spending& spending : facts.spendings) {
    const absl::CivilDay day = dates::Checked(spending.spent_date());
    if (spending.agreement() == facts.agreement.name() && first <= day && day <= last) {
      sums.spent.Add(spending.amount_pence());
    }
  }
}

// The period's figures; its settled money that is no longer due counts as over.
absl::StatusOr<v1::StatementPeriod> PeriodOf(const StatementFacts& facts, const Period& period, Sums& sums,
                                             int64_t& left_pence) {
  Sums own;
  if (period.first <= period.last) {
    IPB_ASSIGN_OR_RETURN(const std::vector<ComponentDue> components, DueIn(facts.agreement, period));
    for (const ComponentDue& component : components) {
      own.due.Add(component.gross_pence);
      own.contribution.Add(component.contribution_pence);
    }
  }
  AddPayments(facts, dates::Format(period.cycle_first), own);
  AddSpendings(facts, period.cycle_first, period.cycle_last, own);
  v1::StatementPeriod row;
  row.set_first_date(dates::Format(period.cycle_first));
  row.set_last_date(dates::Format(period.cycle_last));
  IPB_ASSIGN_OR_RETURN(const int64_t due, own.due.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t settled, own.settled.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t held, own.held.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t spent, own.spent.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t contribution, own.contribution.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t transferred, own.transferred.Total());
  const int64_t over = std::max<int64_t>(settled - due, 0);
  IPB_ASSIGN_OR_RETURN(left_pence,
                       money::Sum().Add(left_pence).Add(settled).Subtract(spent).Subtract(over).Total());
  sums.settled.Add(settled);
  sums.spent.Add(spent);
  sums.over.Add(over);
  row.set_due_gross_pence(due);
  row.set_settled_gross_pence(settled);
  row.set_held_gross_pence(held);
  row.set_spent_pence(spent);
  row.set_left_pence(left_pence);
  row.set_contribution_due_pence(contribution);
  row.set_transferred_pence(transferred);
  return row;
}

std::vector<Period> PeriodsBetween(const StatementFacts& facts, absl::CivilDay from, absl::CivilDay to,
                                   size_t maximum) {
  const absl::CivilDay first = dates::Checked(facts.agreement.first_date());
  const auto last = LastPaidDay(facts.agreement, facts.death);
  std::vector<Period> periods;
  for (Period period = CycleOf(facts.agreement, std::max(first, from)); period.cycle_first <= to;
       period = CycleOf(facts.agreement, period.cycle_last + 1)) {
    period.first = std::max(period.first, first);
    if (last) period.last = std::min(period.last, *last);
    periods.push_back(period);
    if (periods.size() > maximum) break;
  }
  return periods;
}

absl::Status Weekly(const v1::Agreement& agreement, absl::CivilDay day, StatementDecision& decision) {
  money::Sum weekly;
  const bool paid = dates::Within(day, agreement.first_date(), agreement.last_date());
  for (const auto& line : agreement.lines()) {
    if (line.weekly_pence() > 0) {
      if (paid && dates::Within(day, line.first_date(), line.last_date())) weekly.Add(line.weekly_pence());
      decision.trace.Add(
          kWeekly, {{"line_id", line.line_id()}, {"weekly_pence", explain::Pence{line.weekly_pence()}}});
    }
    if (line.one_off_pence() > 0) {
      decision.trace.Add(
          kOneOff, {{"line_id", line.line_id()}, {"one_off_pence", explain::Pence{line.one_off_pence()}}});
    }
  }
  IPB_ASSIGN_OR_RETURN(const int64_t total, weekly.Total());
  decision.statement.set_weekly_gross_pence(total);
  decision.statement.set_contribution_weekly_pence(agreement.contribution_weekly_pence());
  if (agreement.contribution_weekly_pence() > 0) {
    decision.trace.Add(kContribution,
                       {{"weekly_pence", explain::Pence{agreement.contribution_weekly_pence()}}});
  }
  return absl::OkStatus();
}

absl::Status Reserve(const v1::PaymentsPolicy& policy, absl::CivilDay day, StatementDecision& decision) {
  const v1::SurplusReserve* row = dates::InEffect(policy.surplus_reserves(), day);
  if (row == nullptr) return errors::NoRate("reserve kept in hand", dates::Format(day));
  v1::Statement& statement = decision.statement;
  IPB_ASSIGN_OR_RETURN(const int64_t reserve,
                       money::Sum().AddTimes(statement.weekly_gross_pence(), row->reserve_weeks()).Total());
  const int64_t above = std::max<int64_t>(statement.left_pence() - reserve, 0);
  statement.set_reserve_pence(reserve);
  statement.set_above_reserve_pence(above);
  decision.trace.Add(kReserve, {{"reserve_weeks", static_cast<int64_t>(row->reserve_weeks())},
                                {"reserve_pence", explain::Pence{reserve}},
                                {"above_pence", explain::Pence{above}}});
  return absl::OkStatus();
}

absl::Status Periods(const StatementFacts& facts, const std::vector<Period>& shown,
                     StatementDecision& decision) {
  int64_t left = 0;
  Sums earlier, sums;
  const absl::CivilDay first = dates::Checked(facts.agreement.first_date());
  for (const Period& period : PeriodsBetween(facts, first, shown.front().cycle_first - 1, SIZE_MAX)) {
    IPB_RETURN_IF_ERROR(PeriodOf(facts, period, earlier, left).status());
  }
  const int64_t opening = left;
  for (const Period& period : shown) {
    IPB_ASSIGN_OR_RETURN(*decision.statement.add_periods(), PeriodOf(facts, period, sums, left));
  }
  IPB_ASSIGN_OR_RETURN(const int64_t settled, sums.settled.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t spent, sums.spent.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t over, sums.over.Total());
  decision.statement.set_opening_pence(opening);
  decision.statement.set_left_pence(left);
  decision.trace.Add(kLeft, {{"opening_pence", explain::Pence{opening}},
                             {"settled_pence", explain::Pence{settled}},
                             {"spent_pence", explain::Pence{spent}},
                             {"over_pence", explain::Pence{over}},
                             {"left_pence", explain::Pence{left}}});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StatementDays> DaysOf(const v1::GetStatementRequest& request, const v1::Agreement& agreement,
                                     absl::CivilDay today) {
  const absl::CivilDay first = dates::Checked(agreement.first_date());
  const absl::CivilDay latest = std::max(first, today);
  StatementDays days{first, latest};
  if (!request.from_date().empty()) days.from = dates::Checked(request.from_date());
  if (!request.to_date().empty()) days.to = dates::Checked(request.to_date());
  std::vector<errors::FieldViolation> wrong;
  if (days.from > latest) wrong.push_back({"from_date", "is in the future"});
  if (days.to < first) {
    wrong.push_back({"to_date", absl::StrCat("is before the agreement's first day, ", dates::Spell(first))});
  } else if (days.to < days.from) {
    wrong.push_back({"to_date", "is before from_date"});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  return days;
}

absl::StatusOr<StatementDecision> MakeStatement(const StatementFacts& facts, absl::CivilDay from,
                                                absl::CivilDay to, const v1::PaymentsPolicy& policy) {
  const std::vector<Period> shown = PeriodsBetween(facts, from, to, kMaximumStatementPeriods);
  if (shown.empty() || shown.size() > kMaximumStatementPeriods) {
    explain::Refusal refusal;
    refusal.Add(kPeriods, facts.agreement.name(),
                {{"from_date", from}, {"to_date", to}, {"maximum", int64_t{kMaximumStatementPeriods}}});
    return refusal.ToStatus();
  }
  StatementDecision decision;
  decision.statement.set_name(facts.agreement.name());
  decision.statement.set_first_date(dates::Format(shown.front().cycle_first));
  decision.statement.set_last_date(dates::Format(shown.back().cycle_last));
  const absl::CivilDay day = std::min(to, shown.back().cycle_last);
  IPB_RETURN_IF_ERROR(Weekly(facts.agreement, day, decision));
  IPB_RETURN_IF_ERROR(Periods(facts, shown, decision));
  IPB_RETURN_IF_ERROR(Reserve(policy, day, decision));
  return decision;
}

}  // namespace ipb::payments
