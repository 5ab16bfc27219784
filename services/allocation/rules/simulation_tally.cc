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
      change_bands_(kChangeEdges),
      agreed_of_indicative_{0, {}, {}, Bands(kPercentEdges)},
      spent_of_agreed_{0, {}, {}, Bands(kPercentEdges)} {}

void SimulationTally::Side::Add(const v1::SimulationCase& one,
                                const absl::StatusOr<v1::ChargeCalculation>& simulated) {
  if (!simulated.ok()) return CountRefusal(one, simulated.status(), counts);
  counts.set_cases(counts.cases() + 1);
  const int64_t charge_pence = simulated->charge_weekly_pence();
  const v1::MeansOutcome outcome = simulated->means_test().outcome();
  const bool full = outcome != v1::MEANS_OUTCOME_UNSPECIFIED && outcome != v1::MEANS_OUTCOME_ASSESSED;
  counts.set_paying(counts.paying() + (charge_pence > 0 ? 1 : 0));
  counts.set_full_cost(counts.full_cost() + (full ? 1 : 0));
  charge.Add(charge_pence);
  council_pays.Add(simulated->council_pays_weekly_pence());
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
  totals.set_council_cost_weekly_pence(cost_pence);
  totals.set_charge_weekly_pence(charge_pence);
  totals.set_council_pays_weekly_pence(council_pence);
  totals.set_council_pays_annual_pence(annual_pence);
  return totals;
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

void SimulationTally::Add(const v1::SimulationCase& one, const absl::StatusOr<v1::ChargeCalculation>& current,
                          const absl::StatusOr<v1::ChargeCalculation>& candidate) {
  current_.Add(one, current);
  candidate_.Add(one, candidate);
  agreed_of_indicative_.Add(one.indicative_weekly_pence(), one.agreed_weekly_pence());
  spent_of_agreed_.Add(one.agreed_weekly_pence(), one.spent_weekly_pence());
  if (!current.ok() || !candidate.ok()) return;
  const int64_t change_pence = candidate->charge_weekly_pence() - current->charge_weekly_pence();
  change_bands_.Add(change_pence);
  unchanged_ += change_pence == 0;
  better_off_ += change_pence < 0;
  worse_off_ += change_pence > 0;
  if (change_pence < 0) gained_.Subtract(change_pence);
  if (change_pence > 0) lost_.Add(change_pence);
}

absl::StatusOr<v1::SimulationGroup> SimulationTally::Render(money::Fraction current_weeks,
                                                            money::Fraction candidate_weeks) const {
  v1::SimulationGroup group;
  group.set_cohort(cohort_);
  IPB_ASSIGN_OR_RETURN(const int64_t gained_pence, gained_.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t lost_pence, lost_.Total());
  IPB_ASSIGN_OR_RETURN(*group.mutable_current(), current_.Render(current_weeks));
  IPB_ASSIGN_OR_RETURN(*group.mutable_candidate(), candidate_.Render(candidate_weeks));
  group.set_better_off(better_off_);
  group.set_better_off_weekly_pence(gained_pence);
  group.set_worse_off(worse_off_);
  group.set_worse_off_weekly_pence(lost_pence);
  group.set_unchanged(unchanged_);
  change_bands_.Render(*group.mutable_change_bands());
  IPB_ASSIGN_OR_RETURN(*group.mutable_agreed_of_indicative(), agreed_of_indicative_.Render());
  IPB_ASSIGN_OR_RETURN(*group.mutable_spent_of_agreed(), spent_of_agreed_.Render());
  return group;
}

}  // namespace ipb::allocation
