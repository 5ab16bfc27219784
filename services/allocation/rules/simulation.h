// Simulating a policy over many people: what each would be told before planning, and what each would pay,
// under the policy that holds and under the one that is considered, by the rules that decide every day.
// Memory does not grow with the number of cases.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "common/money/pence.h"
#include "ipb/v1/simulation.pb.h"
#include "services/allocation/rules/charging_rates.h"
#include "services/allocation/rules/simulation_tally.h"
#include "services/allocation/rules/table_amount.h"

namespace ipb::allocation {

// One simulation. Not thread-safe; the policies must outlive it.
class Simulation {
 public:
  // By the rates of one day. NO_RATE where a policy does not say how many weeks a year has.
  static absl::StatusOr<Simulation> Make(absl::CivilDay day, const Policies& current,
                                         const Policies& candidate);

  // Works out a case under both policies and counts it; a case that a policy refuses is counted as that.
  // INVALID_ARGUMENT for a case without lines and without needs, or a cohort beyond the first 100.
  absl::Status Add(const v1::SimulationCase& one);

  // The same, and gives what the case comes to with how it was reached, by the rules and the policy of those
  // versions, in the place of what `simulated` held: one that is used again has room for it already. What is
  // considered has the version "considered".
  absl::Status AddExplained(const v1::SimulationCase& one, absl::string_view rule_set_version,
                            absl::string_view policy_version, v1::SimulatedCase& simulated);

  // What has come so far. OUT_OF_RANGE where a sum does not fit.
  absl::StatusOr<v1::SimulationReport> Report() const;

 private:
  using Simulated = absl::StatusOr<SimulatedSide>;

  // One of the two policies, for the day.
  struct Side {
    Simulated Decide(const v1::SimulationCase& one, explain::Trace& trace);
    absl::StatusOr<v1::IndicativeAmount> Price(const v1::SimulationNeeds& needs, explain::Trace& trace);

    ChargingRates rates;
    money::Fraction weeks_of_year;
    const v1::AllocationPolicy* local;
    // Those that were asked for so far, by code.
    absl::flat_hash_map<std::string, PreparedTable> tables;
  };

  Simulation(Side current, Side candidate);
  static absl::StatusOr<Side> SideOf(absl::CivilDay day, const Policies& policies);
  absl::Status Count(const v1::SimulationCase& one, const Simulated& current, const Simulated& candidate);

  Side current_;
  Side candidate_;
  // Of the case that is explained.
  explain::Trace current_trace_;
  explain::Trace candidate_trace_;
  SimulationTally whole_;
  std::vector<SimulationTally> cohorts_;
};

}  // namespace ipb::allocation
