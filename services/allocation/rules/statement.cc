#include "services/allocation/rules/statement.h"

#include <algorithm>
#include <vector>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/assessment.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kCareActCost = {.id = "STATEMENT-COST-OF-NEEDS",
                                        .sentence =
                                            "Meeting the person's needs costs the council "
                                            "{care_act_weekly_pence} a week before any contribution.",
                                        .source = "Care Act 2014 s26(1)(a)"};
constexpr explain::Rule kOtherPublic = {.id = "STATEMENT-OTHER-PUBLIC-MONEY",
                                        .sentence =
                                            "Other public money in the budget is {other_public_weekly_pence} "
                                            "a week; no contribution comes out of it.",
                                        .source = "Care Act 2014 s26(3)"};
constexpr explain::Rule kFreeReablement = {
    .id = "STATEMENT-FREE-REABLEMENT",
    .sentence =
        "{free_reablement_weekly_pence} a week of reablement is free and is left out of the personal budget: "
        "it is neither part of the cost of meeting needs nor other public money.",
    .source = "Care Act 2014 s26(4); SI 2014/2840 reg 2",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kContribution = {
    .id = "STATEMENT-CONTRIBUTION",
    .sentence =
        "The person pays {contribution_weekly_pence} and the council {council_net_weekly_pence} a week.",
    .source = "Care Act 2014 s26(1)(b)-(c)",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNotAssessed = {
    .id = "STATEMENT-NOT-ASSESSED",
    .sentence = "What the person pays is not known yet: no financial assessment holds on {first_day_date}.",
    .source = "Care Act 2014 s17",
    .purpose = v1::PURPOSE_MEANS};

// The council whose money is in the budget, where something is chargeable and so there is one.
const std::string& CouncilOf(const v1::Budget& budget) {
  const auto& totals = budget.funder_totals();
  return std::find_if(
             totals.begin(), totals.end(),
             [](const v1::FunderAmount& total) { return total.basis() == v1::FUNDING_BASIS_CARE_ACT; })
      ->organisation();
}

// The council's money for reablement that is free on the day of the rates. What others pay for it is other
// public money like all that is theirs: only costs to a local authority are left out.
absl::StatusOr<int64_t> FreeReablementWeeklyPence(const ChargeLines& lines, const ChargingRates& rates) {
  money::Sum sum;
  for (const v1::ChargeLine& line : lines) {
    if (line.basis() != v1::FUNDING_BASIS_CARE_ACT) continue;
    IPB_ASSIGN_OR_RETURN(const bool free, IsFreeReablement(line, rates));
    if (free) sum.Add(line.weekly_pence());
  }
  return sum.Total();
}

absl::Status Contribute(const ChargeLines& lines, absl::Span<const v1::FinancialAssessment> assessments,
                        const ChargingRates& rates, v1::Budget& budget, explain::Trace& trace) {
  const absl::CivilDay first_day = rates.day;
  IPB_ASSIGN_OR_RETURN(const int64_t chargeable, ChargeableWeeklyPence(lines, rates, trace));
  budget.set_charge_assessed(true);
  if (chargeable > 0) {
    const v1::FinancialAssessment* assessment = AssessmentInEffect(assessments, CouncilOf(budget), first_day);
    if (assessment == nullptr) {
      budget.set_charge_assessed(false);
      trace.Add(kNotAssessed, {{"first_day_date", first_day}});
    } else {
      budget.set_financial_assessment(assessment->name());
      budget.set_contribution_weekly_pence(ChargeWeeklyPence(assessment->result(), chargeable, rates, trace));
    }
  }
  budget.set_council_net_weekly_pence(budget.care_act_weekly_pence() - budget.contribution_weekly_pence());
  trace.Add(kContribution, {{"contribution_weekly_pence", Pence{budget.contribution_weekly_pence()}},
                            {"council_net_weekly_pence", Pence{budget.council_net_weekly_pence()}}});
  return absl::OkStatus();
}

}  // namespace

ChargeLines LinesOf(const v1::Budget& budget) {
  ChargeLines lines;
  for (const v1::BudgetComponent& component : budget.components()) {
    for (const v1::FunderAmount& amount : component.funder_amounts()) {
      if (amount.weekly_pence() == 0) continue;
      v1::ChargeLine& line = *lines.Add();
      line.set_basis(amount.basis());
      line.set_weekly_pence(amount.weekly_pence());
      line.set_no_charge_basis(component.no_charge_basis());
      line.set_no_charge_from_date(component.no_charge_from_date());
      line.set_adaptation_pence(component.adaptation_pence());
    }
  }
  return lines;
}

absl::Status StateBudget(const v1::Costing& costing, absl::Span<const v1::FinancialAssessment> assessments,
                         const Policies& policies, v1::Budget& budget, explain::Trace& trace) {
  *budget.mutable_components() = costing.components();
  *budget.mutable_funder_totals() = costing.funder_totals();
  budget.set_weekly_pence(costing.weekly_pence());
  budget.set_one_off_pence(costing.one_off_pence());
  budget.set_annual_pence(costing.annual_pence());
  money::Sum care_act;
  for (const v1::FunderAmount& total : costing.funder_totals()) {
    if (total.basis() == v1::FUNDING_BASIS_CARE_ACT) care_act.Add(total.weekly_pence());
  }
  IPB_ASSIGN_OR_RETURN(const int64_t care_act_pence, care_act.Total());
  const ChargingRates rates = RatesOn(dates::Checked(budget.effective_from_date()), policies);
  const ChargeLines lines = LinesOf(budget);
  IPB_ASSIGN_OR_RETURN(const int64_t free_pence, FreeReablementWeeklyPence(lines, rates));
  budget.set_care_act_weekly_pence(care_act_pence - free_pence);
  budget.set_other_public_weekly_pence(costing.weekly_pence() - care_act_pence);
  trace.Add(kCareActCost, {{"care_act_weekly_pence", Pence{budget.care_act_weekly_pence()}}});
  if (free_pence > 0) {
    trace.Add(kFreeReablement, {{"free_reablement_weekly_pence", Pence{free_pence}}});
  }
  trace.Add(kOtherPublic, {{"other_public_weekly_pence", Pence{budget.other_public_weekly_pence()}}});
  return Contribute(lines, assessments, rates, budget, trace);
}

}  // namespace ipb::allocation
