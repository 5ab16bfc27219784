#include "services/allocation/rules/charge.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/allocation/rules/charge_bounds.h"
#include "services/allocation/rules/means.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
using explain::Pence;

constexpr explain::Rule kNotCareAct = {
    .id = "CHARGE-NEVER-NHS-OR-AFTER-CARE",
    .sentence = "{weekly_pence} a week paid on the basis \"{basis}\" is never charged for.",
    .source =
        "NHS Act 2006 s1(4); Mental Health Act 1983 s117; R v Manchester CC ex p Stennett [2002] UKHL 34; "
        "Housing Grants, Construction and Regeneration Act 1996 s30",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNoCharge = {
    .id = "CHARGE-NOT-PERMITTED",
    .sentence = "{weekly_pence} a week is not charged for: {no_charge_basis}.",
    .source = "Care Act 2014 s14(3); SI 2014/2672 regs 3-4; SI 2014/2673 reg 3",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kReablementOver = {
    .id = "CHARGE-REABLEMENT-OVER",
    .sentence =
        "Reablement began on {first_date} and is free for {weeks} weeks, which are over: {weekly_pence} a "
        "week may be charged for.",
    .source = "SI 2014/2672 reg 3",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kMajorAdaptation = {
    .id = "CHARGE-MAJOR-ADAPTATION",
    .sentence =
        "The adaptation costs {adaptation_pence}, more than the {limit_pence} of a minor one: "
        "{weekly_pence} a week may be charged for.",
    .source = "SI 2014/2673 reg 2",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kChargeable = {.id = "CHARGE-CHARGEABLE-COST",
                                       .sentence = "{chargeable_weekly_pence} a week may be charged for.",
                                       .source = "Care Act 2014 s14(1)",
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
constexpr explain::Rule kArrangementFee = {
    .id = "CHARGE-ARRANGEMENT-FEE",
    .sentence =
        "For arranging the care, which the person asked for although their means are above the limit, the "
        "council takes {arrangement_fee_weekly_pence} a week beside the charge.",
    .source = "Care Act 2014 s14(1)(b); SI 2014/2672 reg 5",
    .purpose = v1::PURPOSE_MEANS};

// Whether what the council pays for in a line is free: for good, for a time that is not over, or up to a
// price.
absl::StatusOr<bool> IsFree(const v1::ChargeLine& line, const ChargingRates& rates, explain::Trace& trace) {
  const v1::NoChargeBasis basis = line.no_charge_basis();
  if (basis == v1::NO_CHARGE_BASIS_UNSPECIFIED) return false;
  const Pence weekly = {line.weekly_pence()};
  if (basis == v1::NO_CHARGE_BASIS_REABLEMENT) {
    IPB_ASSIGN_OR_RETURN(const bool free, IsFreeReablement(line, rates));
    if (free) return true;
    trace.Add(kReablementOver, {{"first_date", dates::Checked(line.no_charge_from_date())},
                                {"weeks", int64_t{rates.no_charge_limits->reablement_weeks()}},
                                {"weekly_pence", weekly}});
    return false;
  }
  const bool priced = basis == v1::NO_CHARGE_BASIS_AID_OR_MINOR_ADAPTATION && line.adaptation_pence() > 0;
  if (!priced) return true;
  const v1::NoChargeLimits* limits = rates.no_charge_limits;
  if (limits == nullptr) return errors::NoRate("limits of what is free", dates::Format(rates.day));
  if (line.adaptation_pence() <= limits->minor_adaptation_pence()) return true;
  trace.Add(kMajorAdaptation, {{"adaptation_pence", Pence{line.adaptation_pence()}},
                               {"limit_pence", Pence{limits->minor_adaptation_pence()}},
                               {"weekly_pence", weekly}});
  return false;
}

// What the council takes for arranging care; only from who asked it to, which is not for care homes.
int64_t ArrangementFee(const v1::MeansTest& means, const ChargingRates& rates, explain::Trace& trace) {
  if (means.duty() != v1::DUTY_CONDITION_ASKED || rates.arrangement_fee == nullptr ||
      means.outcome() != v1::MEANS_OUTCOME_FULL_COST_CAPITAL) {
    return 0;
  }
  const int64_t fee = rates.arrangement_fee->weekly_pence();
  trace.Add(kArrangementFee, {{"arrangement_fee_weekly_pence", Pence{fee}}}, Pence{fee});
  return fee;
}

}  // namespace

absl::StatusOr<bool> IsFreeReablement(const v1::ChargeLine& line, const ChargingRates& rates) {
  if (line.no_charge_basis() != v1::NO_CHARGE_BASIS_REABLEMENT) return false;
  if (line.no_charge_from_date().empty()) return true;
  const v1::NoChargeLimits* limits = rates.no_charge_limits;
  if (limits == nullptr) return errors::NoRate("limits of what is free", dates::Format(rates.day));
  return rates.day < dates::Checked(line.no_charge_from_date()) + 7 * limits->reablement_weeks();
}

absl::StatusOr<int64_t> ChargeableWeeklyPence(const ChargeLines& lines, const ChargingRates& rates,
                                              explain::Trace& trace) {
  money::Sum chargeable;
  for (const v1::ChargeLine& line : lines) {
    const Pence weekly = {line.weekly_pence()};
    if (line.basis() != v1::FUNDING_BASIS_CARE_ACT) {
      trace.Add(kNotCareAct, [&] {
        return Inputs{{"weekly_pence", weekly},
                      {"basis", explain::Words(v1::FundingBasis_Name(line.basis()), "FUNDING_BASIS_")}};
      });
      continue;
    }
    IPB_ASSIGN_OR_RETURN(const bool free, IsFree(line, rates, trace));
    if (!free) {
      chargeable.Add(line.weekly_pence());
      continue;
    }
    trace.Add(kNoCharge, [&] {
      return Inputs{{"weekly_pence", weekly},
                    {"no_charge_basis",
                     explain::Words(v1::NoChargeBasis_Name(line.no_charge_basis()), "NO_CHARGE_BASIS_")}};
    });
  }
  IPB_ASSIGN_OR_RETURN(const int64_t total, chargeable.Total());
  trace.Add(kChargeable, [&] { return Inputs{{"chargeable_weekly_pence", Pence{total}}}; });
  return total;
}

int64_t ChargeWeeklyPence(const v1::MeansTest& means, int64_t chargeable_weekly_pence,
                          const ChargingRates& rates, explain::Trace& trace) {
  if (means.outcome() != v1::MEANS_OUTCOME_ASSESSED) {
    const Pence full = {chargeable_weekly_pence};
    trace.Add(
        kFullCost,
        [&] {
          return Inputs{{"charge_weekly_pence", full}};
        },
        full);
    return Bound(chargeable_weekly_pence, means.setting(), rates, trace);
  }
  const int64_t charge = std::min(means.maximum_weekly_pence(), chargeable_weekly_pence);
  trace.Add(
      kCharge,
      [&] {
        return Inputs{{"charge_weekly_pence", Pence{charge}},
                      {"maximum_weekly_pence", Pence{means.maximum_weekly_pence()}},
                      {"chargeable_weekly_pence", Pence{chargeable_weekly_pence}}};
      },
      Pence{charge});
  return Bound(charge, means.setting(), rates, trace);
}

absl::StatusOr<v1::ChargeCalculation> DecideCharge(const v1::FinancialFacts& facts, const ChargeLines& lines,
                                                   const ChargingRates& rates, explain::Trace& trace) {
  v1::ChargeCalculation calculation;
  IPB_ASSIGN_OR_RETURN(const int64_t chargeable, ChargeableWeeklyPence(lines, rates, trace));
  money::Sum council;
  for (const v1::ChargeLine& line : lines) {
    if (line.basis() == v1::FUNDING_BASIS_CARE_ACT) council.Add(line.weekly_pence());
  }
  calculation.set_chargeable_weekly_pence(chargeable);
  if (chargeable > 0) {
    IPB_ASSIGN_OR_RETURN(*calculation.mutable_means_test(), AssessMeans(facts, rates, trace));
    const v1::MeansTest& means = calculation.means_test();
    calculation.set_charge_weekly_pence(ChargeWeeklyPence(means, chargeable, rates, trace));
    calculation.set_arrangement_fee_weekly_pence(ArrangementFee(means, rates, trace));
  }
  IPB_ASSIGN_OR_RETURN(const int64_t net, council.Subtract(calculation.charge_weekly_pence()).Total());
  calculation.set_council_pays_weekly_pence(net);
  return calculation;
}

}  // namespace ipb::allocation
