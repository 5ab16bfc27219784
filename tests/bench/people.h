// Made-up people for simulations, of about the kinds and in about the numbers of England's council care: some
// 650,000 with long-term support (DOMAIN: magnitudes). The same number gives the same people.
#pragma once

#include <cstdint>
#include <random>

#include "ipb/v1/simulation.pb.h"

namespace ipb::bench {

// One person after the other.
class People {
 public:
  // The next person's means, costs and amounts, by the rates of 1 June 2025.
  void Next(v1::SimulationCase& one);

 private:
  int64_t Below(int64_t limit);
  bool OneIn(int64_t number) { return Below(number) == 0; }
  void FillHousehold(bool old, v1::Household& household);
  void AddIncome(v1::IncomeKind kind, int64_t weekly_pence, v1::FinancialFacts& facts);
  void FillMeans(bool old, v1::FinancialFacts& facts);
  void FillCosts(v1::SimulationCase& one);

  std::mt19937_64 random_{20250601};
  int64_t number_ = 0;
};

}  // namespace ipb::bench
