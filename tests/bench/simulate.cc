// How many cases a second the rules of charging work out, on one core: under one policy, and as a simulation
// under two with everything counted, without explanations and with them.
// tests/bench/charging_table.mjs answers the same charging table with rules engines of npm.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "services/allocation/rules/charge.h"
#include "services/allocation/rules/simulation.h"
#include "tests/bench/people.h"
#include "tests/bench/table.h"

ABSL_FLAG(std::string, policy, "deploy/policy", "the policy that holds, and that is considered");
ABSL_FLAG(int, people, 20000, "made-up people");
ABSL_FLAG(int, rounds, 5, "measured rounds");
ABSL_FLAG(int, repeats, 20, "how often a round goes through all people without explanations");
ABSL_FLAG(std::string, charges, "",
          "where to write what 1,000 people at home pay, for a comparison; empty for nowhere");
ABSL_FLAG(double, gate, 0, "fail where the median of a simulation is below this many cases a second");
ABSL_FLAG(double, explained_gate, 0, "the same with explanations");

namespace ipb::bench {
namespace {

using allocation::ChargingRates;
using allocation::Policies;
using allocation::Simulation;

constexpr char kCouncil[] = "E10000019";
constexpr int kCompared = 1000;
// Cases explained in one reply, which is used again for the next: few enough for the caches of a processor.
constexpr size_t kBatch = 20;
const absl::CivilDay kDay(2025, 6, 1);

struct Measured {
  std::string what;
  std::vector<double> rates;
};

// Rounds of `pass`, which goes through `cases` cases; the first only warms up.
template <typename Pass>
absl::StatusOr<Measured> Measure(std::string what, int64_t cases, const Pass& pass) {
  Measured measured{std::move(what), {}};
  for (int round = 0; round <= absl::GetFlag(FLAGS_rounds); ++round) {
    const auto began = std::chrono::steady_clock::now();
    IPB_RETURN_IF_ERROR(pass());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    if (round > 0) measured.rates.push_back(static_cast<double>(cases) / took.count());
  }
  const std::string rates = absl::StrJoin(
      measured.rates, " ", [](std::string* out, double rate) { absl::StrAppendFormat(out, "%.0f", rate); });
  absl::PrintF("%s, cases/s on one core: %s; median %.0f\n", measured.what, rates, Median(measured.rates));
  return measured;
}

bool IsFastEnough(const Measured& measured, double gate) {
  if (Median(measured.rates) >= gate) return true;
  std::fprintf(stderr, "%s: below %.0f cases a second\n", measured.what.c_str(), gate);
  return false;
}

// What people at home pay, with the figures that a charging table looks at.
absl::Status WriteCharges(const std::vector<v1::SimulationCase>& people, const ChargingRates& rates) {
  std::vector<std::string> lines;
  for (const v1::SimulationCase& one : people) {
    if (one.facts().has_stay() || lines.size() == kCompared) continue;
    explain::Trace silent = explain::Trace::Silent();
    IPB_ASSIGN_OR_RETURN(const v1::ChargeCalculation charge,
                         allocation::DecideCharge(one.facts(), one.lines(), rates, silent));
    const v1::MeansTest& means = charge.means_test();
    lines.push_back(absl::StrCat(
        "{\"capital\":", means.counted_capital_pence(),
        ",\"income\":", means.assessable_weekly_pence() - means.tariff_income_weekly_pence(), ",\"kept\":",
        means.guarantee_weekly_pence() + means.housing_costs_weekly_pence() +
            means.disability_expenses_weekly_pence(),
        ",\"cost\":", charge.chargeable_weekly_pence(), ",\"charge\":", charge.charge_weekly_pence(), "}"));
  }
  std::ofstream out(absl::GetFlag(FLAGS_charges));
  out << "[" << absl::StrJoin(lines, ",\n") << "]\n";
  out.close();
  return out ? absl::OkStatus() : absl::UnknownError("the charges cannot be written");
}

absl::StatusOr<bool> Run() {
  IPB_ASSIGN_OR_RETURN(const auto policy, policy::Load(absl::GetFlag(FLAGS_policy)));
  const Policies policies = {policy->national().allocation(), policy->local(kCouncil)->allocation()};
  std::vector<v1::SimulationCase> people(absl::GetFlag(FLAGS_people));
  People made_up;
  for (v1::SimulationCase& one : people) made_up.Next(one);
  const ChargingRates rates = allocation::RatesOn(kDay, policies);
  if (!absl::GetFlag(FLAGS_charges).empty()) {
    IPB_RETURN_IF_ERROR(WriteCharges(people, rates));
  }
  const int64_t repeats = absl::GetFlag(FLAGS_repeats);
  const int64_t cases = repeats * static_cast<int64_t>(people.size());
  int64_t paid_pence = 0;
  const auto charging = Measure("the rules of charging, one policy, no explanation", cases, [&] {
    for (int64_t i = 0; i < repeats; ++i) {
      for (const v1::SimulationCase& one : people) {
        explain::Trace silent = explain::Trace::Silent();
        IPB_ASSIGN_OR_RETURN(const v1::ChargeCalculation charge,
                             allocation::DecideCharge(one.facts(), one.lines(), rates, silent));
        paid_pence += charge.charge_weekly_pence();
      }
    }
    return paid_pence > 0 ? absl::OkStatus() : absl::InternalError("nobody pays anything");
  });
  IPB_RETURN_IF_ERROR(charging.status());
  IPB_ASSIGN_OR_RETURN(Simulation simulation, Simulation::Make(kDay, policies, policies));
  IPB_ASSIGN_OR_RETURN(const Measured silent,
                       Measure("a simulation, two policies, no explanation", cases, [&]() -> absl::Status {
                         for (int64_t i = 0; i < repeats; ++i) {
                           for (const v1::SimulationCase& one : people)
                             IPB_RETURN_IF_ERROR(simulation.Add(one));
                         }
                         return absl::OkStatus();
                       }));
  IPB_ASSIGN_OR_RETURN(
      const Measured explained,
      Measure("a simulation, two policies, both explained", people.size(), [&]() -> absl::Status {
        v1::SimulateAllocationsResponse reply;
        for (size_t i = 0; i < people.size(); ++i) {
          if (i < kBatch) reply.add_simulated();
          v1::SimulatedCase& simulated = *reply.mutable_simulated(i % kBatch);
          IPB_RETURN_IF_ERROR(simulation.AddExplained(people[i], "bench", "bench", simulated));
          if (simulated.current_explanation().steps().empty()) return absl::InternalError("not explained");
        }
        return absl::OkStatus();
      }));
  const bool fast = IsFastEnough(silent, absl::GetFlag(FLAGS_gate));
  return IsFastEnough(explained, absl::GetFlag(FLAGS_explained_gate)) && fast;
}

}  // namespace
}  // namespace ipb::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::StatusOr<bool> fast = ipb::bench::Run();
  if (!fast.ok()) std::fprintf(stderr, "%s\n", fast.status().ToString().c_str());
  return fast.ok() && *fast ? 0 : 1;
}
