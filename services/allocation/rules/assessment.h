// Recording a financial assessment: a fact that holds from a day and follows or corrects the one before.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/rules/policies.h"

namespace ipb::allocation {

// What the decision looks at besides the request.
struct AssessmentFacts {
  // The name minted for the new assessment.
  std::string name;
  // The request's decision, completed with who calls and the date.
  v1::HumanDecision decision;
  // All financial assessments of the person, of any council.
  std::vector<v1::FinancialAssessment> assessments;
};

// The new assessment, those that it changes the period of, and how its result was reached.
struct AssessmentDecision {
  v1::FinancialAssessment assessment;
  std::vector<v1::FinancialAssessment> changed;
  explain::Trace trace;
};

// The assessment of a council that holds on a day; null if there is none.
const v1::FinancialAssessment* AssessmentInEffect(absl::Span<const v1::FinancialAssessment> assessments,
                                                  absl::string_view organisation, absl::CivilDay day);

// The assessments that were known at the instant, each with the period that it had then. All of them are
// given, in the order in which they were recorded.
std::vector<v1::FinancialAssessment> AsKnown(absl::Span<const v1::FinancialAssessment> assessments,
                                             absl::Time known_at);

// The person's assessments with what was decided on them.
std::vector<v1::FinancialAssessment> After(const AssessmentDecision& decision,
                                           std::vector<v1::FinancialAssessment> assessments);

// Assesses by the rates of the first day. The same council's assessment that held on that day ends the day
// before; a later one stays, and the new one then ends before it, so that arriving late equals arriving on
// time. Errors: as AssessMeans; INVALID_ARGUMENT for a decision dated after today.
absl::StatusOr<AssessmentDecision> DecideFinancialAssessment(
    const AssessmentFacts& facts, const v1::RecordFinancialAssessmentRequest& request,
    const Policies& policies, absl::CivilDay today);

}  // namespace ipb::allocation
