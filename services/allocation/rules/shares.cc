#include "services/allocation/rules/shares.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"

namespace ipb::allocation {
namespace {

std::vector<money::Fraction> PartsOf(const v1::BudgetComponent& component) {
  std::vector<money::Fraction> parts;
  for (const v1::FundingShare& share : component.shares()) {
    parts.push_back({share.share().numerator(), share.share().denominator()});
  }
  return parts;
}

}  // namespace

void CheckShares(const v1::BudgetComponent& component, const std::string& field,
                 std::vector<errors::FieldViolation>& violations) {
  const std::string path = absl::StrCat(field, ".shares");
  std::set<std::pair<std::string, int>> seen;
  for (const v1::FundingShare& share : component.shares()) {
    if (!seen.emplace(share.organisation(), share.basis()).second) {
      violations.push_back({path, absl::StrCat("names ", share.organisation(), " twice on the same basis")});
    }
  }
  if (!money::SumToOne(PartsOf(component))) violations.push_back({path, "must sum to exactly one"});
}

absl::Status SplitBetweenFunders(v1::BudgetComponent& component) {
  const std::vector<money::Fraction> parts = PartsOf(component);
  std::vector<int64_t> weekly, one_off;
  for (auto& [pence, split] : {std::make_pair(component.weekly_pence(), &weekly),
                               std::make_pair(component.one_off_pence(), &one_off)}) {
    IPB_ASSIGN_OR_RETURN(*split, money::Split(pence, parts));
  }
  component.clear_funder_amounts();
  for (int i = 0; i < component.shares_size(); ++i) {
    v1::FunderAmount* amount = component.add_funder_amounts();
    amount->set_organisation(component.shares(i).organisation());
    amount->set_basis(component.shares(i).basis());
    amount->set_weekly_pence(weekly[i]);
    amount->set_one_off_pence(one_off[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::FunderAmount>> FunderTotals(absl::Span<const v1::BudgetComponent> components) {
  std::vector<v1::FunderAmount> totals;
  for (const v1::BudgetComponent& component : components) {
    for (const v1::FunderAmount& amount : component.funder_amounts()) {
      auto total = std::find_if(totals.begin(), totals.end(), [&](const v1::FunderAmount& t) {
        return t.organisation() == amount.organisation() && t.basis() == amount.basis();
      });
      if (total == totals.end()) {
        totals.push_back(amount);
        continue;
      }
      IPB_ASSIGN_OR_RETURN(const int64_t weekly,
                           money::Sum().Add(total->weekly_pence()).Add(amount.weekly_pence()).Total());
      IPB_ASSIGN_OR_RETURN(const int64_t one_off,
                           money::Sum().Add(total->one_off_pence()).Add(amount.one_off_pence()).Total());
      total->set_weekly_pence(weekly);
      total->set_one_off_pence(one_off);
    }
  }
  return totals;
}

}  // namespace ipb::allocation
