// What a case file says, as the facts that the rules of eligibility take.
#pragma once

#include <string>

#include "ipb/v1/assessment.pb.h"
#include "services/eligibility/rules/decider.h"
#include "tests/rules/eligibility/eligibility_case.pb.h"

namespace ipb::eligibility {

// Evidence in full: the ordinary parts that the short forms stand for, with what `in_full` says of them.
v1::AssessmentEvidence EvidenceOf(const cases::v1::Evidence& evidence);

// The policy that ships, with the case's own rows in the place of lists that it has any for.
v1::EligibilityPolicy PolicyOf(const cases::v1::EligibilityCase& given);

// The person, the other determinations, the assessments (complete, findings made by that policy) and the
// request of a case.
DeterminationFacts FactsOf(const cases::v1::Standing& standing, const v1::EligibilityPolicy& policy);

}  // namespace ipb::eligibility
