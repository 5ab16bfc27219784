#include "services/allocation/rules/charge.h"

#include <algorithm>
#include <vector>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/allocation/rules/capital.h"
#include "services/allocation/rules/expenses.h"
#include "services/allocation/rules/guarantee.h"
#include "services/allocation/rules/income.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kNotCareAct = {
    .id = "CHARGE-NEVER-NHS-OR-AFTER-CARE",
    .sentence = "{weekly_pence} a week paid on the basis \"{basis}\" is never charged for.",
    .source =
        "NHS Act 2006 s1(4); Mental Health Act 1983 s117; R v Manchester CC ex p Stennett [2002] UKHL 34",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNoCharge = {
    .id = "CHARGE-NOT-PERMITTED",
    .sentence = "{weekly_pence} a week is not charged for: {no_charge_basis}.",
    .source = "SI 2014/2672 regs 3-4; SI 2014/2673 reg 3",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kChargeable = {.id = "CHARGE-CHARGEABLE-COST",
                                       .sentence = "{chargeable_weekly_pence} a week may be charged for.",
                                       .source = "Care Act 2014 s14(1)",
                                       .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNotDisclosed = {
    .id = "CHARGE-NOT-DISCLOSED",
    .sentence = "The person's means were not told, so the full cost is paid.",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchAgreed = {
    .id = "CHARGE-LIGHT-TOUCH-AGREED",
    .sentence = "The person has not agreed to be assessed with a light touch",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .remedy =
        "tell the person that they may have a full assessment, and record that they agree; or assess in full",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchFull = {
    .id = "CHARGE-LIGHT-TOUCH-FULL-COST",
    .sentence = "The council is satisfied that the person can and will pay the full cost: {evidence}",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchSmall = {.id = "CHARGE-LIGHT-TOUCH-SMALL",
                                            .sentence =
                                                "The council is satisfied that {maximum_weekly_pence} a week "
                                                "is small and clearly affordable: {evidence}",
                                            .source = "SI 2014/2672 reg 10; guidance ch 8",
                                            .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kLightTouchNothing = {
    .id = "CHARGE-LIGHT-TOUCH-NOTHING",
    .sentence = "The council is satisfied by the person's benefits that they cannot contribute: {evidence}",
    .source = "SI 2014/2672 reg 10; guidance ch 8",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kMaximum = {
    .id = "CHARGE-MAXIMUM",
    .sentence =
        "The person can pay at most {maximum_weekly_pence} a week: {part} of what assessable income of "
        "{assessable_weekly_pence} exceeds the protected {protected_weekly_pence} by.",
    .source = "Care Act 2014 s14(7); SI 2014/2672 regs 7, 11, 25",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kFullCost = {
    .id = "CHARGE-FULL-COST",
    .sentence = "The person pays the whole chargeable cost of {charge_weekly_pence} a week.",
    .source = "Care Act 2014 s17(5); SI 2014/2672 regs 10, 12",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kCharge = {.id = "CHARGE-WEEKLY",
                                   .sentence =
                                       "The person pays {charge_weekly_pence} a week: the lower of "
                                       "{maximum_weekly_pence} and the chargeable "
                                       "cost of {chargeable_weekly_pence}.",
                                   .source = "Care Act 2014 s14(4)",
                                   .purpose = v1::PURPOSE_MEANS};

money::Fraction ChargedPartOn(absl::CivilDay day, const v1::AllocationPolicy& local) {
  const v1::ChargedPart* row = dates::InEffect(local.charged_parts(), day);
  return row == nullptr ? money::Fraction{1, 1}
                        : money::Fraction{row->part().numerator(), row->part().denominator()};
}

// The steps after capital is known not to exceed the limit.
absl::Status AssessWeekly(const v1::FinancialFacts& facts, absl::CivilDay day,
                          const v1::AllocationPolicy& national, const v1::AllocationPolicy& local,
                          v1::MeansTest& means, explain::Trace& trace) {
  IPB_ASSIGN_OR_RETURN(const int64_t income, AssessIncome(facts, day, national, local, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t assessable,
                       money::Sum().Add(income).Add(means.tariff_income_weekly_pence()).Total());
  IPB_ASSIGN_OR_RETURN(const int64_t guarantee,
                       AssessGuarantee(facts.household(), day, national, local, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t housing, AllowedHousingCosts(facts, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t expenses, AllowedDisabilityExpenses(facts, day, local, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t protected_pence,
                       money::Sum().Add(guarantee).Add(housing).Add(expenses).Total());
  const money::Fraction part = ChargedPartOn(day, local);
  const int64_t excess = std::max<int64_t>(0, assessable - protected_pence);
  IPB_ASSIGN_OR_RETURN(const int64_t maximum, money::Scale(excess, part, money::Rounding::kDown));
  means.set_outcome(v1::MEANS_OUTCOME_ASSESSED);
  means.set_assessable_weekly_pence(assessable);
  means.set_guarantee_weekly_pence(guarantee);
  means.set_housing_costs_weekly_pence(housing);
  means.set_disability_expenses_weekly_pence(expenses);
  means.set_maximum_weekly_pence(maximum);
  trace.Add(kMaximum,
            {{"assessable_weekly_pence", Pence{assessable}},
             {"protected_weekly_pence", Pence{protected_pence}},
             {"part", part},
             {"maximum_weekly_pence", Pence{maximum}}},
            money::Format(maximum));
  return absl::OkStatus();
}

// What a light-touch assessment comes to, without a look at income or capital.
absl::StatusOr<v1::MeansTest> TouchLightly(const v1::LightTouch& light_touch, explain::Trace& trace) {
  using LightTouch = v1::LightTouch;
  const bool small = light_touch.ground() == LightTouch::GROUND_SMALL_CHARGE;
  if (small != (light_touch.charge_weekly_pence() > 0)) {
    return errors::InvalidField("facts.light_touch.charge_weekly_pence",
                                "goes with a small charge and no other ground");
  }
  explain::Refusal refusal;
  if (!light_touch.person_agrees()) refusal.Add(kLightTouchAgreed, "facts.light_touch.person_agrees");
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::MeansTest means;
  const bool full = light_touch.ground() == LightTouch::GROUND_PAYS_FULL_COST;
  means.set_outcome(full ? v1::MEANS_OUTCOME_FULL_COST_LIGHT_TOUCH : v1::MEANS_OUTCOME_ASSESSED);
  means.set_maximum_weekly_pence(light_touch.charge_weekly_pence());
  trace.Add(
      full    ? kLightTouchFull
      : small ? kLightTouchSmall
              : kLightTouchNothing,
      {{"maximum_weekly_pence", Pence{means.maximum_weekly_pence()}}, {"evidence", light_touch.evidence()}});
  return means;
}

}  // namespace

absl::StatusOr<v1::MeansTest> AssessMeans(const v1::FinancialFacts& facts, absl::CivilDay day,
                                          const v1::AllocationPolicy& national,
                                          const v1::AllocationPolicy& local, explain::Trace& trace) {
  v1::MeansTest means;
  if (facts.disclosure_refused()) {
    means.set_outcome(v1::MEANS_OUTCOME_FULL_COST_NOT_DISCLOSED);
    trace.Add(kNotDisclosed);
    return means;
  }
  if (facts.has_light_touch()) return TouchLightly(facts.light_touch(), trace);
  if (!facts.has_household()) {
    return errors::InvalidField(
        "facts.household", "is needed unless disclosure is refused or the assessment is a light-touch one");
  }
  IPB_ASSIGN_OR_RETURN(const CapitalFinding capital, AssessCapital(facts, day, national, local, trace));
  means.set_counted_capital_pence(capital.counted_pence);
  if (capital.above_upper_limit) {
    means.set_outcome(v1::MEANS_OUTCOME_FULL_COST_CAPITAL);
    return means;
  }
  means.set_tariff_income_weekly_pence(capital.tariff_weekly_pence);
  IPB_RETURN_IF_ERROR(AssessWeekly(facts, day, national, local, means, trace));
  return means;
}

absl::StatusOr<int64_t> ChargeableWeeklyPence(absl::Span<const v1::ChargeLine> lines, explain::Trace& trace) {
  money::Sum chargeable;
  for (const v1::ChargeLine& line : lines) {
    const Pence weekly = {line.weekly_pence()};
    if (line.basis() != v1::FUNDING_BASIS_CARE_ACT) {
      trace.Add(kNotCareAct,
                {{"weekly_pence", weekly},
                 {"basis", explain::Words(v1::FundingBasis_Name(line.basis()), "FUNDING_BASIS_")}});
    } else if (line.no_charge_basis() != v1::NO_CHARGE_BASIS_UNSPECIFIED) {
      trace.Add(kNoCharge, {{"weekly_pence", weekly},
                            {"no_charge_basis", explain::Words(v1::NoChargeBasis_Name(line.no_charge_basis()),
                                                               "NO_CHARGE_BASIS_")}});
    } else {
      chargeable.Add(line.weekly_pence());
    }
  }
  IPB_ASSIGN_OR_RETURN(const int64_t total, chargeable.Total());
  trace.Add(kChargeable, {{"chargeable_weekly_pence", Pence{total}}});
  return total;
}

int64_t ChargeWeeklyPence(const v1::MeansTest& means, int64_t chargeable_weekly_pence,
                          explain::Trace& trace) {
  if (means.outcome() != v1::MEANS_OUTCOME_ASSESSED) {
    trace.Add(kFullCost, {{"charge_weekly_pence", Pence{chargeable_weekly_pence}}},
              money::Format(chargeable_weekly_pence));
    return chargeable_weekly_pence;
  }
  const int64_t charge = std::min(means.maximum_weekly_pence(), chargeable_weekly_pence);
  trace.Add(kCharge,
            {{"charge_weekly_pence", Pence{charge}},
             {"maximum_weekly_pence", Pence{means.maximum_weekly_pence()}},
             {"chargeable_weekly_pence", Pence{chargeable_weekly_pence}}},
            money::Format(charge));
  return charge;
}

absl::StatusOr<ChargeDecision> DecideCharge(const v1::EvaluateChargeRequest& request,
                                            const v1::AllocationPolicy& national,
                                            const v1::AllocationPolicy& local) {
  ChargeDecision decision;
  const std::vector<v1::ChargeLine> lines(request.lines().begin(), request.lines().end());
  IPB_ASSIGN_OR_RETURN(const int64_t chargeable, ChargeableWeeklyPence(lines, decision.trace));
  money::Sum council;
  for (const v1::ChargeLine& line : lines) {
    if (line.basis() == v1::FUNDING_BASIS_CARE_ACT) council.Add(line.weekly_pence());
  }
  decision.charge.set_chargeable_weekly_pence(chargeable);
  if (chargeable > 0) {
    const absl::CivilDay day = dates::Checked(request.decision_date());
    IPB_ASSIGN_OR_RETURN(*decision.charge.mutable_means_test(),
                         AssessMeans(request.facts(), day, national, local, decision.trace));
    decision.charge.set_charge_weekly_pence(
        ChargeWeeklyPence(decision.charge.means_test(), chargeable, decision.trace));
  }
  IPB_ASSIGN_OR_RETURN(const int64_t net, council.Subtract(decision.charge.charge_weekly_pence()).Total());
  decision.charge.set_council_pays_weekly_pence(net);
  return decision;
}

}  // namespace ipb::allocation
