#include "services/eligibility/rules/known.h"

#include <algorithm>
#include <utility>

#include "common/dates/instant.h"

namespace ipb::eligibility {
namespace {

using v1::Determination;

// Takes out of a list what was recorded later.
template <typename Row, typename Later>
void TakeOut(google::protobuf::RepeatedPtrField<Row>& rows, Later later) {
  rows.erase(std::remove_if(rows.begin(), rows.end(), later), rows.end());
}

bool Was(const Determination& determination, Determination::State state) {
  const auto& changes = determination.state_changes();
  return std::any_of(changes.begin(), changes.end(),
                     [state](const Determination::StateChange& change) { return change.state() == state; });
}

void UndoDecision(Determination& determination) {
  determination.clear_outcome();
  determination.clear_decision();
  determination.clear_effective_from_date();
  determination.clear_overrun_days();
  determination.clear_safeguards();
  determination.clear_age_limit_date();
  determination.clear_notification_due_date();
  determination.clear_panel_due_date();
}

void UndoClosing(Determination& determination) {
  determination.set_effective_to_date(determination.age_limit_date());
  determination.clear_end_reason();
  determination.clear_end_decision();
  determination.clear_superseded_by();
}

// Gives whether the request was known.
bool Rewind(v1::SupportRequest& request, absl::Time known_at) {
  if (dates::InstantOf(request.first_recorded_time()) > known_at) return false;
  if (dates::InstantOf(request.closed_time()) > known_at) {
    request.set_state(v1::SupportRequest::STATE_OPEN);
    request.clear_outcome();
    request.clear_closed_date();
    request.clear_closed_reasons();
  }
  for (v1::RequestClock& clock : *request.mutable_clocks()) {
    if (dates::InstantOf(clock.met_time()) > known_at) clock.clear_met_date();
  }
  return true;
}

// A draft is shown as it is now, as its earlier versions are not kept; gives whether the assessment was
// known.
bool Rewind(v1::Assessment& assessment, absl::Time known_at) {
  if (dates::InstantOf(assessment.first_recorded_time()) > known_at) return false;
  if (assessment.state() == v1::Assessment::STATE_COMPLETE &&
      dates::InstantOf(assessment.recorded_time()) > known_at) {
    assessment.set_state(v1::Assessment::STATE_DRAFT);
    assessment.clear_findings();
    assessment.clear_completed_date();
  }
  return true;
}

template <typename Row>
void KeepKnown(std::vector<Row>& rows, absl::Time known_at) {
  std::vector<Row> known;
  for (Row& row : rows) {
    if (Rewind(row, known_at)) known.push_back(std::move(row));
  }
  rows = std::move(known);
}

}  // namespace

bool IsDecided(const Determination& determination) {
  return Was(determination, Determination::STATE_DETERMINED);
}

bool IsClosed(const Determination& determination) {
  return Was(determination, Determination::STATE_ENDED) ||
         Was(determination, Determination::STATE_SUPERSEDED);
}

std::optional<Determination> AsKnown(Determination determination, std::optional<absl::Time> known_at) {
  if (!known_at.has_value()) return determination;
  const auto later = [known_at](const auto& row) { return dates::InstantOf(row.recorded_time()) > *known_at; };
  TakeOut(*determination.mutable_state_changes(), later);
  if (determination.state_changes().empty()) return std::nullopt;
  determination.set_state(determination.state_changes().rbegin()->state());
  if (!IsDecided(determination)) UndoDecision(determination);
  if (!IsClosed(determination)) UndoClosing(determination);
  TakeOut(*determination.mutable_budget_grants(), later);
  TakeOut(*determination.mutable_disputes(), later);
  for (v1::Dispute& dispute : *determination.mutable_disputes()) {
    if (dates::InstantOf(dispute.decided_time()) <= *known_at) continue;
    dispute.clear_result();
    dispute.clear_decision();
    dispute.clear_letter_date();
  }
  if (later(determination.notification())) determination.clear_notification();
  return determination;
}

v1::Person AsKnown(v1::Person person, std::optional<absl::Time> known_at) {
  if (!known_at.has_value()) return person;
  TakeOut(*person.mutable_responsibilities(),
          [known_at](const v1::Responsibility& held) { return dates::InstantOf(held.recorded_time()) > *known_at; });
  return person;
}

PersonRecord AsKnown(PersonRecord record, std::optional<absl::Time> known_at) {
  if (!known_at.has_value()) return record;
  KeepKnown(record.requests, *known_at);
  KeepKnown(record.assessments, *known_at);
  std::vector<Determination> determinations;
  for (Determination& determination : record.determinations) {
    std::optional<Determination> known = AsKnown(std::move(determination), known_at);
    if (known) determinations.push_back(*std::move(known));
  }
  record.determinations = std::move(determinations);
  return record;
}

}  // namespace ipb::eligibility
