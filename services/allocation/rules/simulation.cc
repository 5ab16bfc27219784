#include "services/allocation/rules/simulation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/charge.h"

namespace ipb::allocation {
namespace {

constexpr size_t kMostCohorts = 100;

absl::Status CheckCase(const v1::SimulationCase& one) {
  if (!one.lines().empty() || one.has_needs()) return absl::OkStatus();
  return errors::InvalidField(
      "lines", absl::StrCat("of the case \"", one.key(), "\" must be given, or else its needs"));
}

}  // namespace

Simulation::Simulation(Side current, Side candidate)
    : current_(std::move(current)), candidate_(std::move(candidate)), whole_("") {}

absl::StatusOr<Simulation::Side> Simulation::SideOf(absl::CivilDay day, const Policies& policies) {
  const v1::WeeksConvention* year = dates::InEffect(policies.local.weeks_conventions(), day);
  if (year == nullptr) return errors::NoRate("weeks of a budget year", dates::Format(day));
  return Side{RatesOn(day, policies),
              {year->days_or_weeks(), std::max<int64_t>(year->divisor(), 1)},
              &policies.local,
              {}};
}

absl::StatusOr<v1::IndicativeAmount> Simulation::Side::Price(const v1::SimulationNeeds& needs,
                                                             explain::Trace& trace) {
  auto table = tables.find(needs.table());
  if (table == tables.end()) {
    IPB_ASSIGN_OR_RETURN(PreparedTable prepared, PreparedTable::Make(needs.table(), rates.day, *local));
    table = tables.emplace(needs.table(), std::move(prepared)).first;
  }
  return table->second.Price(NeedsIn(needs), trace);
}

Simulation::Simulated Simulation::Side::Decide(const v1::SimulationCase& one, explain::Trace& trace) {
  Simulated simulated = SimulatedSide();
  if (one.has_needs()) {
    IPB_ASSIGN_OR_RETURN(simulated->indicative, Price(one.needs(), trace));
  }
  IPB_ASSIGN_OR_RETURN(simulated->charge, DecideCharge(one.facts(), one.lines(), rates, trace));
  return simulated;
}

absl::StatusOr<Simulation> Simulation::Make(absl::CivilDay day, const Policies& current,
                                            const Policies& candidate) {
  IPB_ASSIGN_OR_RETURN(Side current_side, SideOf(day, current));
  IPB_ASSIGN_OR_RETURN(Side candidate_side, SideOf(day, candidate));
  return Simulation(std::move(current_side), std::move(candidate_side));
}

absl::Status Simulation::Count(const v1::SimulationCase& one, const Simulated& current,
                               const Simulated& candidate) {
  whole_.Add(one, current, candidate);
  if (one.cohort().empty()) return absl::OkStatus();
  auto cohort = std::find_if(cohorts_.begin(), cohorts_.end(),
                             [&](const SimulationTally& tally) { return tally.cohort() == one.cohort(); });
  if (cohort == cohorts_.end()) {
    if (cohorts_.size() == kMostCohorts) {
      return errors::InvalidField("cohort", "is one more than the 100 that a simulation tells apart");
    }
    cohort = cohorts_.emplace(cohorts_.end(), one.cohort());
  }
  cohort->Add(one, current, candidate);
  return absl::OkStatus();
}

absl::Status Simulation::Add(const v1::SimulationCase& one) {
  IPB_RETURN_IF_ERROR(CheckCase(one));
  explain::Trace silent = explain::Trace::Silent();
  const Simulated current = current_.Decide(one, silent);
  const Simulated candidate = candidate_.Decide(one, silent);
  return Count(one, current, candidate);
}

absl::Status Simulation::AddExplained(const v1::SimulationCase& one, absl::string_view rule_set_version,
                                      absl::string_view policy_version, v1::SimulatedCase& simulated) {
  IPB_RETURN_IF_ERROR(CheckCase(one));
  current_trace_.Clear();
  candidate_trace_.Clear();
  Simulated current = current_.Decide(one, current_trace_);
  Simulated candidate = candidate_.Decide(one, candidate_trace_);
  IPB_RETURN_IF_ERROR(Count(one, current, candidate));
  simulated.set_key(one.key());
  simulated.clear_current_indicative();
  simulated.clear_candidate_indicative();
  if (current.ok()) {
    if (current->indicative) *simulated.mutable_current_indicative() = *std::move(current->indicative);
    *simulated.mutable_current() = std::move(current->charge);
    current_trace_.Render(rule_set_version, policy_version, *simulated.mutable_current_explanation());
  } else {
    simulated.clear_current();
    simulated.clear_current_explanation();
  }
  if (candidate.ok()) {
    if (candidate->indicative) *simulated.mutable_candidate_indicative() = *std::move(candidate->indicative);
    *simulated.mutable_candidate() = std::move(candidate->charge);
    candidate_trace_.Render(rule_set_version, "considered", *simulated.mutable_candidate_explanation());
  } else {
    simulated.clear_candidate();
    simulated.clear_candidate_explanation();
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::SimulationReport> Simulation::Report() const {
  v1::SimulationReport report;
  report.set_decision_date(dates::Format(current_.rates.day));
  for (const SimulationTally& cohort : cohorts_) {
    IPB_ASSIGN_OR_RETURN(*report.add_cohorts(),
                         cohort.Render(current_.weeks_of_year, candidate_.weeks_of_year));
  }
  IPB_ASSIGN_OR_RETURN(*report.mutable_whole(),
                       whole_.Render(current_.weeks_of_year, candidate_.weeks_of_year));
  return report;
}

}  // namespace ipb::allocation
