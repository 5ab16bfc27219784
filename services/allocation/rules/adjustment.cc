#include "services/allocation/rules/adjustment.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/accrual.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kFunder = {
    .id = "ADJUSTED-FUNDER",
    .sentence =
        "For {first_date} to {last_date} {organisation} owes {after_pence} on the basis \"{basis}\" instead "
        "of {before_pence}: the difference is {difference_pence}.",
    .source = "Care Act 2014 s26; NHS Act 2006 ss75-76; National Framework: refunds guidance"};
constexpr explain::Rule kPerson = {
    .id = "ADJUSTED-CONTRIBUTION",
    .sentence =
        "For {first_date} to {last_date} the person's contribution is {after_pence} instead of "
        "{before_pence}: the difference is {difference_pence}.",
    .source = "Care Act 2014 ss14, 17, 26(1)(b); SI 2014/2672",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNotAsked = {
    .id = "ADJUSTED-NOT-CHARGED-BACK",
    .sentence =
        "For {first_date} to {last_date} the person's contribution stays {before_pence}: it is not made more "
        "for days before the budget was agreed.",
    .source = "Care Act 2014 ss14(1), 26(1)(b)",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kRecharge = {
    .id = "ADJUSTED-RECHARGE",
    .sentence = "{from_organisation} pays {amount_pence} to {to_organisation}; the person pays nothing back.",
    .source = "National Framework: refunds guidance; NHS Act 2006 ss75-76, 256"};

// What one funder owes for some days, before and after.
struct Owed {
  std::string organisation;
  v1::FundingBasis basis;
  money::Sum before, after;
};

Owed& Of(std::vector<Owed>& all, const v1::FunderAmount& funder) {
  for (Owed& one : all) {
    if (one.organisation == funder.organisation() && one.basis == funder.basis()) return one;
  }
  return all.emplace_back(Owed{funder.organisation(), funder.basis(), {}, {}});
}

// Adds what each funder owes by the budget for the days from `from` to `to`.
absl::Status AddFunders(const v1::Budget& budget, absl::CivilDay start, absl::CivilDay from,
                        absl::CivilDay to, money::Sum Owed::*sum, std::vector<Owed>& all) {
  for (const v1::BudgetComponent& component : budget.components()) {
    if (component.weekly_pence() == 0) continue;
    std::vector<money::Fraction> parts;
    for (const v1::FundingShare& share : component.shares()) {
      parts.push_back({share.share().numerator(), share.share().denominator()});
    }
    IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> due,
                         money::DueByPart(component.weekly_pence(), parts, start, from, to));
    for (int i = 0; i < component.funder_amounts_size(); ++i) {
      (Of(all, component.funder_amounts(i)).*sum).Add(due[i]);
    }
  }
  return absl::OkStatus();
}

// The days of both budgets that lie from `first` to `last`; none where the second is before the first.
std::pair<absl::CivilDay, absl::CivilDay> Shared(const v1::Budget& budget, absl::CivilDay first,
                                                 absl::CivilDay last) {
  const absl::CivilDay from = std::max(first, dates::Checked(budget.effective_from_date()));
  const bool open = budget.effective_to_date().empty();
  return {from, open ? last : std::min(last, dates::Checked(budget.effective_to_date()))};
}

// Days that passed, what is owed for them now, and where the difference is told.
struct Passed {
  absl::CivilDay first, last;
  // By which budget, and from which day on its course accrues; null for nothing.
  const v1::Budget* by;
  absl::CivilDay start;
  v1::Budget& told_in;
  explain::Trace& trace;
};

absl::Status AdjustFunders(absl::Span<const v1::Budget> before, absl::CivilDay start,
                           v1::AdjustmentReason reason, const Passed& days) {
  const auto& [first, last, by, start_now, made, trace] = days;
  std::vector<Owed> all;
  for (const v1::Budget& one : before) {
    const auto [from, to] = Shared(one, first, last);
    IPB_RETURN_IF_ERROR(AddFunders(one, start, from, to, &Owed::before, all));
  }
  if (by != nullptr) {
    IPB_RETURN_IF_ERROR(AddFunders(*by, start_now, first, last, &Owed::after, all));
  }
  for (const Owed& owed : all) {
    IPB_ASSIGN_OR_RETURN(const int64_t before_pence, owed.before.Total());
    IPB_ASSIGN_OR_RETURN(const int64_t after_pence, owed.after.Total());
    if (before_pence == after_pence) continue;
    v1::FundingAdjustment& adjustment = *made.add_adjustments();
    adjustment.set_organisation(owed.organisation);
    adjustment.set_basis(owed.basis);
    adjustment.set_from_date(dates::Format(first));
    adjustment.set_to_date(dates::Format(last));
    adjustment.set_before_pence(before_pence);
    adjustment.set_after_pence(after_pence);
    adjustment.set_difference_pence(after_pence - before_pence);
    adjustment.set_reason(reason);
    trace.Add(kFunder, {{"first_date", first},
                        {"last_date", last},
                        {"organisation", owed.organisation},
                        {"basis", explain::Words(v1::FundingBasis_Name(owed.basis), "FUNDING_BASIS_")},
                        {"before_pence", Pence{before_pence}},
                        {"after_pence", Pence{after_pence}},
                        {"difference_pence", Pence{after_pence - before_pence}}});
  }
  return absl::OkStatus();
}

absl::Status AdjustContribution(absl::Span<const v1::Budget> before, const AdjustmentBasis& basis,
                                const Passed& days) {
  const auto& [first, last, by, start_now, made, trace] = days;
  money::Sum owed;
  for (const v1::Budget& one : before) {
    const auto [from, to] = Shared(one, first, last);
    IPB_ASSIGN_OR_RETURN(const int64_t due,
                         money::DuePence(one.contribution_weekly_pence(), basis.start, from, to));
    owed.Add(due);
  }
  IPB_ASSIGN_OR_RETURN(const int64_t before_pence, owed.Total());
  const int64_t after_weekly_pence = by == nullptr ? 0 : by->contribution_weekly_pence();
  IPB_ASSIGN_OR_RETURN(const int64_t after_pence,
                       money::DuePence(after_weekly_pence, start_now, first, last));
  if (before_pence == after_pence) return absl::OkStatus();
  if (basis.refunds_only && after_pence > before_pence) {
    trace.Add(kNotAsked, {{"first_date", first}, {"last_date", last}, {"before_pence", Pence{before_pence}}});
    return absl::OkStatus();
  }
  v1::ContributionAdjustment& adjustment = *made.add_contribution_adjustments();
  adjustment.set_from_date(dates::Format(first));
  adjustment.set_to_date(dates::Format(last));
  adjustment.set_before_pence(before_pence);
  adjustment.set_after_pence(after_pence);
  adjustment.set_difference_pence(after_pence - before_pence);
  trace.Add(kPerson, {{"first_date", first},
                      {"last_date", last},
                      {"before_pence", Pence{before_pence}},
                      {"after_pence", Pence{after_pence}},
                      {"difference_pence", Pence{after_pence - before_pence}}});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<google::protobuf::RepeatedPtrField<v1::Recharge>> RechargesOf(
    absl::Span<const v1::FundingAdjustment> adjustments) {
  std::vector<std::pair<std::string, money::Sum>> sums;
  for (const v1::FundingAdjustment& one : adjustments) {
    auto at =
        std::find_if(sums.begin(), sums.end(), [&](const auto& s) { return s.first == one.organisation(); });
    if (at == sums.end()) at = sums.insert(sums.end(), {one.organisation(), {}});
    at->second.Add(one.difference_pence());
  }
  std::vector<std::pair<std::string, int64_t>> owing, owed;
  money::Sum rest;
  for (const auto& [organisation, sum] : sums) {
    IPB_ASSIGN_OR_RETURN(const int64_t difference, sum.Total());
    rest.Add(difference);
    if (difference > 0) owing.emplace_back(organisation, difference);
    if (difference < 0) owed.emplace_back(organisation, -difference);
  }
  IPB_ASSIGN_OR_RETURN(const int64_t rest_pence, rest.Total());
  google::protobuf::RepeatedPtrField<v1::Recharge> recharges;
  if (rest_pence != 0) return recharges;
  // What is owing is what is owed, so that both come to an end together.
  for (size_t from = 0, to = 0; from < owing.size();) {
    const int64_t amount = std::min(owing[from].second, owed[to].second);
    v1::Recharge& recharge = *recharges.Add();
    recharge.set_from_organisation(owing[from].first);
    recharge.set_to_organisation(owed[to].first);
    recharge.set_amount_pence(amount);
    if ((owing[from].second -= amount) == 0) ++from;
    if ((owed[to].second -= amount) == 0) ++to;
  }
  return recharges;
}

absl::Status Adjust(absl::Span<const v1::Budget> before, const AdjustmentBasis& basis, v1::Budget& made,
                    explain::Trace& trace) {
  const auto [first, last] = Shared(made, dates::Checked(made.effective_from_date()), basis.last);
  const absl::CivilDay start_now = basis.start_now.value_or(basis.start);
  if (last < first) return absl::OkStatus();
  const absl::CivilDay in_time = std::clamp(basis.overrun_until.value_or(first), first, last + 1);
  if (in_time > first) {
    IPB_RETURN_IF_ERROR(AdjustFunders(before, basis.start, v1::ADJUSTMENT_REASON_OVERRUN,
                                      {first, in_time - 1, &made, start_now, made, trace}));
  }
  if (in_time <= last) {
    IPB_RETURN_IF_ERROR(
        AdjustFunders(before, basis.start, basis.reason, {in_time, last, &made, start_now, made, trace}));
  }
  IPB_RETURN_IF_ERROR(AdjustContribution(before, basis, {first, last, &made, start_now, made, trace}));
  const std::vector<v1::FundingAdjustment> adjustments(made.adjustments().begin(), made.adjustments().end());
  IPB_ASSIGN_OR_RETURN(*made.mutable_recharges(), RechargesOf(adjustments));
  for (const v1::Recharge& recharge : made.recharges()) {
    trace.Add(kRecharge, {{"from_organisation", recharge.from_organisation()},
                          {"to_organisation", recharge.to_organisation()},
                          {"amount_pence", Pence{recharge.amount_pence()}}});
  }
  return absl::OkStatus();
}

absl::Status AdjustEnded(absl::Span<const v1::Budget> before, const AdjustmentBasis& basis,
                         absl::CivilDay last_day, v1::Budget& ended, explain::Trace& trace) {
  if (basis.last <= last_day) return absl::OkStatus();
  const Passed days = {last_day + 1, basis.last, nullptr, basis.start, ended, trace};
  IPB_RETURN_IF_ERROR(AdjustFunders(before, basis.start, basis.reason, days));
  return AdjustContribution(before, basis, days);
}

}  // namespace ipb::allocation
