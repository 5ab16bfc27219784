#include "services/eligibility/rules/transition.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "services/eligibility/rules/age.h"
#include "services/eligibility/rules/decider.h"
#include "services/eligibility/rules/regime.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kFramework =
    "National Framework for Children and Young People's Continuing Care, January 2016: transition";

constexpr explain::Rule kDue{"CYP-TRANSITION-DUE", "{duty} It is due from {due_date}.", kFramework};
constexpr explain::Rule kOverdue{"CYP-TRANSITION-OVERDUE",
                                 "{duty} It was due from {due_date}, its time ended the day before "
                                 "{overdue_date}, and it is not on record that "
                                 "it was done.",
                                 kFramework};

// What shows that something was done, and on which civil date.
struct Shown {
  std::string date;
  std::string by;
};

// The earliest of each kind.
using Evidence = std::map<v1::TransitionEvidence, Shown>;

void Show(v1::TransitionEvidence kind, const std::string& date, const std::string& by, Evidence& evidence) {
  if (date.empty()) return;
  const auto [shown, is_new] = evidence.insert({kind, {date, by}});
  if (!is_new && date < shown->second.date) shown->second = {date, by};
}

Evidence EvidenceIn(const PersonRecord& record) {
  Evidence evidence;
  for (const v1::SupportRequest& request : record.requests) {
    if (request.kind() == v1::SupportRequest::KIND_TRANSITION) {
      Show(v1::TRANSITION_EVIDENCE_NOTICE, request.received_date(), request.name(), evidence);
    }
    if (request.kind() == v1::SupportRequest::KIND_CHC_CHECKLIST) {
      Show(v1::TRANSITION_EVIDENCE_SCREENING, request.received_date(), request.name(), evidence);
    }
  }
  for (const v1::Assessment& assessment : record.assessments) {
    if (assessment.state() != v1::Assessment::STATE_COMPLETE) continue;
    Show(v1::TRANSITION_EVIDENCE_SCREENING, assessment.evidence().checklist().completed_date(),
         assessment.name(), evidence);
  }
  for (const v1::Determination& determination : record.determinations) {
    if (determination.regime() != v1::ELIGIBILITY_REGIME_CHC || !IsDecided(determination) ||
        determination.end_reason() == v1::Determination::END_REASON_RECORDED_IN_ERROR) {
      continue;
    }
    Show(v1::TRANSITION_EVIDENCE_DECISION, determination.decision().decision_date(), determination.name(),
         evidence);
    Show(v1::TRANSITION_EVIDENCE_IN_EFFECT, determination.effective_from_date(), determination.name(),
         evidence);
  }
  return evidence;
}

// The earliest that shows the kind or, as nothing comes after what has not happened, a later kind. That a
// decision is in effect shows itself alone.
Shown Find(v1::TransitionEvidence kind, const Evidence& evidence) {
  Shown found;
  for (const auto& [shown_kind, shown] : evidence) {
    const bool shows =
        shown_kind == kind || (shown_kind > kind && shown_kind != v1::TRANSITION_EVIDENCE_IN_EFFECT);
    if (shows && (found.date.empty() || shown.date < found.date)) found = shown;
  }
  return found;
}

v1::TransitionStep::State StateOf(const v1::TransitionStep& step, absl::CivilDay day) {
  if (!step.met_date().empty()) return v1::TransitionStep::STATE_MET;
  if (!step.due()) return v1::TransitionStep::STATE_UPCOMING;
  return day > dates::Checked(step.last_date()) ? v1::TransitionStep::STATE_OVERDUE
                                                : v1::TransitionStep::STATE_DUE;
}

// The note of the step; a new one where there is none yet.
v1::TransitionMark& MarkOf(const v1::TransitionStep& step, v1::Determination& determination) {
  for (v1::TransitionMark& mark : *determination.mutable_transition_marks()) {
    if (mark.step() == step.step()) return mark;
  }
  v1::TransitionMark& added = *determination.add_transition_marks();
  added.set_step(step.step());
  added.set_duty(step.duty());
  return added;
}

}  // namespace

std::vector<v1::TransitionStep> TransitionSteps(absl::CivilDay birth, absl::CivilDay day,
                                                const PersonRecord& record,
                                                const v1::EligibilityPolicy& policy) {
  const Evidence evidence = EvidenceIn(record);
  std::vector<v1::TransitionStep> steps;
  for (const v1::TransitionRule& rule : policy.transition_rules()) {
    if (!dates::Holds(rule, day)) continue;
    const absl::CivilDay reached = dates::Birthday(birth, rule.age_years());
    v1::TransitionStep& step = steps.emplace_back();
    step.set_step(rule.id());
    step.set_duty(rule.duty());
    step.set_due_date(dates::Format(reached));
    step.set_last_date(dates::Format(reached + rule.days()));
    step.set_due(reached <= day);
    const Shown shown = Find(rule.met_by(), evidence);
    if (!shown.date.empty() && dates::Checked(shown.date) <= day) {
      step.set_met_date(shown.date);
      step.set_met_by(shown.by);
    }
    step.set_state(StateOf(step, day));
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const v1::TransitionStep& left, const v1::TransitionStep& right) {
                     return left.due_date() < right.due_date();
                   });
  return steps;
}

bool ShowsTransition(const std::vector<v1::TransitionStep>& steps, const PersonRecord& record,
                     absl::CivilDay day) {
  const bool unmet = std::any_of(steps.begin(), steps.end(), [](const v1::TransitionStep& step) {
    return step.state() != v1::TransitionStep::STATE_MET;
  });
  return std::any_of(record.determinations.begin(), record.determinations.end(),
                     [&](const v1::Determination& one) {
                       if (!IsForChildren(one.regime()) || !IsDecided(one) ||
                           one.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE ||
                           one.end_reason() == v1::Determination::END_REASON_RECORDED_IN_ERROR ||
                           one.effective_from_date() > dates::Format(day)) {
                         return false;
                       }
                       const bool grew_up = one.effective_to_date() == one.age_limit_date();
                       return dates::Within(day, "", one.effective_to_date()) || (grew_up && unmet);
                     });
}

TransitionDecision DecideTransition(v1::Determination determination,
                                    const std::vector<v1::TransitionStep>& steps,
                                    absl::string_view death_date, absl::CivilDay today) {
  TransitionDecision decision{std::move(determination), {}};
  const bool dead = !death_date.empty() && dates::Checked(death_date) <= today;
  if (!IsLive(decision.determination) || dead) return decision;
  for (const v1::TransitionStep& step : steps) {
    if (step.state() != v1::TransitionStep::STATE_DUE && step.state() != v1::TransitionStep::STATE_OVERDUE) {
      continue;
    }
    const absl::CivilDay due = dates::Checked(step.due_date());
    const absl::CivilDay overdue = dates::Checked(step.last_date()) + 1;
    v1::TransitionMark& mark = MarkOf(step, decision.determination);
    if (mark.due_date().empty()) {
      mark.set_due_date(step.due_date());
      decision.trace.Add(kDue, {{"duty", step.duty()}, {"due_date", due}});
    }
    if (step.state() == v1::TransitionStep::STATE_OVERDUE && mark.overdue_date().empty()) {
      mark.set_overdue_date(dates::Format(overdue));
      decision.trace.Add(kOverdue, {{"duty", step.duty()}, {"due_date", due}, {"overdue_date", overdue}});
    }
  }
  return decision;
}

int AgeOfDecisionInPrinciple(const v1::EligibilityPolicy& policy, absl::CivilDay day) {
  const v1::TransitionRule* row = dates::InEffect(
      policy.transition_rules(), day,
      [](const v1::TransitionRule& rule) { return rule.met_by() == v1::TRANSITION_EVIDENCE_DECISION; });
  return row == nullptr ? kAdultAge : row->age_years();
}

}  // namespace ipb::eligibility
