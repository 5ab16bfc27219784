#include "services/allocation/rules/capital.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/allocation/rules/care_setting.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
using explain::Pence;

constexpr explain::Rule kDisregarded = {.id = "CAPITAL-DISREGARDED",
                                        .sentence = "{capital_pence} of {kind} does not count.",
                                        .source = "SI 2014/2672 reg 18(2), Sch 2",
                                        .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kCounted = {.id = "CAPITAL-COUNTED",
                                    .sentence =
                                        "{counted_pence} of {kind} counts: the person's equal share of "
                                        "{capital_pence} with {owners} owner(s).",
                                    .source = "SI 2014/2672 regs 18, 20, 24",
                                    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kWorth = {.id = "CAPITAL-WORTH",
                                  .sentence =
                                      "{kind} of {capital_pence} is worth {worth_pence}: {sale_costs_pence} "
                                      "for the costs of selling it and "
                                      "{secured_debt_pence} that is secured on it are taken off.",
                                  .source = "SI 2014/2672 reg 20",
                                  .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kAboveUpper = {
    .id = "CAPITAL-ABOVE-UPPER-LIMIT",
    .sentence =
        "Capital of {counted_pence} is more than the upper limit of {upper_pence}, so the full cost is paid.",
    .source = "SI 2014/2672 reg 12",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kBelowLower = {
    .id = "CAPITAL-BELOW-LOWER-LIMIT",
    .sentence =
        "Capital of {counted_pence} is not more than the lower limit of {lower_pence}, so it is ignored.",
    .source = "SI 2014/2672 reg 25",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kTariff = {
    .id = "CHARGE-TARIFF-INCOME",
    .sentence =
        "Capital of {counted_pence} is taken to give {tariff_weekly_pence} a week: {tariff_pence} for each "
        "{step_pence}, or part of it, above {lower_pence}.",
    .source = "SI 2014/2672 reg 25",
    .purpose = v1::PURPOSE_MEANS};

// The first day of SI 2014/2672: nothing diminished by it before.
constexpr absl::CivilDay kInForce(2015, 4, 1);

bool IsLand(v1::CapitalKind kind) {
  return kind == v1::CAPITAL_KIND_MAIN_HOME || kind == v1::CAPITAL_KIND_PROPERTY;
}

// Whether a row is about the item where the needs are met there, and its time is not over.
bool Applies(const v1::CapitalDisregard& row, const v1::CapitalItem& item, const v1::ResidentialStay& stay,
             v1::CareSetting setting, absl::CivilDay day) {
  if (row.setting() != v1::CARE_SETTING_UNSPECIFIED && row.setting() != setting) return false;
  if (row.occupier() != v1::HOME_OCCUPIER_UNSPECIFIED && row.occupier() != item.occupier()) return false;
  if (row.while_return_is_meant() && !stay.returns_home()) return false;
  if (row.weeks() > 0 && day >= dates::Checked(item.received_date()) + 7 * row.weeks()) return false;
  if (row.weeks_of_stay() == 0) return true;
  return !stay.first_weeks_used() && day < PermanentFrom(stay) + 7 * row.weeks_of_stay();
}

// Whether a row of either policy disregards the item on the day.
absl::StatusOr<bool> IsDisregarded(const v1::FinancialFacts& facts, int index, v1::CareSetting setting,
                                   const ChargingRates& rates) {
  const v1::CapitalItem& item = facts.capital(index);
  for (const v1::CapitalDisregard* row : rates.capital_disregards[item.kind()]) {
    if (row->weeks() > 0 && item.received_date().empty()) {
      return errors::InvalidField(absl::StrCat("facts.capital[", index, "].received_date"),
                                  "is needed: this kind of capital is disregarded for a time only");
    }
    if (Applies(*row, item, facts.stay(), setting, rates.day)) return true;
  }
  return false;
}

absl::Status CheckItem(const v1::CapitalItem& item, int index, const CountedCapital& before,
                       absl::CivilDay day) {
  const auto wrong = [index](absl::string_view field, absl::string_view description) {
    return errors::InvalidField(absl::StrCat("facts.capital[", index, "].", field), std::string(description));
  };
  if (IsLand(item.kind()) && item.owners() > 1) {
    return wrong("owners", "is for money held together: of land give the value of the person's own interest");
  }
  if (!item.has_notional()) return absl::OkStatus();
  if (item.kind() != v1::CAPITAL_KIND_NOTIONAL) return wrong("notional", "is for notional capital");
  if (item.owners() > 1) return wrong("owners", "is for money held together: give the person's share of it");
  if (item.sale_costs() || item.secured_debt_pence() > 0) {
    return wrong("notional",
                 "diminishes from what it was worth: take off what selling cost and what was secured on it");
  }
  if (before.notional != nullptr) {
    return wrong("notional", "is given twice: add up what diminishes, as it was on one day");
  }
  const absl::CivilDay valued = dates::Checked(item.notional().valued_date());
  if (valued > day) return wrong("notional.valued_date", "is after the day of the assessment");
  if (valued < kInForce)
    return wrong("notional.valued_date", "is before 1 April 2015, when these rules began");
  return absl::OkStatus();
}

Inputs InputsOf(const v1::CapitalItem& item) {
  return {{"kind", explain::Words(v1::CapitalKind_Name(item.kind()), "CAPITAL_KIND_")},
          {"capital_pence", Pence{item.value_pence()}}};
}

// What the item is worth to who would sell it: a tenth, a part of a penny rounded up, and what is secured on
// it less, and never less than nothing.
int64_t WorthOf(const v1::CapitalItem& item, explain::Trace& trace) {
  if (!item.sale_costs() && item.secured_debt_pence() == 0) return item.value_pence();
  const int64_t sale_costs_pence = item.sale_costs() ? (item.value_pence() + 9) / 10 : 0;
  const int64_t worth_pence =
      std::max<int64_t>(item.value_pence() - sale_costs_pence - item.secured_debt_pence(), 0);
  trace.Add(kWorth, [&] {
    Inputs inputs = InputsOf(item);
    inputs.push_back({"worth_pence", Pence{worth_pence}});
    inputs.push_back({"sale_costs_pence", Pence{sale_costs_pence}});
    inputs.push_back({"secured_debt_pence", Pence{item.secured_debt_pence()}});
    return inputs;
  });
  return worth_pence;
}

}  // namespace

absl::StatusOr<CountedCapital> CountCapital(const v1::FinancialFacts& facts, v1::CareSetting setting,
                                            const ChargingRates& rates, explain::Trace& trace) {
  CountedCapital counted;
  money::Sum sum;
  for (int i = 0; i < facts.capital_size(); ++i) {
    const v1::CapitalItem& item = facts.capital(i);
    IPB_RETURN_IF_ERROR(CheckItem(item, i, counted, rates.day));
    IPB_ASSIGN_OR_RETURN(const bool disregarded, IsDisregarded(facts, i, setting, rates));
    if (disregarded) {
      trace.Add(kDisregarded, [&] { return InputsOf(item); });
      continue;
    }
    if (item.has_notional()) {
      counted.notional = &item;
      continue;
    }
    const int64_t owners = std::max(item.owners(), 1);
    const int64_t worth_pence = WorthOf(item, trace);
    const int64_t share_pence = worth_pence / owners;
    sum.Add(share_pence);
    trace.Add(kCounted, [&] {
      Inputs inputs = InputsOf(item);
      inputs[1].value = Pence{worth_pence};
      inputs.push_back({"owners", owners});
      inputs.push_back({"counted_pence", Pence{share_pence}});
      return inputs;
    });
  }
  IPB_ASSIGN_OR_RETURN(counted.counted_pence, sum.Total());
  return counted;
}

CapitalFinding FindCapital(int64_t counted_pence, const CapitalLimitsOfDay& limits) {
  CapitalFinding finding;
  finding.above_upper_limit = counted_pence > limits.upper_pence;
  if (finding.above_upper_limit || counted_pence <= limits.lower_pence) return finding;
  // Below the upper limit of at most a thousand million pounds and by steps of a penny and more: it fits.
  const int64_t steps = (counted_pence - limits.lower_pence + limits.step_pence - 1) / limits.step_pence;
  finding.tariff_weekly_pence = limits.tariff_weekly_pence * steps;
  return finding;
}

CapitalFinding AssessCapital(int64_t counted_pence, const CapitalLimitsOfDay& limits, explain::Trace& trace) {
  const CapitalFinding finding = FindCapital(counted_pence, limits);
  const explain::Input counted = {"counted_pence", Pence{counted_pence}};
  if (finding.above_upper_limit) {
    trace.Add(kAboveUpper, [&] { return Inputs{counted, {"upper_pence", Pence{limits.upper_pence}}}; });
  } else if (counted_pence <= limits.lower_pence) {
    trace.Add(kBelowLower, [&] { return Inputs{counted, {"lower_pence", Pence{limits.lower_pence}}}; });
  } else {
    trace.Add(
        kTariff,
        [&] {
          return Inputs{counted,
                        {"lower_pence", Pence{limits.lower_pence}},
                        {"step_pence", Pence{limits.step_pence}},
                        {"tariff_pence", Pence{limits.tariff_weekly_pence}},
                        {"tariff_weekly_pence", Pence{finding.tariff_weekly_pence}}};
        },
        Pence{finding.tariff_weekly_pence});
  }
  return finding;
}

}  // namespace ipb::allocation
