// What holds for every sample that a table is fitted to, against the definition worked out the long way, and
// the table that ships.
#include "services/allocation/rules/table_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/errors/errors.h"
#include "services/allocation/rules/points_price.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Wide = __int128;

// What everybody of a sample is worth by a percentile, worked out by the definition.
struct Definition {
  std::map<int32_t, int64_t> price_by_points_pence;
  int64_t allocated_pence = 0;
};

std::map<int32_t, std::vector<int64_t>> Grouped(const v1::FitAllocationTableRequest& request) {
  std::map<int32_t, std::vector<int64_t>> groups;
  for (const v1::SampledCost& one : request.sample()) groups[one.points()].push_back(one.weekly_pence());
  for (auto& [points, costs] : groups) std::sort(costs.begin(), costs.end());
  return groups;
}

// Of the averages of all runs of groups from `first` on, the least that takes in group `at`.
std::pair<Wide, Wide> LeastFrom(const std::vector<std::pair<int64_t, int64_t>>& groups, size_t first,
                                size_t at) {
  std::pair<Wide, Wide> least = {0, 0};
  Wide sum = 0, people = 0;
  for (size_t last = first; last < groups.size(); ++last) {
    sum += static_cast<Wide>(groups[last].first) * groups[last].second;
    people += groups[last].second;
    if (last < at) continue;
    if (least.second == 0 || sum * least.second < least.first * people) least = {sum, people};
  }
  return least;
}

// The smoothed price of a group is the greatest of those leasts, over all runs that begin at it or before it.
Definition Define(const v1::FitAllocationTableRequest& request, int percentile) {
  std::vector<int32_t> points;
  std::vector<std::pair<int64_t, int64_t>> groups;  // price before smoothing, people
  for (const auto& [score, costs] : Grouped(request)) {
    size_t rank = 1;
    while (rank * 100 < costs.size() * percentile) ++rank;
    points.push_back(score);
    groups.emplace_back(costs[rank - 1], costs.size());
  }
  Definition definition;
  for (size_t at = 0; at < groups.size(); ++at) {
    std::pair<Wide, Wide> greatest = {0, 1};
    for (size_t first = 0; first <= at; ++first) {
      const auto least = LeastFrom(groups, first, at);
      if (least.first * greatest.second > greatest.first * least.second) greatest = least;
    }
    const int64_t price = static_cast<int64_t>(greatest.first / greatest.second);
    definition.price_by_points_pence[points[at]] = price;
    definition.allocated_pence += price * groups[at].second;
  }
  return definition;
}

absl::StatusOr<v1::FitAllocationTableResponse> Fit(const v1::FitAllocationTableRequest& request) {
  explain::Trace trace;
  return FitTable(request, trace);
}

// The table as a row of policy.
v1::AllocationTable TableOf(const v1::FitAllocationTableResponse& fitted) {
  v1::AllocationTable table;
  table.set_code("fitted");
  table.set_method(v1::ALLOCATION_METHOD_PERCENTILE);
  *table.mutable_price_points() = fitted.price_points();
  *table.mutable_fit() = fitted.fit();
  return table;
}

class AnySample : public testing::Test {
 protected:
  int64_t Below(int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(random_); }

  v1::FitAllocationTableRequest Sample(int64_t most_people, int64_t most_points, int64_t most_pence) {
    v1::FitAllocationTableRequest request;
    int64_t total_pence = 0;
    for (int64_t i = 1 + Below(most_people); i > 0; --i) {
      v1::SampledCost* one = request.add_sample();
      one->set_points(static_cast<int32_t>(Below(most_points)));
      one->set_weekly_pence(Below(most_pence));
      total_pence += one->weekly_pence();
    }
    request.set_budget_weekly_pence(1 + Below(2 * total_pence + 2));
    if (Below(2) == 0) {
      request.mutable_contingency()->set_denominator(1 + Below(20));
      request.mutable_contingency()->set_numerator(Below(request.contingency().denominator()));
    }
    return request;
  }

  // What is left of the budget, rounded down.
  static int64_t Available(const v1::FitAllocationTableRequest& request) {
    if (!request.has_contingency()) return request.budget_weekly_pence();
    const v1::Fraction& part = request.contingency();
    return request.budget_weekly_pence() * (part.denominator() - part.numerator()) / part.denominator();
  }

  std::mt19937_64 random_{20260101};
};

TEST_F(AnySample, IsFittedByItsDefinition) {
  int fitted = 0, refused = 0;
  for (int i = 0; i < 500; ++i) {
    const v1::FitAllocationTableRequest request = Sample(40, 9, 400);
    const int64_t available = Available(request);
    int highest = 100;
    while (highest > 0 && Define(request, highest).allocated_pence > available) --highest;
    const auto table = Fit(request);
    if (highest == 0) {
      EXPECT_THAT(RulesOf(table.status()), ElementsAre("ALLOCATION-FIT-BUDGET"))
          << request.ShortDebugString();
      ++refused;
      continue;
    }
    ASSERT_TRUE(table.ok()) << table.status() << request.ShortDebugString();
    ++fitted;
    EXPECT_EQ(table->fit().percentile(), highest) << request.ShortDebugString();
    const Definition definition = Define(request, highest);
    EXPECT_EQ(table->fit().allocated_weekly_pence(), definition.allocated_pence);
    for (const auto& [points, price] : definition.price_by_points_pence) {
      const auto found = PriceOf(TableOf(*table), {points, 1});
      ASSERT_TRUE(found.ok());
      EXPECT_EQ(*found, price) << points << " points of " << request.ShortDebugString();
    }
  }
  EXPECT_GT(fitted, 100);
  EXPECT_GT(refused, 10);
}

TEST_F(AnySample, FitsInItsBudgetAndTheNextPercentileDoesNot) {
  for (int i = 0; i < 300; ++i) {
    const v1::FitAllocationTableRequest request = Sample(60, 12, 100000);
    const auto table = Fit(request);
    if (!table.ok()) continue;
    EXPECT_LE(table->fit().allocated_weekly_pence(), Available(request));
    if (table->fit().percentile() == 100) continue;
    EXPECT_GT(Define(request, table->fit().percentile() + 1).allocated_pence, Available(request))
        << request.ShortDebugString();
  }
}

TEST_F(AnySample, GivesATableByWhichMorePointsAreNeverWorthLess) {
  for (int i = 0; i < 300; ++i) {
    v1::FitAllocationTableRequest request = Sample(2000, 300, 100000);
    const auto table = Fit(request);
    if (!table.ok()) continue;
    const v1::AllocationTable row = TableOf(*table);
    EXPECT_TRUE(CheckTable(row).ok());
    int64_t before = 0, allocated = 0;
    for (int32_t points = 0; points < 300; ++points) {
      const auto price = PriceOf(row, {points, 1});
      ASSERT_TRUE(price.ok());
      EXPECT_GE(*price, before) << points;
      before = *price;
    }
    for (const v1::SampledCost& one : request.sample()) allocated += *PriceOf(row, {one.points(), 1});
    EXPECT_EQ(table->fit().allocated_weekly_pence(), allocated)
        << "the table gives the people of the sample what the fit says";
    EXPECT_EQ(table->fit().sample_size(), request.sample_size());
  }
}

TEST_F(AnySample, IsFittedAlikeInAnyOrder) {
  for (int i = 0; i < 100; ++i) {
    v1::FitAllocationTableRequest request = Sample(100, 12, 100000);
    const auto table = Fit(request);
    std::shuffle(request.mutable_sample()->begin(), request.mutable_sample()->end(), random_);
    const auto again = Fit(request);
    ASSERT_EQ(table.ok(), again.ok());
    if (table.ok()) {
      EXPECT_EQ(again->SerializeAsString(), table->SerializeAsString());
    }
  }
}

TEST_F(AnySample, TakenSeveralTimesWithAsManyBudgetsIsFittedAlike) {
  for (int i = 0; i < 100; ++i) {
    const v1::FitAllocationTableRequest request = [&] {
      v1::FitAllocationTableRequest made = Sample(60, 12, 100000);
      made.clear_contingency();
      return made;
    }();
    const int64_t times = 2 + Below(4);
    v1::FitAllocationTableRequest larger;
    for (int64_t n = 0; n < times; ++n) larger.mutable_sample()->MergeFrom(request.sample());
    larger.set_budget_weekly_pence(times * request.budget_weekly_pence());
    const auto table = Fit(request), again = Fit(larger);
    ASSERT_EQ(table.ok(), again.ok());
    if (!table.ok()) continue;
    EXPECT_EQ(again->fit().percentile(), table->fit().percentile());
    EXPECT_EQ(again->fit().allocated_weekly_pence(), times * table->fit().allocated_weekly_pence());
    ASSERT_EQ(again->price_points_size(), table->price_points_size());
    for (int p = 0; p < table->price_points_size(); ++p) {
      EXPECT_EQ(again->price_points(p).SerializeAsString(), table->price_points(p).SerializeAsString());
    }
  }
}

// Prices are rounded down after they were multiplied, so that they may gain pennies, and a percentile that
// just fitted may not.
TEST_F(AnySample, OfSeveralTimesTheCostIsWorthSeveralTimesAsMuchToThePenny) {
  int alike = 0;
  for (int i = 0; i < 200; ++i) {
    const v1::FitAllocationTableRequest request = Sample(60, 12, 100000);
    const int64_t times = 2 + Below(8);
    v1::FitAllocationTableRequest dearer = request;
    for (v1::SampledCost& one : *dearer.mutable_sample()) one.set_weekly_pence(times * one.weekly_pence());
    dearer.set_budget_weekly_pence(times * request.budget_weekly_pence());
    const auto table = Fit(request), again = Fit(dearer);
    if (!table.ok() || !again.ok() || again->fit().percentile() != table->fit().percentile()) continue;
    ++alike;
    for (const v1::SampledCost& one : request.sample()) {
      const int64_t price = *PriceOf(TableOf(*table), {one.points(), 1});
      const int64_t multiplied = *PriceOf(TableOf(*again), {one.points(), 1});
      EXPECT_GE(multiplied, times * price);
      EXPECT_LT(multiplied, times * (price + 1));
    }
  }
  EXPECT_GT(alike, 50);
}

TEST_F(AnySample, IsRefusedWithTheLeastBudgetThatWouldDo) {
  for (int i = 0; i < 200; ++i) {
    v1::FitAllocationTableRequest request = Sample(30, 9, 1000);
    request.mutable_sample(0)->set_weekly_pence(1000);
    int64_t too_little = 0, enough = 1000000;
    while (enough - too_little > 1) {
      request.set_budget_weekly_pence((too_little + enough) / 2);
      (Fit(request).ok() ? enough : too_little) = request.budget_weekly_pence();
    }
    if (too_little == 0) continue;
    request.set_budget_weekly_pence(too_little);
    EXPECT_THAT(std::string(Fit(request).status().message()),
                HasSubstr(absl::StrCat("at least ", money::Format(enough), " a week")))
        << request.ShortDebugString();
  }
}

TEST(TableFit, TakesTenThousandPeopleOfWhomEachIsDearerThanTheNext) {
  v1::FitAllocationTableRequest request;
  for (int i = 0; i < 10000; ++i) {
    v1::SampledCost* one = request.add_sample();
    one->set_points(i);
    one->set_weekly_pence(1000000000 - i);
  }
  request.set_budget_weekly_pence(1000000000000);
  EXPECT_THAT(RulesOf(Fit(request).status()), ElementsAre("ALLOCATION-FIT-BUDGET"));
  for (v1::SampledCost& one : *request.mutable_sample()) one.set_weekly_pence(one.weekly_pence() / 100);
  const auto table = Fit(request);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->price_points_size(), 1);
  // (1000000000 - 0) / 100 .. (1000000000 - 9999) / 100, each rounded down: one of 10,000,000, then 9,999,999
  // down to 9,999,900 for a hundred each but the last, 99.
  EXPECT_EQ(table->price_points(0).weekly_pence(), 9999949);
}

TEST(TableFit, ExplainsFiftyPricesAndSaysHowManyItDoesNot) {
  v1::FitAllocationTableRequest request;
  for (int i = 0; i < 1000; ++i) {
    v1::SampledCost* one = request.add_sample();
    one->set_points(i);
    one->set_weekly_pence(100 + i);
  }
  request.set_budget_weekly_pence(1000000);
  explain::Trace trace;
  ASSERT_TRUE(FitTable(request, trace).ok());
  const v1::Explanation explanation = trace.Render("", "");
  ASSERT_EQ(explanation.steps_size(), 52);
  EXPECT_EQ(explanation.steps(0).rule_id(), "ALLOCATION-FIT");
  EXPECT_EQ(explanation.steps(1).sentence(),
            "0 points: 1 of the sample. Percentile 100 of their costs, by nearest rank, is £1.00 a week.");
  EXPECT_EQ(explanation.steps(51).sentence(), "950 further price points were found in the same way.");
}

TEST(TableFit, SaysHowAPoolCameAbout) {
  v1::FitAllocationTableRequest request;
  for (const auto& [points, weekly_pence] : {std::pair(10, 3000), std::pair(20, 1000), std::pair(20, 1000)}) {
    v1::SampledCost* one = request.add_sample();
    one->set_points(points);
    one->set_weekly_pence(weekly_pence);
  }
  request.set_budget_weekly_pence(5555);
  request.mutable_contingency()->set_numerator(1);
  request.mutable_contingency()->set_denominator(10);
  explain::Trace trace;
  ASSERT_TRUE(FitTable(request, trace).ok());
  const v1::Explanation explanation = trace.Render("", "");
  ASSERT_EQ(explanation.steps_size(), 2);
  EXPECT_EQ(
      explanation.steps(0).sentence(),
      "From a sample of 3: points are worth percentile 100 of what the support of people with these points "
      "costs, the highest by which all fit in £49.99 a week, which is £55.55 less 1/10 of it, rounded "
      "down. Together they get £49.98.");
  EXPECT_EQ(
      explanation.steps(1).sentence(),
      "10 to 20 points: 3 of the sample. By their own costs more points would be worth less, so their 2 "
      "groups share the average of £50.00 between all 3, rounded down to £16.66 a week.");
}

// The sample as the source of a table tells it: "points:pence" between spaces, then the budget and what is
// held back.
v1::FitAllocationTableRequest RequestIn(const std::string& source) {
  v1::FitAllocationTableRequest request;
  const std::vector<std::string> words = absl::StrSplit(source, absl::ByAnyChar(" ;,"));
  for (size_t i = 0; i < words.size(); ++i) {
    const std::vector<std::string> pair = absl::StrSplit(words[i], ':');
    int32_t points = 0;
    int64_t pence = 0;
    if (pair.size() == 2 && absl::SimpleAtoi(pair[0], &points) && absl::SimpleAtoi(pair[1], &pence)) {
      v1::SampledCost* one = request.add_sample();
      one->set_points(points);
      one->set_weekly_pence(pence);
    } else if (words[i] == "budget" && absl::SimpleAtoi(words[i + 1], &pence)) {
      request.set_budget_weekly_pence(pence);
    } else if (words[i] == "contingency") {
      const std::vector<std::string> part = absl::StrSplit(words[i + 1], '/');
      request.mutable_contingency()->set_numerator(std::stoll(part.at(0)));
      request.mutable_contingency()->set_denominator(std::stoll(part.at(1)));
    }
  }
  return request;
}

TEST(TableFit, TheTableThatShipsIsTheFitToTheSampleOfItsSource) {
  int found = 0;
  for (const v1::AllocationTable& row : CouncilPolicy().allocation_tables()) {
    if (row.method() != v1::ALLOCATION_METHOD_PERCENTILE) continue;
    ++found;
    const auto table = Fit(RequestIn(row.provenance().source()));
    ASSERT_TRUE(table.ok()) << table.status();
    EXPECT_EQ(table->fit().DebugString(), row.fit().DebugString());
    ASSERT_EQ(table->price_points_size(), row.price_points_size());
    for (int i = 0; i < row.price_points_size(); ++i) {
      EXPECT_EQ(table->price_points(i).DebugString(), row.price_points(i).DebugString());
    }
  }
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace ipb::allocation
