#include "services/payments/rules/schedule.h"

#include <algorithm>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/money/accrual.h"
#include "common/money/pence.h"

namespace ipb::payments {
namespace {

constexpr int kDaysInWeek = 7;

constexpr explain::Rule kWeekly{"PAY-DUE-WEEKLY",
                                "Line {line_id} is {weekly_pence} a week: {days} days from {first_date} to "
                                "{last_date} come to {due_pence}.",
                                "local policy: part weeks at days/7 of the weekly rate"};
constexpr explain::Rule kOneOff{"PAY-DUE-ONE-OFF",
                                "Line {line_id} is paid once, with this period: {due_pence}.",
                                "Care Act 2014 s26; SI 2013/1617 reg 13"};
constexpr explain::Rule kShare{"PAY-DUE-SHARE",
                               "Of line {line_id}, {organisation} funds {share}: {due_pence}.",
                               "shares as agreed with the budget, split by largest remainder"};
constexpr explain::Rule kContribution{"PAY-DUE-CONTRIBUTION",
                                      "The contribution of {weekly_pence} a week comes to {period_pence} for "
                                      "the period; {taken_pence} of it is taken from "
                                      "this component's council money, because payment is net.",
                                      "Care Act 2014 ss14, 31; SI 2014/2672", "", v1::PURPOSE_MEANS};
constexpr explain::Rule kNet{
    "PAY-DUE-NET", "{gross_pence} less the contribution of {contribution_pence} leaves {net_pence} to pay.",
    "Care Act 2014 ss14, 31", "", v1::PURPOSE_MEANS};

// A component while it is added up: beside each funder, how much of its money may bear the contribution.
struct Building {
  ComponentDue due;
  std::vector<int64_t> chargeable_pence;
};

Building& Of(std::vector<Building>& all, const std::string& component_id) {
  for (Building& one : all) {
    if (one.due.component_id == component_id) return one;
  }
  all.emplace_back().due.component_id = component_id;
  return all.back();
}

size_t FunderOf(Building& building, const v1::FundingShare& share) {
  auto& funders = building.due.funders;
  for (size_t i = 0; i < funders.size(); ++i) {
    if (funders[i].organisation() == share.organisation() && funders[i].basis() == share.basis()) return i;
  }
  funders.emplace_back().set_organisation(share.organisation());
  funders.back().set_basis(share.basis());
  building.chargeable_pence.push_back(0);
  return funders.size() - 1;
}

absl::Status AddSplit(Building& building, const v1::AgreementLine& line, int64_t pence, bool chargeable) {
  std::vector<money::Fraction> parts;
  for (const auto& share : line.shares()) {
    parts.push_back({share.share().numerator(), share.share().denominator()});
  }
  IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> split, money::Split(pence, parts));
  for (int i = 0; i < line.shares_size(); ++i) {
    const size_t at = FunderOf(building, line.shares(i));
    v1::PaymentFunder& funder = building.due.funders[at];
    IPB_ASSIGN_OR_RETURN(const int64_t gross, money::Sum().Add(funder.gross_pence()).Add(split[i]).Total());
    funder.set_gross_pence(gross);
    if (chargeable && funder.basis() == v1::FUNDING_BASIS_CARE_ACT) building.chargeable_pence[at] += split[i];
    building.due.trace.Add(kShare, {{"line_id", line.line_id()},
                                    {"organisation", funder.organisation()},
                                    {"share", parts[i]},
                                    {"due_pence", explain::Pence{split[i]}}});
  }
  return absl::OkStatus();
}

absl::Status AddWeekly(Building& building, const v1::AgreementLine& line, const Period& period) {
  const absl::CivilDay start = dates::Checked(line.first_date());
  const absl::CivilDay first = std::max(start, period.first);
  absl::CivilDay last = period.last;
  if (!line.last_date().empty()) last = std::min(last, dates::Checked(line.last_date()));
  IPB_ASSIGN_OR_RETURN(const int64_t pence, money::DuePence(line.weekly_pence(), start, first, last));
  if (pence == 0) return absl::OkStatus();
  building.due.trace.Add(kWeekly, {{"line_id", line.line_id()},
                                   {"weekly_pence", explain::Pence{line.weekly_pence()}},
                                   {"days", static_cast<int64_t>(last - first + 1)},
                                   {"first_date", first},
                                   {"last_date", last},
                                   {"due_pence", explain::Pence{pence}}});
  return AddSplit(building, line, pence, true);
}

absl::Status AddOneOff(Building& building, const v1::AgreementLine& line, const Period& period) {
  const absl::CivilDay day = dates::Checked(line.first_date());
  if (line.one_off_pence() == 0 || day < period.first || day > period.last) return absl::OkStatus();
  building.due.trace.Add(kOneOff,
                         {{"line_id", line.line_id()}, {"due_pence", explain::Pence{line.one_off_pence()}}});
  return AddSplit(building, line, line.one_off_pence(), false);
}

void TakeContribution(Building& building, const v1::Agreement& agreement, int64_t period_pence,
                      int64_t& left_pence) {
  int64_t taken = 0;
  for (size_t i = 0; i < building.due.funders.size(); ++i) {
    v1::PaymentFunder& funder = building.due.funders[i];
    const int64_t part = std::min(left_pence, building.chargeable_pence[i]);
    funder.set_contribution_pence(part);
    left_pence -= part;
    taken += part;
  }
  building.due.contribution_pence = taken;
  if (taken == 0) return;
  building.due.trace.Add(kContribution,
                         {{"weekly_pence", explain::Pence{agreement.contribution_weekly_pence()}},
                          {"period_pence", explain::Pence{period_pence}},
                          {"taken_pence", explain::Pence{taken}}});
}

absl::Status Close(ComponentDue& due) {
  money::Sum gross;
  for (v1::PaymentFunder& funder : due.funders) {
    funder.set_net_pence(funder.gross_pence() - funder.contribution_pence());
    gross.Add(funder.gross_pence());
  }
  IPB_ASSIGN_OR_RETURN(due.gross_pence, gross.Total());
  due.net_pence = due.gross_pence - due.contribution_pence;
  if (due.contribution_pence > 0) {
    due.trace.Add(kNet, {{"gross_pence", explain::Pence{due.gross_pence}},
                         {"contribution_pence", explain::Pence{due.contribution_pence}},
                         {"net_pence", explain::Pence{due.net_pence}}});
  }
  const auto nothing = [](const v1::PaymentFunder& funder) { return funder.gross_pence() == 0; };
  due.funders.erase(std::remove_if(due.funders.begin(), due.funders.end(), nothing), due.funders.end());
  return absl::OkStatus();
}

}  // namespace

Period CycleOf(const v1::Agreement& agreement, absl::CivilDay day) {
  const absl::CivilDay anchor = dates::Checked(agreement.cycle_anchor_date());
  const int64_t length = agreement.cycle_weeks() * kDaysInWeek;
  const int64_t from_anchor = day - anchor;
  const int64_t cycle = from_anchor >= 0 ? from_anchor / length : -((length - 1 - from_anchor) / length);
  Period period;
  period.cycle_first = period.first = anchor + cycle * length;
  period.cycle_last = period.last = period.cycle_first + (length - 1);
  period.due = period.cycle_first - agreement.advance_days();
  return period;
}

std::optional<absl::CivilDay> LastPaidDay(const v1::Agreement& agreement,
                                          std::optional<absl::CivilDay> death) {
  if (agreement.last_date().empty()) return death;
  const absl::CivilDay last = dates::Checked(agreement.last_date());
  return death ? std::min(last, *death) : last;
}

std::vector<Period> PeriodsDue(const v1::Agreement& agreement, std::optional<absl::CivilDay> last,
                               absl::CivilDay due_by) {
  std::vector<Period> periods;
  const absl::CivilDay first = dates::Checked(agreement.first_date());
  for (Period period = CycleOf(agreement, first); period.due <= due_by;
       period = CycleOf(agreement, period.cycle_last + 1)) {
    period.first = std::max(period.cycle_first, first);
    if (last) period.last = std::min(period.cycle_last, *last);
    if (period.last < period.first) break;
    periods.push_back(period);
  }
  return periods;
}

absl::StatusOr<std::vector<ComponentDue>> DueIn(const v1::Agreement& agreement, const Period& period) {
  std::vector<Building> building;
  for (const auto& line : agreement.lines()) {
    Building& component = Of(building, line.component_id());
    IPB_RETURN_IF_ERROR(AddWeekly(component, line, period));
    IPB_RETURN_IF_ERROR(AddOneOff(component, line, period));
  }
  IPB_ASSIGN_OR_RETURN(const int64_t contribution,
                       money::DuePence(agreement.contribution_weekly_pence(),
                                       dates::Checked(agreement.first_date()), period.first, period.last));
  int64_t left = contribution;
  std::vector<ComponentDue> dues;
  for (Building& component : building) {
    TakeContribution(component, agreement, contribution, left);
    IPB_RETURN_IF_ERROR(Close(component.due));
    if (component.due.gross_pence > 0) dues.push_back(std::move(component.due));
  }
  return dues;
}

}  // namespace ipb::payments
