#include "services/allocation/rules/nhs_share.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/ascii.h"
#include "common/money/pence.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr absl::string_view kSource =
    "NHS England, guidance on personal health budgets: no new money, and no more, more costly or earlier "
    "care "
    "than for others; SI 2012/2996 regs 32A, 32B";

constexpr explain::Rule kWithin = {
    .id = "NHS-SHARE-WITHIN-EQUIVALENT",
    .sentence =
        "The NHS pays {nhs_weekly_pence} a week; for the same needs it would have spent "
        "{equivalent_weekly_pence}.",
    .source = kSource};
constexpr explain::Rule kAbove = {
    .id = "NHS-SHARE-ABOVE-EQUIVALENT",
    .sentence =
        "The NHS pays {nhs_weekly_pence} a week, more than the {equivalent_weekly_pence} that it would have "
        "spent for the same needs; what is agreed has reasons that say which needs ask for it.",
    .source = kSource};
constexpr explain::Rule kReasons = {
    .id = "NHS-SHARE-REASONS",
    .sentence =
        "The NHS would pay {nhs_weekly_pence} a week, more than the {equivalent_weekly_pence} that it would "
        "have spent for the same needs, without reasons",
    .source = kSource,
    .remedy =
        "give an amount with its money `reasons` that say which needs ask for it, or use ReviseBudget with "
        "the "
        "`nhs_equivalent_weekly_pence` of the needs as they now are"};

bool IsNhs(const std::string& organisation, const OrganisationKinds& kinds) {
  const auto known = kinds.find(organisation);
  return known != kinds.end() && known->second == v1::CALLER_KIND_NHS;
}

int64_t NhsWeeklyPence(const v1::Budget& budget, const OrganisationKinds& kinds) {
  money::Sum sum;
  for (const v1::FunderAmount& total : budget.funder_totals()) {
    if (IsNhs(total.organisation(), kinds)) sum.Add(total.weekly_pence());
  }
  return sum.Total().value_or(std::numeric_limits<int64_t>::max());
}

bool HasReasons(const v1::BudgetComponent& component, const OrganisationKinds& kinds) {
  return !absl::StripAsciiWhitespace(component.reasons()).empty() &&
         std::any_of(component.shares().begin(), component.shares().end(),
                     [&](const v1::FundingShare& share) { return IsNhs(share.organisation(), kinds); });
}

explain::Inputs InputsOf(int64_t nhs_pence, const v1::Budget& budget) {
  return {{"nhs_weekly_pence", Pence{nhs_pence}},
          {"equivalent_weekly_pence", Pence{budget.nhs_equivalent_weekly_pence()}}};
}

}  // namespace

void CompareWithNhs(const v1::Budget& budget, const OrganisationKinds& kinds, explain::Trace& trace) {
  if (budget.nhs_equivalent_weekly_pence() == 0) return;
  const int64_t nhs_pence = NhsWeeklyPence(budget, kinds);
  const bool above = nhs_pence > budget.nhs_equivalent_weekly_pence();
  trace.Add(above ? kAbove : kWithin, InputsOf(nhs_pence, budget));
}

void CheckNhsShare(const v1::Budget& budget, const OrganisationKinds& kinds, explain::Refusal& refusal) {
  if (budget.nhs_equivalent_weekly_pence() == 0) return;
  const int64_t nhs_pence = NhsWeeklyPence(budget, kinds);
  const bool explained =
      std::any_of(budget.components().begin(), budget.components().end(),
                  [&](const v1::BudgetComponent& component) { return HasReasons(component, kinds); });
  if (nhs_pence <= budget.nhs_equivalent_weekly_pence() || explained) return;
  refusal.Add(kReasons, "amounts", InputsOf(nhs_pence, budget));
}

}  // namespace ipb::allocation
