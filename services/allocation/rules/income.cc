#include "services/allocation/rules/income.h"

#include <algorithm>
#include <map>

#include "common/dates/effective.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

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

// What of a kind's weekly total does not count.
int64_t DisregardedOf(v1::IncomeKind kind, int64_t weekly_pence, bool couple, absl::CivilDay day,
                      const v1::AllocationPolicy& national, const v1::AllocationPolicy& local) {
  const auto same_kind = [&](const v1::IncomeDisregard& row) { return row.kind() == kind; };
  int64_t disregarded_pence = 0;
  for (const v1::AllocationPolicy* policy : {&national, &local}) {
    const v1::IncomeDisregard* row = dates::InEffect(policy->income_disregards(), day, same_kind);
    if (row == nullptr) continue;
    if (row->wholly()) return weekly_pence;
    disregarded_pence += couple ? row->couple_weekly_pence() : row->single_weekly_pence();
  }
  return std::min(disregarded_pence, weekly_pence);
}

void Explain(v1::IncomeKind kind, int64_t weekly_pence, int64_t disregarded_pence, explain::Trace& trace) {
  const int64_t counted_pence = weekly_pence - disregarded_pence;
  std::vector<explain::Input> inputs = {{"kind", explain::Words(v1::IncomeKind_Name(kind), "INCOME_KIND_")},
                                        {"weekly_pence", Pence{weekly_pence}}};
  if (disregarded_pence == 0) return trace.Add(kCounted, std::move(inputs));
  if (counted_pence == 0) return trace.Add(kDisregarded, std::move(inputs));
  inputs.push_back({"disregarded_pence", Pence{disregarded_pence}});
  inputs.push_back({"counted_pence", Pence{counted_pence}});
  trace.Add(kPartlyDisregarded, std::move(inputs));
}

}  // namespace

absl::StatusOr<int64_t> AssessIncome(const v1::FinancialFacts& facts, absl::CivilDay day,
                                     const v1::AllocationPolicy& national, const v1::AllocationPolicy& local,
                                     explain::Trace& trace) {
  const bool couple = facts.household().relationship() == v1::RELATIONSHIP_COUPLE;
  std::map<v1::IncomeKind, money::Sum> by_kind;
  for (const v1::IncomeItem& item : facts.income()) by_kind[item.kind()].Add(item.weekly_pence());
  money::Sum counted;
  for (const auto& [kind, sum] : by_kind) {
    IPB_ASSIGN_OR_RETURN(const int64_t weekly_pence, sum.Total());
    const int64_t disregarded_pence = DisregardedOf(kind, weekly_pence, couple, day, national, local);
    counted.Add(weekly_pence - disregarded_pence);
    Explain(kind, weekly_pence, disregarded_pence, trace);
  }
  return counted.Total();
}

}  // namespace ipb::allocation
