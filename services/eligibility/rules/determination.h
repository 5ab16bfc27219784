// Deciding: nobody is eligible by a tool. Those who assessed recommend; a named human of the
// responsible body decides (Care Act 2014 s13; SI 2012/2996 reg 21; National Framework, July 2022).
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/eligibility_service.pb.h"
#include "services/eligibility/rules/decider.h"

namespace ipb::eligibility {

// What to store. The handler adds etag, recorded_time (of the resource and of its last state change) and the
// rendered trace.
struct DeterminationDecision {
  v1::Determination determination;
  // The one that it replaces, in its new state.
  std::optional<v1::Determination> superseded = std::nullopt;
  // The request that it answers, its clocks met; where there is one.
  std::optional<v1::SupportRequest> answered = std::nullopt;
  explain::Trace trace = {};
};

// Adds the old determination, replaced by the one of that name, to the decision.
void Supersede(const v1::Determination& old, const std::string& name, DeterminationDecision& decision);

// Ends the eligibility of a child the day before the 18th birthday, so that nobody has to end it then.
void LimitToChildhood(const v1::Person& person, v1::Determination& made, explain::Trace& trace);

// Sets the last day on which the person is told in time, where policy has a clock for it on the day of the
// decision.
void SetNotificationClock(const v1::EligibilityPolicy& policy, absl::CivilDay decided,
                          v1::Determination& made, explain::Trace& trace);

// The determination in state DETERMINED. Facts need person, caller_kind, by, determination, others, request
// and the assessments that the determination and the safeguards name. FAILED_PRECONDITION with every rule
// that refuses: see EligibilityService.RecordDetermination.
absl::StatusOr<DeterminationDecision> DecideDetermination(const DeterminationFacts& facts,
                                                          const v1::RecordDeterminationRequest& request,
                                                          const v1::EligibilityPolicy& policy,
                                                          absl::CivilDay today);

}  // namespace ipb::eligibility
