// The sums of a simulation: counts, amounts and bands of one group of cases.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/money/pence.h"
#include "ipb/v1/simulation.pb.h"

namespace ipb::allocation {

// What a policy makes of a case.
struct SimulatedSide {
  v1::ChargeCalculation charge;
  // Where the case has needs.
  std::optional<v1::IndicativeAmount> indicative;
};

// How many values fall between edges; the first band has no beginning and the last no end.
class Bands {
 public:
  // `edges` ascend and outlive it.
  explicit Bands(absl::Span<const int64_t> edges) : edges_(edges), cases_(edges.size() + 1) {}

  void Add(int64_t value);
  void Render(google::protobuf::RepeatedPtrField<v1::SimulationBand>& bands) const;

 private:
  absl::Span<const int64_t> edges_;
  std::vector<int64_t> cases_;
};

// A group of cases, whatever their number. Not thread-safe.
class SimulationTally {
 public:
  explicit SimulationTally(std::string cohort);

  const std::string& cohort() const { return cohort_; }

  // Counts a case with what it comes to under the two policies, or why it comes to nothing.
  void Add(const v1::SimulationCase& one, const absl::StatusOr<SimulatedSide>& current,
           const absl::StatusOr<SimulatedSide>& candidate);

  // The group as the contract has it, a year counted by the weeks of each policy. OUT_OF_RANGE where a sum
  // does not fit.
  absl::StatusOr<v1::SimulationGroup> Render(money::Fraction current_weeks,
                                             money::Fraction candidate_weeks) const;

 private:
  struct Side {
    void Add(const v1::SimulationCase& one, const absl::StatusOr<SimulatedSide>& simulated);
    absl::StatusOr<v1::SimulationTotals> Render(money::Fraction weeks) const;

    v1::SimulationTotals counts;
    money::Sum charge;
    money::Sum council_pays;
    money::Sum indicative;
  };

  // For how many an amount changes, and by how much.
  struct Change {
    void Add(int64_t before_pence, int64_t after_pence);
    absl::StatusOr<v1::SimulationChange> Render() const;

    v1::SimulationChange counts;
    money::Sum less;
    money::Sum more;
    Bands bands;
  };

  struct Calibration {
    void Add(int64_t foretold_pence, int64_t came_pence);
    absl::StatusOr<v1::SimulationCalibration> Render() const;

    int64_t cases = 0;
    money::Sum foretold;
    money::Sum came;
    Bands percent_bands;
  };

  std::string cohort_;
  Side current_;
  Side candidate_;
  Change charge_;
  Change indicative_;
  Calibration agreed_of_indicative_;
  Calibration agreed_of_candidate_;
  Calibration spent_of_agreed_;
};

}  // namespace ipb::allocation
