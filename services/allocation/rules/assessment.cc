#include "services/allocation/rules/assessment.h"

#include <utility>

#include "common/dates/civil.h"
#include "common/dates/instant.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/means.h"

namespace ipb::allocation {
namespace {

// Gives an assessment, whose first day is set, the time that the others of its council leave it; gives those
// that it takes time from.
std::vector<v1::FinancialAssessment> Place(absl::Span<const v1::FinancialAssessment> others,
                                           v1::FinancialAssessment& made) {
  std::vector<v1::FinancialAssessment> changed;
  const absl::CivilDay first_day = dates::Checked(made.effective_from_date());
  const v1::FinancialAssessment* before = AssessmentInEffect(others, made.organisation(), first_day);
  if (before != nullptr) {
    made.set_effective_to_date(before->effective_to_date());
    made.set_superseded_by(before->superseded_by());
    v1::FinancialAssessment& ended = changed.emplace_back(*before);
    ended.set_effective_to_date(dates::Format(first_day - 1));
    ended.set_superseded_by(made.name());
    return changed;
  }
  for (const v1::FinancialAssessment& other : others) {
    const bool holds =
        other.effective_to_date().empty() || other.effective_to_date() >= other.effective_from_date();
    if (!holds || other.organisation() != made.organisation()) continue;
    const absl::CivilDay other_first = dates::Checked(other.effective_from_date());
    if (other_first > first_day &&
        (made.effective_to_date().empty() || other_first - 1 < dates::Checked(made.effective_to_date()))) {
      made.set_effective_to_date(dates::Format(other_first - 1));
      made.set_superseded_by(other.name());
    }
  }
  return changed;
}

}  // namespace

const v1::FinancialAssessment* AssessmentInEffect(absl::Span<const v1::FinancialAssessment> assessments,
                                                  absl::string_view organisation, absl::CivilDay day) {
  for (const v1::FinancialAssessment& assessment : assessments) {
    if (organisation == assessment.organisation() &&
        dates::Within(day, assessment.effective_from_date(), assessment.effective_to_date())) {
      return &assessment;
    }
  }
  return nullptr;
}

std::vector<v1::FinancialAssessment> AsKnown(absl::Span<const v1::FinancialAssessment> assessments,
                                             absl::Time known_at) {
  AssessmentDecision placed;
  std::vector<v1::FinancialAssessment> known;
  for (const v1::FinancialAssessment& assessment : assessments) {
    if (dates::InstantOf(assessment.recorded_time()) > known_at) continue;
    placed.assessment = assessment;
    placed.assessment.clear_effective_to_date();
    placed.assessment.clear_superseded_by();
    placed.changed = Place(known, placed.assessment);
    known = After(placed, std::move(known));
  }
  return known;
}

std::vector<v1::FinancialAssessment> After(const AssessmentDecision& decision,
                                           std::vector<v1::FinancialAssessment> assessments) {
  for (v1::FinancialAssessment& assessment : assessments) {
    for (const v1::FinancialAssessment& changed : decision.changed) {
      if (assessment.name() == changed.name()) assessment = changed;
    }
  }
  assessments.push_back(decision.assessment);
  return assessments;
}

absl::StatusOr<AssessmentDecision> DecideFinancialAssessment(
    const AssessmentFacts& facts, const v1::RecordFinancialAssessmentRequest& request,
    const Policies& policies, absl::CivilDay today) {
  if (dates::Checked(facts.decision.decision_date()) > today) {
    return errors::InvalidField("decision.decision_date", "is in the future");
  }
  AssessmentDecision decision;
  v1::FinancialAssessment& made = decision.assessment;
  const absl::CivilDay first_day = dates::Checked(request.effective_from_date());
  made.set_name(facts.name);
  made.set_organisation(facts.decision.organisation());
  made.set_effective_from_date(request.effective_from_date());
  *made.mutable_facts() = request.facts();
  *made.mutable_decision() = facts.decision;
  IPB_ASSIGN_OR_RETURN(*made.mutable_result(),
                       AssessMeans(request.facts(), RatesOn(first_day, policies), decision.trace));
  decision.changed = Place(facts.assessments, made);
  return decision;
}

}  // namespace ipb::allocation
