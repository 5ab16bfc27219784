#include "services/allocation/rules/capital.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

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

struct Limits {
  int64_t lower_pence;
  int64_t upper_pence;
  int64_t step_pence;
  int64_t tariff_pence;
};

absl::StatusOr<Limits> LimitsOn(absl::CivilDay day, const v1::AllocationPolicy& national,
                                const v1::AllocationPolicy& local) {
  const v1::CapitalLimits* law = dates::InEffect(national.capital_limits(), day);
  if (law == nullptr) return errors::NoRate("capital limits", dates::Format(day));
  Limits limits = {law->lower_pence(), law->upper_pence(), law->tariff_step_pence(),
                   law->tariff_weekly_pence()};
  if (const v1::CapitalLimits* own = dates::InEffect(local.capital_limits(), day)) {
    limits = {std::max(limits.lower_pence, own->lower_pence()),
              std::max(limits.upper_pence, own->upper_pence()),
              std::max(limits.step_pence, own->tariff_step_pence()),
              std::min(limits.tariff_pence, own->tariff_weekly_pence())};
  }
  return limits;
}

// Whether a row of either policy disregards the item on the day.
absl::StatusOr<bool> IsDisregarded(const v1::CapitalItem& item, absl::string_view field, absl::CivilDay day,
                                   const v1::AllocationPolicy& national, const v1::AllocationPolicy& local) {
  const auto same_kind = [&](const v1::CapitalDisregard& row) { return row.kind() == item.kind(); };
  for (const v1::AllocationPolicy* policy : {&national, &local}) {
    const v1::CapitalDisregard* row = dates::InEffect(policy->capital_disregards(), day, same_kind);
    if (row == nullptr) continue;
    if (row->weeks() == 0) return true;
    if (item.received_date().empty()) {
      return errors::InvalidField(absl::StrCat(field, ".received_date"),
                                  "is needed: this kind of capital is disregarded for a time only");
    }
    if (day < dates::Checked(item.received_date()) + 7 * row->weeks()) return true;
  }
  return false;
}

absl::StatusOr<int64_t> CountedCapital(const v1::FinancialFacts& facts, absl::CivilDay day,
                                       const v1::AllocationPolicy& national,
                                       const v1::AllocationPolicy& local, explain::Trace& trace) {
  money::Sum counted;
  for (int i = 0; i < facts.capital_size(); ++i) {
    const v1::CapitalItem& item = facts.capital(i);
    const std::string kind = explain::Words(v1::CapitalKind_Name(item.kind()), "CAPITAL_KIND_");
    IPB_ASSIGN_OR_RETURN(const bool disregarded,
                         IsDisregarded(item, absl::StrCat("facts.capital[", i, "]"), day, national, local));
    if (disregarded) {
      trace.Add(kDisregarded, {{"kind", kind}, {"capital_pence", Pence{item.value_pence()}}});
      continue;
    }
    const int64_t owners = std::max(item.owners(), 1);
    const int64_t share_pence = item.value_pence() / owners;
    counted.Add(share_pence);
    trace.Add(kCounted, {{"kind", kind},
                         {"capital_pence", Pence{item.value_pence()}},
                         {"owners", owners},
                         {"counted_pence", Pence{share_pence}}});
  }
  return counted.Total();
}

}  // namespace

absl::StatusOr<CapitalFinding> AssessCapital(const v1::FinancialFacts& facts, absl::CivilDay day,
                                             const v1::AllocationPolicy& national,
                                             const v1::AllocationPolicy& local, explain::Trace& trace) {
  IPB_ASSIGN_OR_RETURN(const Limits limits, LimitsOn(day, national, local));
  CapitalFinding finding;
  IPB_ASSIGN_OR_RETURN(finding.counted_pence, CountedCapital(facts, day, national, local, trace));
  const Pence counted = {finding.counted_pence};
  if (finding.counted_pence > limits.upper_pence) {
    finding.above_upper_limit = true;
    trace.Add(kAboveUpper, {{"counted_pence", counted}, {"upper_pence", Pence{limits.upper_pence}}});
    return finding;
  }
  if (finding.counted_pence <= limits.lower_pence) {
    trace.Add(kBelowLower, {{"counted_pence", counted}, {"lower_pence", Pence{limits.lower_pence}}});
    return finding;
  }
  const int64_t above_pence = finding.counted_pence - limits.lower_pence;
  const int64_t steps = (above_pence + limits.step_pence - 1) / limits.step_pence;
  IPB_ASSIGN_OR_RETURN(finding.tariff_weekly_pence,
                       money::Sum().AddTimes(limits.tariff_pence, steps).Total());
  trace.Add(kTariff,
            {{"counted_pence", counted},
             {"lower_pence", Pence{limits.lower_pence}},
             {"step_pence", Pence{limits.step_pence}},
             {"tariff_pence", Pence{limits.tariff_pence}},
             {"tariff_weekly_pence", Pence{finding.tariff_weekly_pence}}},
            money::Format(finding.tariff_weekly_pence));
  return finding;
}

}  // namespace ipb::allocation
