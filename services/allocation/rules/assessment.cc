#include "services/allocation/rules/assessment.h"

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/means.h"

namespace ipb::allocation {

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
  const v1::FinancialAssessment* before =
      AssessmentInEffect(facts.assessments, made.organisation(), first_day);
  if (before != nullptr) {
    v1::FinancialAssessment ended = *before;
    made.set_effective_to_date(ended.effective_to_date());
    ended.set_effective_to_date(dates::Format(first_day - 1));
    ended.set_superseded_by(made.name());
    decision.changed.push_back(std::move(ended));
    return decision;
  }
  for (const v1::FinancialAssessment& other : facts.assessments) {
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
  return decision;
}

}  // namespace ipb::allocation
