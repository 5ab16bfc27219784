#include "services/eligibility/rules/pending.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/dates/instant.h"
#include "services/eligibility/rules/regime.h"
#include "services/eligibility/rules/verification.h"

namespace ipb::eligibility {
namespace {

using v1::Determination;
using v1::PendingDecision;
using Pending = std::vector<PendingDecision>;

// Whether something has happened by the day; an empty date is that of what has not happened.
bool HasHappened(const std::string& date, absl::CivilDay day) {
  return !date.empty() && dates::Checked(date) <= day;
}

PendingDecision& Add(v1::EligibilityRegime regime, PendingDecision::Kind kind, const std::string& resource,
                     const std::string& since_date, Pending& pending) {
  PendingDecision& added = pending.emplace_back();
  added.set_regime(regime);
  added.set_kind(kind);
  added.set_resource(resource);
  added.set_since_date(since_date);
  return added;
}

void AddClock(const std::string& id, const std::string& duty, const std::string& due_date, absl::CivilDay day,
              PendingDecision& pending) {
  v1::PendingClock& clock = *pending.add_clocks();
  clock.set_clock(id);
  clock.set_duty(duty);
  clock.set_due_date(due_date);
  const absl::CivilDay due = dates::Checked(due_date);
  if (due >= day) return;
  clock.set_days_late(static_cast<int>(day - due));
  pending.set_late(true);
}

void AddClocks(const v1::SupportRequest& request, absl::CivilDay day, PendingDecision& pending) {
  for (const v1::RequestClock& clock : request.clocks()) {
    if (HasHappened(clock.met_date(), day)) continue;
    AddClock(clock.clock(), clock.duty(), clock.due_date(), day, pending);
  }
}

void AddRequests(absl::CivilDay day, const PersonRecord& record, Pending& pending) {
  for (const v1::SupportRequest& request : record.requests) {
    if (!HasHappened(request.received_date(), day) || HasHappened(request.closed_date(), day)) continue;
    PendingDecision& added = Add(RegimeOf(request.kind()), PendingDecision::KIND_REQUEST, request.name(),
                                 request.received_date(), pending);
    added.set_request_kind(request.kind());
    AddClocks(request, day, added);
  }
}

void AddAssessments(absl::CivilDay day, const PersonRecord& record, Pending& pending) {
  for (const v1::Assessment& assessment : record.assessments) {
    const v1::AssessmentEvidence& evidence = assessment.evidence();
    if (!HasHappened(evidence.assessment_date(), day) || HasHappened(assessment.completed_date(), day))
      continue;
    std::vector<v1::EligibilityRegime> regimes = RegimesOf(evidence);
    if (regimes.empty()) regimes.push_back(v1::ELIGIBILITY_REGIME_UNSPECIFIED);
    for (const v1::EligibilityRegime regime : regimes) {
      Add(regime, PendingDecision::KIND_ASSESSMENT, assessment.name(), evidence.assessment_date(), pending);
    }
  }
}

// The civil date on which a recommendation was settled: decided on, or replaced by another; empty while open.
std::string SettledDate(const Determination& recommended) {
  if (IsDecided(recommended)) return recommended.decision().decision_date();
  for (const Determination::StateChange& change : recommended.state_changes()) {
    if (change.state() != Determination::STATE_SUPERSEDED) continue;
    return dates::Format(dates::InLondon(dates::InstantOf(change.recorded_time())));
  }
  return "";
}

void AddVerification(absl::CivilDay day, const PersonRecord& record, const Determination& recommended,
                     const v1::EligibilityPolicy& policy, PendingDecision& pending) {
  for (const v1::Assessment& assessment : record.assessments) {
    if (assessment.name() != recommended.assessment()) continue;
    const std::optional<VerificationClock> clock = VerificationOf(recommended, assessment, policy);
    if (clock) AddClock(clock->rule->id(), clock->rule->duty(), dates::Format(clock->due), day, pending);
  }
  std::stable_sort(pending.mutable_clocks()->begin(), pending.mutable_clocks()->end(),
                   [](const v1::PendingClock& left, const v1::PendingClock& right) {
                     return left.due_date() < right.due_date();
                   });
}

void AddRecommendations(absl::CivilDay day, const PersonRecord& record, const v1::EligibilityPolicy& policy,
                        Pending& pending) {
  for (const Determination& one : record.determinations) {
    // What overturned another has that one's recommendation.
    if (!one.overturns().empty()) continue;
    const std::string& since_date = one.recommendation().decision_date();
    if (!HasHappened(since_date, day) || HasHappened(SettledDate(one), day)) continue;
    PendingDecision& added =
        Add(one.regime(), PendingDecision::KIND_RECOMMENDATION, one.name(), since_date, pending);
    for (const v1::SupportRequest& request : record.requests) {
      if (request.name() == one.request()) AddClocks(request, day, added);
    }
    AddVerification(day, record, one, policy, added);
  }
}

void AddDisputes(absl::CivilDay day, const PersonRecord& record, Pending& pending) {
  for (const Determination& one : record.determinations) {
    for (const v1::Dispute& dispute : one.disputes()) {
      if (!HasHappened(dispute.received_date(), day) ||
          HasHappened(dispute.decision().decision_date(), day)) {
        continue;
      }
      Add(one.regime(), PendingDecision::KIND_DISPUTE, one.name(), dispute.received_date(), pending);
    }
  }
}

// The decision on a personal health budget that counted on the day; null if there was none.
const v1::BudgetGrant* GrantOn(const Determination& determination, absl::CivilDay day) {
  const v1::BudgetGrant* latest = nullptr;
  for (const v1::BudgetGrant& grant : determination.budget_grants()) {
    if (HasHappened(grant.decision().decision_date(), day)) latest = &grant;
  }
  return latest;
}

// A review is asked for after what it looks at was decided, and answered by the decision after it.
void AddBudgetReviews(absl::CivilDay day, const PersonRecord& record, Pending& pending) {
  for (const Determination& one : record.determinations) {
    const v1::BudgetGrant* grant = GrantOn(one, day);
    if (grant == nullptr || grant->extent() == v1::BudgetGrant::EXTENT_WHOLE) continue;
    for (const v1::SupportRequest& request : record.requests) {
      if (request.kind() != v1::SupportRequest::KIND_BUDGET_REVIEW ||
          !HasHappened(request.received_date(), day) || HasHappened(request.closed_date(), day) ||
          dates::InstantOf(request.first_recorded_time()) < dates::InstantOf(grant->recorded_time())) {
        continue;
      }
      Add(one.regime(), PendingDecision::KIND_BUDGET_REVIEW, one.name(), request.received_date(), pending);
    }
  }
}

// Whether the determination that replaced it, if any, had been decided by the day.
bool IsReplaced(const Determination& old, const PersonRecord& record, absl::CivilDay day) {
  return std::any_of(
      record.determinations.begin(), record.determinations.end(), [&](const Determination& other) {
        return other.name() == old.superseded_by() && HasHappened(other.decision().decision_date(), day);
      });
}

void AddPanels(absl::CivilDay day, const PersonRecord& record, const v1::EligibilityPolicy& policy,
               Pending& pending) {
  for (const Determination& one : record.determinations) {
    const std::string& since_date = one.decision().decision_date();
    if (one.panel_due_date().empty() || !HasHappened(since_date, day) ||
        !dates::Within(day, "", one.effective_to_date()) || IsReplaced(one, record, day)) {
      continue;
    }
    PendingDecision& added = Add(one.regime(), PendingDecision::KIND_PANEL, one.name(), since_date, pending);
    const auto* row = dates::InEffect(policy.childrens_fast_tracks(), dates::Checked(since_date));
    if (row != nullptr) AddClock(row->id(), row->duty(), one.panel_due_date(), day, added);
  }
}

}  // namespace

std::vector<PendingDecision> PendingOn(absl::CivilDay day, const PersonRecord& record,
                                       const v1::EligibilityPolicy& policy) {
  Pending pending;
  AddRequests(day, record, pending);
  AddAssessments(day, record, pending);
  AddRecommendations(day, record, policy, pending);
  AddDisputes(day, record, pending);
  AddBudgetReviews(day, record, pending);
  AddPanels(day, record, policy, pending);
  std::stable_sort(pending.begin(), pending.end(),
                   [](const PendingDecision& left, const PendingDecision& right) {
                     return std::make_tuple(left.regime(), left.since_date(), left.kind()) <
                            std::make_tuple(right.regime(), right.since_date(), right.kind());
                   });
  return pending;
}

}  // namespace ipb::eligibility
