#include "services/allocation/rules/known.h"

#include "common/dates/civil.h"
#include "common/dates/instant.h"

namespace ipb::allocation {

std::optional<v1::Budget> AsKnown(v1::Budget budget, absl::Time known_at) {
  if (dates::InstantOf(budget.recorded_time()) > known_at) return std::nullopt;
  int known = 0;
  for (const v1::Budget::StateChange& change : budget.state_changes()) {
    if (dates::InstantOf(change.recorded_time()) > known_at) break;
    ++known;
  }
  if (known == budget.state_changes_size()) return budget;
  budget.mutable_state_changes()->DeleteSubrange(known, budget.state_changes_size() - known);
  const v1::Budget::StateChange& stood = budget.state_changes(known - 1);
  if (stood.state() != v1::Budget::STATE_ENDED) {
    budget.clear_end_reason();
    budget.clear_end_decision();
  }
  budget.set_state(stood.state());
  budget.set_effective_to_date(stood.effective_to_date());
  budget.set_superseded_by(stood.superseded_by());
  return budget;
}

bool HoldsOn(const v1::Budget& budget, absl::CivilDay day) {
  const bool replaced_estimate = budget.state() == v1::Budget::STATE_SUPERSEDED && budget.plan().empty();
  return !replaced_estimate && dates::Within(day, budget.effective_from_date(), budget.effective_to_date());
}

}  // namespace ipb::allocation
