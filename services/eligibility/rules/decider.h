// Who recommends and who decides: a named human, of a body that law makes responsible, on a day that has
// come.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/decision.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/options.pb.h"
#include "ipb/v1/people_service.pb.h"
#include "ipb/v1/support_request.pb.h"

namespace ipb::eligibility {

// One organisation that has succeeded another by the day of the call, directly or over others in between.
struct Succession {
  std::string successor;
  std::string predecessor;
};

// What the rules of determinations need to know besides the request.
struct DeterminationFacts {
  // With responsibilities and date of death.
  v1::Person person;
  // The kind of body that calls.
  v1::CallerKind caller_kind = v1::CALLER_KIND_UNSPECIFIED;
  // The decision given in the request, with decider, role and organisation of the call; its date may be
  // empty.
  v1::HumanDecision by;
  // The name that a new determination will have; for a recommendation only.
  std::string new_name;
  // The determination that is moved; for all but a recommendation.
  v1::Determination determination;
  // The person's other determinations.
  std::vector<v1::Determination> others;
  // The assessments that the request names, by itself or in its safeguards, and the moved determination's
  // own; for a recommendation on NHS continuing healthcare also the person's others that have a checklist or
  // a reason for none.
  std::vector<v1::Assessment> assessments;
  // The request for support that the determination answers; empty name where there is none.
  v1::SupportRequest request;
  // Who succeeded whom, as far as the organisations of the facts are concerned.
  std::vector<Succession> successions;
};

// The assessment of that name among the facts; null if there is none.
const v1::Assessment* FindAssessment(const DeterminationFacts& facts, absl::string_view name);

// `facts.by` with its date, today where none was given. A decider who is not named, or a date in the future,
// is added to `refusal`.
v1::HumanDecision Decided(const DeterminationFacts& facts, absl::CivilDay today, explain::Refusal& refusal);

// Adds to `refusal` where a body of the caller's kind may not recommend, or decide, under the regime.
void CheckMayRecommend(v1::EligibilityRegime regime, v1::CallerKind kind, explain::Refusal& refusal);
void CheckMayDecide(v1::EligibilityRegime regime, v1::CallerKind kind, explain::Refusal& refusal);

// Adds to `refusal` where the evidence shows that the duty is another body's than the caller's: to a carer,
// that of the council where the adult cared for is ordinarily resident; for after-care, of the councils, that
// which the law on the day of the detention finds. "No rate for" where policy has no law for that day.
absl::Status CheckResponsible(v1::EligibilityRegime regime, const v1::AssessmentEvidence& evidence,
                              const v1::EligibilityPolicy& policy, const DeterminationFacts& facts,
                              explain::Refusal& refusal);

// Whether an organisation is the other one, or has succeeded it.
bool ActsFor(const DeterminationFacts& facts, absl::string_view organisation, absl::string_view other);

// Whether one of two organisations acts for the other.
bool IsSameBody(const DeterminationFacts& facts, absl::string_view left, absl::string_view right);

// Whether who decides now is the human who decided then, of the same body.
bool IsSamePerson(const DeterminationFacts& facts, const v1::HumanDecision& then);

// Whether a determination has been decided and neither ended nor replaced.
bool IsLive(const v1::Determination& determination);

// Moves to a state and notes it; the handler stamps the instant on the last note.
void MoveTo(v1::Determination::State state, v1::Determination& determination);

}  // namespace ipb::eligibility
