#include "services/allocation/rules/table_fit.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr absl::string_view kPercentiles =
    "Care Act 2014 s26; care and support guidance ch 11; R (Savva) v RBKC [2010] EWCA Civ 1209; from "
    "practice: resource allocation systems by percentile";

constexpr int kMostPercentile = 100;
// As many as the contract lets a table have.
constexpr size_t kMostPricePoints = 1000;
constexpr size_t kMostExplained = 50;

constexpr explain::Rule kTooLittle = {
    .id = "ALLOCATION-FIT-BUDGET",
    .sentence =
        "Less the contingency there is {available_weekly_pence} a week to allocate, and even the lowest "
        "percentile gives the sample of {sample_size} together {least_weekly_pence}",
    .source = kPercentiles,
    .remedy =
        "allocate at least {least_budget_weekly_pence} a week with the same contingency, hold back less, "
        "or correct the sample"};
constexpr explain::Rule kTooFine = {
    .id = "ALLOCATION-FIT-POINTS",
    .sentence = "The sample gives {price_points} price points, and a table holds {most_price_points}",
    .source = kPercentiles,
    .remedy = "score more coarsely, so that more people of the sample share the same points"};

constexpr explain::Rule kFit = {
    .id = "ALLOCATION-FIT",
    .sentence =
        "From a sample of {sample_size}: points are worth percentile {percentile} of what the support of "
        "people with these points costs, the highest by which all fit in {available_weekly_pence} a week, "
        "which is {budget_weekly_pence} less {contingency} of it, rounded down. Together they get "
        "{allocated_weekly_pence}.",
    .source = kPercentiles};
constexpr explain::Rule kPrice = {.id = "ALLOCATION-FIT-PRICE",
                                  .sentence =
                                      "{points} points: {people} of the sample. Percentile {percentile} of "
                                      "their costs, by nearest rank, is {weekly_pence} a week.",
                                  .source = kPercentiles};
constexpr explain::Rule kPooled = {
    .id = "ALLOCATION-FIT-POOLED",
    .sentence =
        "{points} to {last_points} points: {people} of the sample. By their own costs more points would be "
        "worth less, so their {groups} groups share the average of {weekly_sum_pence} between all "
        "{people}, rounded down to {weekly_pence} a week.",
    .source = kPercentiles};
constexpr explain::Rule kFurther = {
    .id = "ALLOCATION-FIT-FURTHER",
    .sentence = "{price_points} further price points were found in the same way.",
    .source = kPercentiles};

// The people of the sample who have the same points, with their costs in ascending order.
struct Group {
  int32_t points = 0;
  std::vector<int64_t> costs_pence;
};

// Neighbouring groups that share one price.
struct Pool {
  int32_t first_points = 0;
  int32_t last_points = 0;
  int64_t groups = 0;
  int64_t people = 0;
  // The prices of all its people before smoothing, together.
  int64_t sum_pence = 0;
  // What each of them is worth.
  int64_t price_pence = 0;
};

// What one percentile comes to.
struct Priced {
  std::vector<Pool> pools;
  int64_t allocated_pence = 0;
};

// The percentile that is chosen, and what it comes to.
struct Best {
  int percentile = 0;
  Priced priced;
};

std::vector<Group> GroupsOf(const v1::FitAllocationTableRequest& request) {
  std::map<int32_t, std::vector<int64_t>> by_points;
  for (const v1::SampledCost& one : request.sample()) by_points[one.points()].push_back(one.weekly_pence());
  std::vector<Group> groups;
  groups.reserve(by_points.size());
  for (auto& [points, costs] : by_points) {
    std::sort(costs.begin(), costs.end());
    groups.push_back({points, std::move(costs)});
  }
  return groups;
}

// The least cost that at least `percentile` hundredths of the group do not exceed: its rank is rounded up.
int64_t NearestRank(const Group& group, int percentile) {
  const size_t rank = (group.costs_pence.size() * percentile + kMostPercentile - 1) / kMostPercentile;
  return group.costs_pence[rank - 1];
}

// Whether the average of `a` is above that of `b`, exactly.
bool DearerThan(const Pool& a, const Pool& b) {
  return static_cast<__int128>(a.sum_pence) * b.people > static_cast<__int128>(b.sum_pence) * a.people;
}

// Pools each group with those before it for as long as they are dearer (pool adjacent violators): each group
// is added once and pooled away at most once, so this is linear.
absl::StatusOr<std::vector<Pool>> PoolViolators(const std::vector<Group>& groups, int percentile) {
  std::vector<Pool> pools;
  for (const Group& group : groups) {
    const int64_t people = static_cast<int64_t>(group.costs_pence.size());
    IPB_ASSIGN_OR_RETURN(const int64_t sum_pence,
                         money::Sum().AddTimes(NearestRank(group, percentile), people).Total());
    pools.push_back({group.points, group.points, 1, people, sum_pence, 0});
    while (pools.size() > 1 && DearerThan(pools[pools.size() - 2], pools.back())) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& into = pools.back();
      into.last_points = last.last_points;
      into.groups += last.groups;
      into.people += last.people;
      IPB_ASSIGN_OR_RETURN(into.sum_pence, money::Sum().Add(into.sum_pence).Add(last.sum_pence).Total());
    }
  }
  return pools;
}

// The one place where a price is rounded: down, as whole division does, so that what is allocated never
// exceeds the exact averages.
int64_t WholePence(const Pool& pool) { return pool.sum_pence / pool.people; }

absl::StatusOr<Priced> PriceBy(const std::vector<Group>& groups, int percentile) {
  Priced priced;
  IPB_ASSIGN_OR_RETURN(priced.pools, PoolViolators(groups, percentile));
  money::Sum allocated;
  for (Pool& pool : priced.pools) {
    pool.price_pence = WholePence(pool);
    allocated.AddTimes(pool.price_pence, pool.people);
  }
  IPB_ASSIGN_OR_RETURN(priced.allocated_pence, allocated.Total());
  return priced;
}

// The highest percentile that fits; 0 with what the first comes to where none does. A higher percentile
// lowers no price, so whether it fits is found by halving.
absl::StatusOr<Best> HighestThatFits(const std::vector<Group>& groups, int64_t available_pence) {
  Best best;
  IPB_ASSIGN_OR_RETURN(best.priced, PriceBy(groups, 1));
  if (best.priced.allocated_pence > available_pence) return best;
  best.percentile = 1;
  int too_high = kMostPercentile + 1;
  while (too_high - best.percentile > 1) {
    const int percentile = (best.percentile + too_high) / 2;
    IPB_ASSIGN_OR_RETURN(Priced priced, PriceBy(groups, percentile));
    if (priced.allocated_pence > available_pence) {
      too_high = percentile;
    } else {
      best = {percentile, std::move(priced)};
    }
  }
  return best;
}

// What is held back of the budget; nothing where the request does not say.
absl::StatusOr<money::Fraction> ContingencyOf(const v1::FitAllocationTableRequest& request) {
  if (!request.has_contingency()) return money::Fraction{0, 1};
  const money::Fraction part = {request.contingency().numerator(), request.contingency().denominator()};
  if (part.numerator < 0 || part.numerator >= part.denominator) {
    return errors::InvalidField("contingency", "must be a part of the budget, and less than all of it");
  }
  return part;
}

// What is left of a budget to allocate is this part of it.
money::Fraction RestOf(money::Fraction contingency) {
  return {contingency.denominator - contingency.numerator, contingency.denominator};
}

absl::Status CheckFits(const Best& best, const v1::FitAllocationTableRequest& request,
                       int64_t available_pence, money::Fraction rest) {
  const auto& [percentile, priced] = best;
  explain::Refusal refusal;
  if (percentile == 0) {
    // Rounded up, so that less a contingency that is rounded down it is enough.
    IPB_ASSIGN_OR_RETURN(
        const int64_t least_budget,
        money::Scale(priced.allocated_pence, {rest.denominator, rest.numerator}, money::Rounding::kUp));
    refusal.Add(kTooLittle, "budget_weekly_pence",
                {{"available_weekly_pence", Pence{available_pence}},
                 {"sample_size", int64_t{request.sample_size()}},
                 {"least_weekly_pence", Pence{priced.allocated_pence}},
                 {"least_budget_weekly_pence", Pence{least_budget}}});
  }
  if (priced.pools.size() > kMostPricePoints) {
    refusal.Add(kTooFine, "sample",
                {{"price_points", static_cast<int64_t>(priced.pools.size())},
                 {"most_price_points", static_cast<int64_t>(kMostPricePoints)}});
  }
  return refusal.ToStatus();
}

void Explain(const v1::TableFit& fit, int64_t available_pence, const std::vector<Pool>& pools,
             explain::Trace& trace) {
  const int64_t percentile = fit.percentile();
  trace.Add(kFit,
            {{"sample_size", int64_t{fit.sample_size()}},
             {"percentile", percentile},
             {"available_weekly_pence", Pence{available_pence}},
             {"budget_weekly_pence", Pence{fit.budget_weekly_pence()}},
             {"contingency", money::Fraction{fit.contingency().numerator(), fit.contingency().denominator()}},
             {"allocated_weekly_pence", Pence{fit.allocated_weekly_pence()}}},
            Pence{fit.allocated_weekly_pence()});
  const size_t explained = std::min(pools.size(), kMostExplained);
  for (size_t i = 0; i < explained; ++i) {
    const Pool& pool = pools[i];
    if (pool.groups == 1) {
      trace.Add(kPrice,
                {{"people", pool.people},
                 {"points", int64_t{pool.first_points}},
                 {"percentile", percentile},
                 {"weekly_pence", Pence{pool.price_pence}}},
                Pence{pool.price_pence});
    } else {
      trace.Add(kPooled,
                {{"people", pool.people},
                 {"points", int64_t{pool.first_points}},
                 {"last_points", int64_t{pool.last_points}},
                 {"groups", pool.groups},
                 {"weekly_sum_pence", Pence{pool.sum_pence}},
                 {"weekly_pence", Pence{pool.price_pence}}},
                Pence{pool.price_pence});
    }
  }
  if (explained < pools.size()) {
    trace.Add(kFurther, {{"price_points", static_cast<int64_t>(pools.size() - explained)}});
  }
}

}  // namespace

absl::StatusOr<v1::FitAllocationTableResponse> FitTable(const v1::FitAllocationTableRequest& request,
                                                        explain::Trace& trace) {
  if (request.sample().empty()) return errors::InvalidField("sample", "must have at least one person");
  IPB_ASSIGN_OR_RETURN(const money::Fraction contingency, ContingencyOf(request));
  const money::Fraction rest = RestOf(contingency);
  // A part of what fits fits.
  const int64_t available_pence =
      money::Scale(request.budget_weekly_pence(), rest, money::Rounding::kDown).value();
  IPB_ASSIGN_OR_RETURN(const Best best, HighestThatFits(GroupsOf(request), available_pence));
  IPB_RETURN_IF_ERROR(CheckFits(best, request, available_pence, rest));
  const auto& [percentile, priced] = best;
  v1::FitAllocationTableResponse table;
  for (const Pool& pool : priced.pools) {
    v1::PricePoint* point = table.add_price_points();
    point->set_points(pool.first_points);
    point->set_weekly_pence(pool.price_pence);
  }
  v1::TableFit& fit = *table.mutable_fit();
  fit.set_sample_size(request.sample_size());
  fit.set_percentile(percentile);
  fit.set_budget_weekly_pence(request.budget_weekly_pence());
  fit.mutable_contingency()->set_numerator(contingency.numerator);
  fit.mutable_contingency()->set_denominator(contingency.denominator);
  fit.set_allocated_weekly_pence(priced.allocated_pence);
  Explain(fit, available_pence, priced.pools, trace);
  return table;
}

}  // namespace ipb::allocation
