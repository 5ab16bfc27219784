#include "services/allocation/rules/points_price.h"

#include <algorithm>

#include "common/errors/status_macros.h"
#include "common/explain/trace.h"

namespace ipb::allocation {
namespace {

constexpr absl::string_view kStartingPoint =
    "Care Act 2014 s26; R (Savva) v RBKC [2010] EWCA Civ 1209; guidance ch 11: transparency, sufficiency";

constexpr explain::Rule kContradicts = {.id = "ALLOCATION-TABLE-ORDER",
                                        .sentence =
                                            "The table {table} lacks what its method needs, says that it "
                                            "was fitted although its method is another, or its points or "
                                            "prices are out of order",
                                        .source = kStartingPoint,
                                        .remedy =
                                            "put the table right: points ascend, more points are never "
                                            "worth less, and only percentiles have a fit"};
constexpr explain::Rule kBeyond = {
    .id = "ALLOCATION-TABLE-BEYOND",
    .sentence = "The needs come to more points than the last price of the table {table}, {points}",
    .source = kStartingPoint,
    .remedy =
        "cost the plan by its components, or give the table a ceiling above which needs are priced one by "
        "one"};

bool Reaches(money::Fraction points, int64_t threshold) {
  return static_cast<__int128>(points.numerator) >= static_cast<__int128>(threshold) * points.denominator;
}

// Whether each row has more points than the one before and is worth no less.
bool Ascends(const google::protobuf::RepeatedPtrField<v1::PricePoint>& rows) {
  return std::adjacent_find(rows.begin(), rows.end(), [](const v1::PricePoint& a, const v1::PricePoint& b) {
           return b.points() <= a.points() || b.weekly_pence() < a.weekly_pence();
         }) == rows.end();
}

bool Ascends(const google::protobuf::RepeatedPtrField<v1::NeedBand>& rows) {
  const bool whole = std::all_of(rows.begin(), rows.end(), [](const v1::NeedBand& band) {
    return band.from_weekly_pence() <= band.to_weekly_pence();
  });
  return whole &&
         std::adjacent_find(rows.begin(), rows.end(), [](const v1::NeedBand& a, const v1::NeedBand& b) {
           return b.points() <= a.points() || b.from_weekly_pence() < a.from_weekly_pence() ||
                  b.to_weekly_pence() < a.to_weekly_pence();
         }) == rows.end();
}

// The last row that the points reach; null where they reach none.
template <typename Rows>
auto LastReached(const Rows& rows, money::Fraction points) -> decltype(&*rows.begin()) {
  decltype(&*rows.begin()) reached = nullptr;
  for (const auto& row : rows) {
    if (Reaches(points, row.points())) reached = &row;
  }
  return reached;
}

// On the line from the last price point reached to the next.
absl::StatusOr<int64_t> Interpolate(const v1::AllocationTable& table, const v1::PricePoint& from,
                                    money::Fraction points) {
  const v1::PricePoint& last = *table.price_points().rbegin();
  if (&from == &last) {
    explain::Refusal refusal;
    if (!(points == money::Fraction{last.points(), 1})) {
      refusal.Add(kBeyond, table.code(), {{"table", table.code()}, {"points", int64_t{last.points()}}});
    }
    IPB_RETURN_IF_ERROR(refusal.ToStatus());
    return last.weekly_pence();
  }
  const v1::PricePoint& to =
      *std::find_if(table.price_points().begin(), table.price_points().end(),
                    [&](const v1::PricePoint& row) { return row.points() > from.points(); });
  // The price point is reached, so that what lies before it is no more than the points.
  const int64_t beyond = points.numerator - points.denominator * from.points();
  IPB_ASSIGN_OR_RETURN(const int64_t distance,
                       money::Sum().AddTimes(points.denominator, to.points() - from.points()).Total());
  // A part of what fits fits.
  const int64_t more =
      money::Scale(to.weekly_pence() - from.weekly_pence(), {beyond, distance}, money::Rounding::kHalfUp)
          .value();
  return from.weekly_pence() + more;
}

}  // namespace

absl::Status CheckTable(const v1::AllocationTable& table) {
  const bool banding = table.method() == v1::ALLOCATION_METHOD_BANDING;
  const bool whole = banding ? !table.bands().empty() && Ascends(table.bands())
                             : !table.price_points().empty() && Ascends(table.price_points());
  const bool fits = table.has_fit() == (table.method() == v1::ALLOCATION_METHOD_PERCENTILE);
  explain::Refusal refusal;
  if (!whole || !fits) refusal.Add(kContradicts, table.code(), {{"table", table.code()}});
  return refusal.ToStatus();
}

absl::StatusOr<int64_t> PriceOf(const v1::AllocationTable& table, money::Fraction points) {
  if (table.method() == v1::ALLOCATION_METHOD_BANDING) {
    const v1::NeedBand* band = LastReached(table.bands(), points);
    if (band == nullptr) return 0;
    return money::Scale(band->from_weekly_pence() + band->to_weekly_pence(), {1, 2},
                        money::Rounding::kHalfUp);
  }
  const v1::PricePoint* price = LastReached(table.price_points(), points);
  if (price == nullptr) return 0;
  const bool stepped = table.method() == v1::ALLOCATION_METHOD_POINTS_STEP ||
                       table.method() == v1::ALLOCATION_METHOD_PERCENTILE;
  if (stepped) return price->weekly_pence();
  return Interpolate(table, *price, points);
}

}  // namespace ipb::allocation
