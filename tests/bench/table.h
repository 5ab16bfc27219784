// The figures of a run, and what they are measured against.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/calls.h"

namespace ipb::bench {

// One contender's rounds with one method.
struct Series {
  std::string method;
  std::string contender;
  double gate = 0;  // the least ratio to the floor; 0 for none
  std::vector<double> calls_per_second;
  Outcome total;  // of all rounds; its rate is not used
};

double Median(std::vector<double> values);

// Prints a line for each series: its rounds, median, and ratios to the contenders "floor" and "echo" with the
// same method, then how its calls ended. True if every ratio is at or above its gate.
bool PrintTable(const std::vector<Series>& all);

}  // namespace ipb::bench
