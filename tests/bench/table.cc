#include "tests/bench/table.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace ipb::bench {
namespace {

// The median of a contender with the method; 0 where it did not run.
double MedianOf(const std::vector<Series>& all, const std::string& method, const std::string& contender) {
  for (const Series& series : all) {
    if (series.method == method && series.contender == contender) return Median(series.calls_per_second);
  }
  return 0;
}

std::string Ratio(double value, double reference) {
  return reference > 0 ? absl::StrFormat("%.2f", value / reference) : "-";
}

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

bool PrintTable(const std::vector<Series>& all) {
  bool passed = true;
  std::string rounds;
  for (size_t i = 1; !all.empty() && i <= all.front().calls_per_second.size(); ++i) {
    rounds += absl::StrFormat("%8s", absl::StrFormat("round %d", i));
  }
  absl::PrintF("%-15s %-9s%s %9s %6s %6s %6s  calls by status\n", "method", "contender", rounds, "median",
               "/floor", "/echo", "gate");
  for (const Series& series : all) {
    const double median = Median(series.calls_per_second);
    const double floor = MedianOf(all, series.method, "floor");
    const bool below = series.gate > 0 && floor > 0 && median < series.gate * floor;
    passed = passed && !below;
    absl::PrintF("%-15s %-9s", series.method, series.contender);
    for (const double rate : series.calls_per_second) absl::PrintF("%8.0f", rate);
    absl::PrintF(" %9.0f %6s %6s %6s  %s%s\n", median, Ratio(median, floor),
                 Ratio(median, MedianOf(all, series.method, "echo")),
                 series.gate > 0 ? absl::StrFormat("%.2f", series.gate) : "", series.total.ToString(),
                 below ? "  BELOW ITS GATE" : "");
  }
  return passed;
}

}  // namespace ipb::bench
