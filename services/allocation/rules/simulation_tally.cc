#include "services/allocation/rules/simulation_tally.h"

#include <algorithm>

#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::allocation {
namespace {

// In pence a week; who would pay the same has a band alone.
constexpr int64_t kChangeEdges[] = {-10000, -5000, -2000, -1000, -500, -100, 0,
                                    1,      101,   501,   1001,  2001, 5001, 10001};
// In hundredths; what came exactly as foretold has a band alone.
constexpr int64_t kPercentEdges[] = {50, 80, 95, 100, 101, 106, 121, 151};
// What is told apart of why cases are refused; what comes beyond is counted with its reason alone.
constexpr int kMostRefusals = 20;

void CountRefusal(const v1::SimulationCase& one, const absl::Status& why, v1::SimulationTotals& totals) {
  totals.set_refused(totals.refused() + 1);
  const v1::ErrorReason reason = errors::ReasonOf(why);
  const bool full = totals.refusals_size() >= kMostRefusals;
  for (v1::SimulationRefusal& known : *totals.mutable_refusals()) {
    if (known.reason() != reason || (!full && known.message() != why.message())) continue;
    known.set_cases(known.cases() + 1);
    return;
  }
  v1::SimulationRefusal* refusal = totals.add_refusals();
  refusal->set_reason(reason);
  refusal->set_message(std::string(why.message()));
  refusal->set_cases(1);
  refusal->set_first_key(one.key());
}

// What a side indicates; 0 where it was refused or nothing was asked.
int64_t IndicativePence(const absl::StatusOr<SimulatedSide>& side) {
  return side.ok() && side->indicative ? side->indicative->weekly_pence() : 0;
}

}  // namespace

void Bands::Add(int64_t value) {
  ++cases_[std::upper_bound(edges_.begin(), edges_.end(), value) - edges_.begin()];
}

void Bands::Render(google::protobuf::RepeatedPtrField<v1::SimulationBand>& bands) const {
  for (size_t i = 0; i < cases_.size(); ++i) {
    v1::SimulationBand* band = bands.Add();
    band->set_from(i == 0 ? INT64_MIN : edges_[i - 1]);
    band->set_to(i == edges_.size() ? INT64_MAX : edges_[i]);
    band->set_cases(cases_[i]);
  }
}

SimulationTally::SimulationTally(std::string cohort)
    : cohort_(std::move(cohort)),
      charge_{{}, {}, {}, Bands(kChangeEdges)},
      indicative_{{}, {}, {}, Bands(kChangeEdges)},
      agreed_of_indicative_{0, {}, {}, Bands(kPercentEdges)},
      agreed_of_candidate_{0, {}, {}, Bands(kPercentEdges)},
      spent_of_agreed_{0, {}, {}, Bands(kPercentEdges)} {}

void SimulationTally::Side::Add(const v1::SimulationCase& one,
                                const absl::StatusOr<SimulatedSide>& simulated) {
  if (!simulated.ok()) return CountRefusal(one, simulated.status(), counts);
  counts.set_cases(counts.cases() + 1);
  const int64_t charge_pence = simulated->charge.charge_weekly_pence();
  const v1::MeansOutcome outcome = simulated->charge.means_test().outcome();
  const bool full = outcome != v1::MEANS_OUTCOME_UNSPECIFIED && outcome != v1::MEANS_OUTCOME_ASSESSED;
  counts.set_paying(counts.paying() + (charge_pence > 0 ? 1 : 0));
  counts.set_full_cost(counts.full_cost() + (full ? 1 : 0));
  charge.Add(charge_pence);
  council_pays.Add(simulated->charge.council_pays_weekly_pence());
  if (!simulated->indicative) return;
  counts.set_indicative_cases(counts.indicative_cases() + 1);
  indicative.Add(simulated->indicative->weekly_pence());
}

absl::StatusOr<v1::SimulationTotals> SimulationTally::Side::Render(money::Fraction weeks) const {
  v1::SimulationTotals totals = counts;
  std::stable_sort(
      totals.mutable_refusals()->begin(), totals.mutable_refusals()->end(),
      [](const v1::SimulationRefusal& a, const v1::SimulationRefusal& b) { return a.cases() > b.cases(); });
  IPB_ASSIGN_OR_RETURN(const int64_t charge_pence, charge.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t council_pence, council_pays.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t cost_pence, money::Sum().Add(charge_pence).Add(council_pence).Total());
  IPB_ASSIGN_OR_RETURN(const int64_t annual_pence,
                       money::Scale(council_pence, weeks, money::Rounding::kHalfUp));
  IPB_ASSIGN_OR_RETURN(const int64_t indicative_pence, indicative.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t indicative_annual_pence,
                       money::Scale(indicative_pence, weeks, money::Rounding::kHalfUp));
  totals.set_indicative_weekly_pence(indicative_pence);
  totals.set_indicative_annual_pence(indicative_annual_pence);
  totals.set_council_cost_weekly_pence(cost_pence);
  totals.set_charge_weekly_pence(charge_pence);
  totals.set_council_pays_weekly_pence(council_pence);
  totals.set_council_pays_annual_pence(annual_pence);
  return totals;
}

void SimulationTally::Change::Add(int64_t before_pence, int64_t after_pence) {
  const int64_t change_pence = after_pence - before_pence;
  bands.Add(change_pence);
  if (change_pence < 0) {
    counts.set_less(counts.less() + 1);
    less.Subtract(change_pence);
  } else if (change_pence > 0) {
    counts.set_more(counts.more() + 1);
    more.Add(change_pence);
  } else {
    counts.set_unchanged(counts.unchanged() + 1);
  }
}

absl::StatusOr<v1::SimulationChange> SimulationTally::Change::Render() const {
  v1::SimulationChange change = counts;
  IPB_ASSIGN_OR_RETURN(const int64_t less_pence, less.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t more_pence, more.Total());
  change.set_less_weekly_pence(less_pence);
  change.set_more_weekly_pence(more_pence);
  bands.Render(*change.mutable_bands());
  return change;
}

void SimulationTally::Calibration::Add(int64_t foretold_pence, int64_t came_pence) {
  if (foretold_pence <= 0 || came_pence <= 0) return;
  ++cases;
  foretold.Add(foretold_pence);
  came.Add(came_pence);
  const absl::StatusOr<int64_t> percent =
      money::Scale(came_pence, {100, foretold_pence}, money::Rounding::kHalfUp);
  percent_bands.Add(percent.value_or(INT64_MAX));
}

absl::StatusOr<v1::SimulationCalibration> SimulationTally::Calibration::Render() const {
  v1::SimulationCalibration calibration;
  calibration.set_cases(cases);
  IPB_ASSIGN_OR_RETURN(const int64_t foretold_pence, foretold.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t came_pence, came.Total());
  calibration.set_foretold_weekly_pence(foretold_pence);
  calibration.set_came_weekly_pence(came_pence);
  percent_bands.Render(*calibration.mutable_percent_bands());
  return calibration;
}

void SimulationTally::Add(const v1::SimulationCase& one, const absl::StatusOr<SimulatedSide>& current,
                          const absl::StatusOr<SimulatedSide>& candidate) {
  current_.Add(one, current);
  candidate_.Add(one, candidate);
  const int64_t current_pence = IndicativePence(current), candidate_pence = IndicativePence(candidate);
  const int64_t told_pence =
      one.indicative_weekly_pence() > 0 ? one.indicative_weekly_pence() : current_pence;
  agreed_of_indicative_.Add(told_pence, one.agreed_weekly_pence());
  agreed_of_candidate_.Add(candidate_pence, one.agreed_weekly_pence());
  spent_of_agreed_.Add(one.agreed_weekly_pence(), one.spent_weekly_pence());
  if (!current.ok() || !candidate.ok()) return;
  charge_.Add(current->charge.charge_weekly_pence(), candidate->charge.charge_weekly_pence());
  if (one.has_needs()) indicative_.Add(current_pence, candidate_pence);
}

absl::StatusOr<v1::SimulationGroup> SimulationTally::Render(money::Fraction current_weeks,
                                                            money::Fraction candidate_weeks) const {
  v1::SimulationGroup group;
  group.set_cohort(cohort_);
  IPB_ASSIGN_OR_RETURN(v1::SimulationChange charge, charge_.Render());
  IPB_ASSIGN_OR_RETURN(*group.mutable_indicative(), indicative_.Render());
  group.set_better_off(charge.less());
  group.set_better_off_weekly_pence(charge.less_weekly_pence());
  group.set_worse_off(charge.more());
  group.set_worse_off_weekly_pence(charge.more_weekly_pence());
  group.set_unchanged(charge.unchanged());
  group.mutable_change_bands()->Swap(charge.mutable_bands());
  IPB_ASSIGN_OR_RETURN(*group.mutable_current(), current_.Render(current_weeks));
  IPB_ASSIGN_OR_RETURN(*group.mutable_candidate(), candidate_.Render(candidate_weeks));
  IPB_ASSIGN_OR_RETURN(*group.mutable_agreed_of_indicative(), agreed_of_indicative_.Render());
  IPB_ASSIGN_OR_RETURN(*group.mutable_agreed_of_candidate_indicative(), agreed_of_candidate_.Render());
  IPB_ASSIGN_OR_RETURN(*group.mutable_spent_of_agreed(), spent_of_agreed_.Render());
  return group;
}

}  // namespace ipb::allocation
