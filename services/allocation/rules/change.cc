#include "services/allocation/rules/change.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/shares.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kPriced = {
    .id = "CHANGE-PRICE",
    .sentence =
        "From {first_day_date} \"{component_id}\" is priced at {unit_rate_pence} a unit: {weekly_pence} a "
        "week.",
    .source = "Care Act 2014 s26(1)(a); the funder's local policy"};
constexpr explain::Rule kGrown = {
    .id = "CHANGE-UPLIFT",
    .sentence =
        "From {first_day_date} what {organisation} pays of \"{component_id}\" grows by {part} of itself.",
    .source = "the funder's local policy: uplifts"};
constexpr explain::Rule kUplifted = {
    .id = "CHANGE-UPLIFTED",
    .sentence = "\"{component_id}\" comes to {weekly_pence} a week instead of {before_weekly_pence}.",
    .source = "the funder's local policy: uplifts"};
constexpr explain::Rule kFunded = {
    .id = "CHANGE-FUNDING",
    .sentence = "From {first_day_date} \"{component_id}\" is funded by {funders} instead of {before}.",
    .source = "National Framework for NHS continuing healthcare 2022; Care Act 2014 ss22, 26(3), 37"};

v1::BudgetComponent* Find(absl::Span<v1::BudgetComponent> components, absl::string_view component_id) {
  const auto found = std::find_if(components.begin(), components.end(), [&](const v1::BudgetComponent& one) {
    return one.component_id() == component_id;
  });
  return found == components.end() ? nullptr : &*found;
}

absl::Status SetPrice(const v1::ComponentPrice& price, absl::CivilDay day, v1::BudgetComponent& component,
                      explain::Trace& trace) {
  component.set_unit_rate_pence(price.unit_rate_pence());
  IPB_ASSIGN_OR_RETURN(const int64_t weekly, AmountAt(component, price.unit_rate_pence()));
  component.set_weekly_pence(weekly);
  IPB_RETURN_IF_ERROR(SplitBetweenFunders(component));
  trace.Add(kPriced, {{"first_day_date", day},
                      {"component_id", component.component_id()},
                      {"unit_rate_pence", Pence{price.unit_rate_pence()}},
                      {"weekly_pence", Pence{weekly}}});
  return absl::OkStatus();
}

// The part by which each share of the component grows, in the order of the shares.
std::vector<money::Fraction> PartsOf(const v1::BudgetChange& change, const v1::BudgetComponent& component) {
  std::vector<money::Fraction> parts(component.shares_size(), money::Fraction{0, 1});
  for (const v1::UpliftedShare& grown : change.uplifted()) {
    if (grown.component_id() != component.component_id()) continue;
    for (int i = 0; i < component.shares_size(); ++i) {
      const v1::FundingShare& share = component.shares(i);
      if (share.organisation() != grown.organisation() || share.basis() != grown.basis()) continue;
      parts[i] = {grown.part().numerator(), grown.part().denominator()};
    }
  }
  return parts;
}

// Sets the shares to the exact fractions of new amounts, which sum to more than nothing.
absl::Status SetShares(absl::Span<const int64_t> amounts, int64_t total, v1::BudgetComponent& component) {
  constexpr int64_t kMostOfFraction = 1'000'000'000;
  for (int i = 0; i < component.shares_size(); ++i) {
    const int64_t divisor = std::max<int64_t>(std::gcd(amounts[i], total), 1);
    if (total / divisor > kMostOfFraction) {
      return errors::MoneyOverflow();
    }
    component.mutable_shares(i)->mutable_share()->set_numerator(amounts[i] / divisor);
    component.mutable_shares(i)->mutable_share()->set_denominator(total / divisor);
  }
  return absl::OkStatus();
}

absl::Status Grow(const v1::BudgetChange& change, absl::CivilDay day, v1::BudgetComponent& component,
                  explain::Trace& trace) {
  const std::vector<money::Fraction> parts = PartsOf(change, component);
  const bool grows =
      std::any_of(parts.begin(), parts.end(), [](const money::Fraction& part) { return part.numerator > 0; });
  const int64_t before = component.weekly_pence();
  if (!grows || before == 0) return absl::OkStatus();
  const bool alike =
      std::all_of(parts.begin(), parts.end(), [&](const money::Fraction& part) { return part == parts[0]; });
  money::Sum total;
  std::vector<int64_t> amounts;
  for (int i = 0; i < component.shares_size(); ++i) {
    const int64_t amount = component.funder_amounts(i).weekly_pence();
    IPB_ASSIGN_OR_RETURN(const int64_t more, money::Scale(amount, parts[i], money::Rounding::kHalfUp));
    IPB_ASSIGN_OR_RETURN(const int64_t grown, money::Sum().Add(amount).Add(more).Total());
    amounts.push_back(grown);
    total.Add(grown);
    if (parts[i].numerator == 0) continue;
    trace.Add(kGrown, {{"first_day_date", day},
                       {"organisation", component.shares(i).organisation()},
                       {"component_id", component.component_id()},
                       {"part", parts[i]}});
  }
  int64_t after = 0;
  if (alike) {
    IPB_ASSIGN_OR_RETURN(const int64_t more, money::Scale(before, parts[0], money::Rounding::kHalfUp));
    IPB_ASSIGN_OR_RETURN(after, money::Sum().Add(before).Add(more).Total());
  } else {
    IPB_ASSIGN_OR_RETURN(after, total.Total());
    IPB_RETURN_IF_ERROR(SetShares(amounts, after, component));
  }
  component.set_weekly_pence(after);
  trace.Add(kUplifted, {{"component_id", component.component_id()},
                        {"weekly_pence", Pence{after}},
                        {"before_weekly_pence", Pence{before}}});
  return SplitBetweenFunders(component);
}

std::string FundersText(const v1::BudgetComponent& component) {
  return absl::StrJoin(component.shares(), ", ", [](std::string* text, const v1::FundingShare& share) {
    absl::StrAppend(text, share.organisation(), " (",
                    explain::Spell(money::Fraction{share.share().numerator(), share.share().denominator()}),
                    ", ", explain::Words(v1::FundingBasis_Name(share.basis()), "FUNDING_BASIS_"), ")");
  });
}

absl::Status Fund(const v1::ComponentFunding& funding, absl::CivilDay day, v1::BudgetComponent& component,
                  explain::Trace& trace) {
  const std::string before = FundersText(component);
  *component.mutable_shares() = funding.shares();
  IPB_RETURN_IF_ERROR(SplitBetweenFunders(component));
  trace.Add(kFunded, {{"first_day_date", day},
                      {"component_id", component.component_id()},
                      {"funders", FundersText(component)},
                      {"before", before}});
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyChange(const v1::BudgetChange& change, absl::Span<v1::BudgetComponent> components,
                         explain::Trace& trace) {
  const absl::CivilDay day = dates::Checked(change.effective_from_date());
  for (const v1::ComponentPrice& price : change.prices()) {
    v1::BudgetComponent* component = Find(components, price.component_id());
    if (component == nullptr) continue;
    IPB_RETURN_IF_ERROR(SetPrice(price, day, *component, trace));
  }
  if (change.uplifted_size() > 0) {
    for (v1::BudgetComponent& component : components) {
      IPB_RETURN_IF_ERROR(Grow(change, day, component, trace));
    }
  }
  for (const v1::ComponentFunding& funding : change.funding()) {
    v1::BudgetComponent* component = Find(components, funding.component_id());
    if (component == nullptr) continue;
    IPB_RETURN_IF_ERROR(Fund(funding, day, *component, trace));
  }
  return absl::OkStatus();
}

}  // namespace ipb::allocation
