#include "services/allocation/rules/uplift.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kGrows = {
    .id = "UPLIFT-SHARE",
    .sentence =
        "{description}: what {organisation} pays on the basis \"{basis}\" grows by {part} of itself from "
        "{first_day_date}, half a penny rounded up ({rate_source}).",
    .source = "local policy: uplift rates; Care Act 2014 s26(1)(a)"};
constexpr explain::Rule kZero = {.id = "UPLIFT-SHARE-AS-IT-IS",
                                 .sentence =
                                     "{description}: what {organisation} pays on the basis \"{basis}\" stays "
                                     "as it is from {first_day_date} "
                                     "({rate_source}).",
                                 .source = "local policy: uplift rates"};
constexpr explain::Rule kNothingOngoing = {
    .id = "UPLIFT-NOTHING-ONGOING",
    .sentence =
        "{organisation} pays nothing by it every week, and what is paid or held once is not uplifted.",
    .source = "local policy: uplift rates"};
constexpr explain::Rule kNothingGrows = {
    .id = "UPLIFT-NOTHING-GROWS",
    .sentence = "By the rates of {day_date} nothing that {organisation} pays by it grows.",
    .source = "local policy: uplift rates"};
constexpr explain::Rule kAlready = {.id = "UPLIFT-ONCE",
                                    .sentence = "It was uplifted from {first_day_date} already, by {uplift}.",
                                    .source = "local policy: one uplift from one day"};

// How much of a share a row names; the more, the sooner it counts.
int Precision(const v1::UpliftRate& rate) {
  return (rate.basis() != v1::FUNDING_BASIS_UNSPECIFIED ? 2 : 0) +
         (rate.category() != v1::SPENDING_CATEGORY_UNSPECIFIED ? 1 : 0);
}

const v1::UpliftRate* RateOf(const v1::AllocationPolicy& local, v1::FundingBasis basis,
                             v1::SpendingCategory category, absl::CivilDay day) {
  const v1::UpliftRate* best = nullptr;
  for (const v1::UpliftRate& rate : local.uplift_rates()) {
    const bool fits = (rate.basis() == v1::FUNDING_BASIS_UNSPECIFIED || rate.basis() == basis) &&
                      (rate.category() == v1::SPENDING_CATEGORY_UNSPECIFIED || rate.category() == category);
    if (!fits || !dates::Holds(rate, day)) continue;
    if (best == nullptr || Precision(rate) > Precision(*best)) best = &rate;
  }
  return best;
}

bool HasShare(const v1::BudgetChange& change, absl::string_view organisation) {
  return std::any_of(change.uplifted().begin(), change.uplifted().end(),
                     [&](const v1::UpliftedShare& share) { return share.organisation() == organisation; });
}

// The organisation's uplift from the very day that is in the budget; null for none.
const v1::BudgetChange* UpliftedFrom(const v1::Budget& budget, absl::string_view organisation,
                                     absl::string_view first_date) {
  for (const v1::BudgetChange& change : budget.changes()) {
    const bool is_uplift = !change.uplift().empty() && HasShare(change, organisation);
    if (is_uplift && change.effective_from_date() == first_date) return &change;
  }
  return nullptr;
}

// Adds what one share grows by, if it does.
absl::Status Grow(const v1::BudgetComponent& component, const v1::FunderAmount& amount,
                  const v1::AllocationPolicy& local, absl::CivilDay day, v1::BudgetChange& change,
                  explain::Trace& trace) {
  const std::string basis = explain::Words(v1::FundingBasis_Name(amount.basis()), "FUNDING_BASIS_");
  const v1::UpliftRate* rate = RateOf(local, amount.basis(), component.category(), day);
  if (rate == nullptr)
    return errors::NoRate(absl::StrCat("uplift of money on the basis \"", basis, "\""), dates::Format(day));
  const money::Fraction part = {rate->part().numerator(), rate->part().denominator()};
  const bool grows = part.numerator != 0;
  trace.Add(grows ? kGrows : kZero, {{"component_id", component.component_id()},
                                     {"description", component.description()},
                                     {"organisation", amount.organisation()},
                                     {"basis", basis},
                                     {"part", part},
                                     {"first_day_date", day},
                                     {"rate_source", rate->provenance().source()}});
  if (!grows) return absl::OkStatus();
  v1::UpliftedShare* share = change.add_uplifted();
  share->set_component_id(component.component_id());
  share->set_organisation(amount.organisation());
  share->set_basis(amount.basis());
  *share->mutable_part() = rate->part();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<v1::BudgetChange>> UpliftOf(const v1::Budget& budget,
                                                         absl::string_view organisation,
                                                         const v1::AllocationPolicy& local,
                                                         absl::CivilDay day, explain::Trace& trace) {
  v1::BudgetChange change;
  change.set_effective_from_date(dates::Format(day));
  if (const v1::BudgetChange* made = UpliftedFrom(budget, organisation, change.effective_from_date());
      made != nullptr) {
    trace.Add(kAlready, {{"first_day_date", day}, {"uplift", made->uplift()}});
    return std::nullopt;
  }
  bool pays = false;
  for (const v1::BudgetComponent& component : budget.components()) {
    if (component.kind() != v1::COMPONENT_KIND_ONGOING) continue;
    for (const v1::FunderAmount& amount : component.funder_amounts()) {
      if (amount.organisation() != organisation || amount.weekly_pence() == 0) continue;
      pays = true;
      IPB_RETURN_IF_ERROR(Grow(component, amount, local, day, change, trace));
    }
  }
  if (!change.uplifted().empty()) return change;
  trace.Add(pays ? kNothingGrows : kNothingOngoing,
            {{"organisation", std::string(organisation)}, {"day_date", day}});
  return std::nullopt;
}

}  // namespace ipb::allocation
