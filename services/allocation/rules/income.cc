#include "services/allocation/rules/income.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
using explain::Pence;

constexpr explain::Rule kTwice = {
    .id = "INCOME-TWICE",
    .sentence = "Income of the kind {kind} is listed more than once, and a person receives it once",
    .source = "SI 2014/2672 regs 13-17: all income, each counted once",
    .remedy = "give what the person receives of it in one item",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kExclusive = {
    .id = "INCOME-NOT-TOGETHER",
    .sentence = "Income of the kinds {kind} and {other_kind} is not paid to one person at the same time",
    .source = "SI 2014/2672 regs 13-17: income as it is received",
    .remedy = "list the one that the person receives on the day",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kJoint = {
    .id = "INCOME-JOINT",
    .sentence =
        "{weekly_pence} a week of {kind} is paid to the couple: half of it, {half_pence}, is taken to be "
        "the person's.",
    .source = "guidance Annex C",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kDisregarded = {.id = "INCOME-DISREGARDED",
                                        .sentence = "{weekly_pence} a week of {kind} does not count.",
                                        .source = "SI 2014/2672 regs 14-15, Sch 1",
                                        .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kPartlyDisregarded = {
    .id = "INCOME-PARTLY-DISREGARDED",
    .sentence =
        "Of {weekly_pence} a week of {kind}, {disregarded_pence} does not count and {counted_pence} does.",
    .source = "SI 2014/2672 reg 15, Sch 1",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kCounted = {
    .id = "INCOME-COUNTED",
    .sentence = "{weekly_pence} a week of {kind} counts: nothing disregards it.",
    .source = "SI 2014/2672 regs 13-16",
    .purpose = v1::PURPOSE_MEANS};

// What there is of one kind.
struct OfKind {
  int items = 0;
  money::Sum weekly;
  // Of it, what goes to the partner at home.
  money::Sum passed;
};

using ByKind = std::array<OfKind, v1::IncomeKind_ARRAYSIZE>;

std::string WordsOf(int kind) {
  return explain::Words(v1::IncomeKind_Name(static_cast<v1::IncomeKind>(kind)), "INCOME_KIND_");
}

absl::Status Gather(const v1::FinancialFacts& facts, ByKind& by_kind, explain::Trace& trace) {
  const bool couple = facts.household().relationship() == v1::RELATIONSHIP_COUPLE;
  for (int i = 0; i < facts.income_size(); ++i) {
    const v1::IncomeItem& item = facts.income(i);
    if (!couple && (item.joint() || item.passed_to_partner())) {
      return errors::InvalidField(
          absl::StrCat("facts.income[", i, "].", item.joint() ? "joint" : "passed_to_partner"),
          "is for a member of a couple");
    }
    // Half a penny is left to the person.
    const int64_t own_pence = item.joint() ? item.weekly_pence() / 2 : item.weekly_pence();
    if (item.joint()) {
      trace.Add(kJoint, [&] {
        return Inputs{{"kind", WordsOf(item.kind())},
                      {"weekly_pence", Pence{item.weekly_pence()}},
                      {"half_pence", Pence{own_pence}}};
      });
    }
    OfKind& of_kind = by_kind[item.kind()];
    ++of_kind.items;
    of_kind.weekly.Add(own_pence);
    if (item.passed_to_partner()) of_kind.passed.Add(own_pence);
  }
  return absl::OkStatus();
}

absl::Status CheckKinds(const ByKind& by_kind, const ChargingRates& rates) {
  explain::Refusal refusal;
  for (int kind = 0; kind < v1::IncomeKind_ARRAYSIZE; ++kind) {
    if (by_kind[kind].items > 1 && rates.single_incomes[kind]) {
      refusal.Add(kTwice, "facts.income", {{"kind", WordsOf(kind)}});
    }
  }
  for (const v1::ExclusiveIncomes* row : rates.exclusive_incomes) {
    if (by_kind[row->kind()].items == 0 || by_kind[row->other_kind()].items == 0) continue;
    refusal.Add(kExclusive, "facts.income",
                {{"kind", WordsOf(row->kind())}, {"other_kind", WordsOf(row->other_kind())}});
  }
  return refusal.ToStatus();
}

bool HasHighestRate(const v1::Household& household) {
  return std::any_of(household.benefits().begin(), household.benefits().end(), [](int benefit) {
    return benefit == v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED ||
           benefit == v1::QUALIFYING_BENEFIT_DLA_CARE_HIGHEST ||
           benefit == v1::QUALIFYING_BENEFIT_ATTENDANCE_ALLOWANCE_HIGHER;
  });
}

// What one row disregards of a kind's weekly total.
absl::StatusOr<int64_t> DisregardedBy(const v1::IncomeDisregard& row, const v1::FinancialFacts& facts,
                                      int64_t weekly_pence, int64_t passed_pence, v1::CareSetting setting) {
  if (row.setting() != v1::CARE_SETTING_UNSPECIFIED && row.setting() != setting) return 0;
  const bool to_partner = row.condition() == v1::DISREGARD_CONDITION_PASSED_TO_PARTNER;
  if (row.condition() == v1::DISREGARD_CONDITION_HIGHEST_RATE && !HasHighestRate(facts.household())) return 0;
  const int64_t of_pence = to_partner ? passed_pence : weekly_pence;
  if (row.wholly()) return of_pence;
  if (row.has_part()) {
    // Half a penny is left to the person.
    return money::Scale(of_pence, {row.part().numerator(), row.part().denominator()}, money::Rounding::kUp);
  }
  const bool couple = facts.household().relationship() == v1::RELATIONSHIP_COUPLE;
  return std::min(of_pence, couple ? row.couple_weekly_pence() : row.single_weekly_pence());
}

absl::StatusOr<int64_t> DisregardedOf(int kind, const v1::FinancialFacts& facts, int64_t weekly_pence,
                                      int64_t passed_pence, v1::CareSetting setting,
                                      const ChargingRates& rates) {
  money::Sum sum;
  for (const v1::IncomeDisregard* row : rates.income_disregards[kind]) {
    IPB_ASSIGN_OR_RETURN(const int64_t disregarded_pence,
                         DisregardedBy(*row, facts, weekly_pence, passed_pence, setting));
    sum.Add(disregarded_pence);
  }
  IPB_ASSIGN_OR_RETURN(const int64_t disregarded_pence, sum.Total());
  return std::min(disregarded_pence, weekly_pence);
}

void Explain(int kind, int64_t weekly_pence, int64_t disregarded_pence, explain::Trace& trace) {
  const int64_t counted_pence = weekly_pence - disregarded_pence;
  const bool partly = disregarded_pence != 0 && counted_pence != 0;
  const explain::Rule& rule = partly ? kPartlyDisregarded : disregarded_pence == 0 ? kCounted : kDisregarded;
  trace.Add(rule, [&] {
    Inputs inputs = {{"kind", WordsOf(kind)}, {"weekly_pence", Pence{weekly_pence}}};
    if (partly) {
      inputs.push_back({"disregarded_pence", Pence{disregarded_pence}});
      inputs.push_back({"counted_pence", Pence{counted_pence}});
    }
    return inputs;
  });
}

}  // namespace

absl::StatusOr<int64_t> AssessIncome(const v1::FinancialFacts& facts, v1::CareSetting setting,
                                     const ChargingRates& rates, explain::Trace& trace) {
  ByKind by_kind;
  IPB_RETURN_IF_ERROR(Gather(facts, by_kind, trace));
  IPB_RETURN_IF_ERROR(CheckKinds(by_kind, rates));
  money::Sum counted;
  for (int kind = 0; kind < v1::IncomeKind_ARRAYSIZE; ++kind) {
    if (by_kind[kind].items == 0) continue;
    IPB_ASSIGN_OR_RETURN(const int64_t weekly_pence, by_kind[kind].weekly.Total());
    // Part of what fits.
    const int64_t passed_pence = *by_kind[kind].passed.Total();
    IPB_ASSIGN_OR_RETURN(const int64_t disregarded_pence,
                         DisregardedOf(kind, facts, weekly_pence, passed_pence, setting, rates));
    counted.Add(weekly_pence - disregarded_pence);
    Explain(kind, weekly_pence, disregarded_pence, trace);
  }
  return counted.Total();
}

}  // namespace ipb::allocation
