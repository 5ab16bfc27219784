// How responsibility for a person comes, passes on and ends.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/people_policy.pb.h"
#include "ipb/v1/people_service.pb.h"
#include "services/people/rules/registrant.h"

namespace ipb::people::rules {

// Whether the responsibility has no last day before that day.
bool Open(const v1::Responsibility& held, absl::CivilDay day);

// Whether the responsibility is accepted and in effect on the day, which gives access.
bool InEffect(const v1::Responsibility& held, absl::CivilDay day);

// Whether the responsibility may stand for others: one that was claimed urgently may once it is confirmed.
bool IsConfirmed(const v1::Responsibility& held);

// Adds the rule that is not met where a body of this kind cannot be responsible in the role.
void CheckRole(v1::ResponsibilityRole role, v1::CallerKind kind, explain::Refusal& refusal);

// The person with the pending responsibility of `request.organisation`, a body of the kind given, accepted,
// or its urgent one confirmed, by `by`. FAILED_PRECONDITION where there is none, or it is the caller's own or
// an offer to hand over, the caller's own responsibility waits for confirmation, or another council has the
// after-care that a council asks for.
absl::StatusOr<v1::Person> Accept(v1::Person person, const v1::AcceptResponsibilityRequest& request,
                                  const Registrant& by, v1::CallerKind asking_kind, absl::CivilDay today);

// The person with all responsibility of `by` ended. FAILED_PRECONDITION where it is the last one.
absl::StatusOr<v1::Person> End(v1::Person person, const v1::EndResponsibilityRequest& request,
                               const Registrant& by, absl::CivilDay today);

// The person with the responsibility of `by` handed over, or offered, to another organisation, which is a
// body of the kind given. INVALID_ARGUMENT for a day in the past, a successor of no kind, or a decision
// without reasons. FAILED_PRECONDITION for a role of another kind of body, to oneself, without a
// responsibility to hand over, or after-care to a council where another was that of the residence.
absl::StatusOr<v1::Person> HandOver(v1::Person person, const v1::TransferResponsibilityRequest& request,
                                    const v1::HumanDecision& decision, const Registrant& by,
                                    v1::CallerKind successor_kind, absl::CivilDay today);

// Accepts what was offered to `by`, and ends that of who offered it the day before. False where nothing was
// offered, and nothing changes.
bool TakeOver(const Registrant& by, absl::CivilDay today, v1::Person& person);

// The person with `by` responsible at once. INVALID_ARGUMENT for a decision without reasons.
// FAILED_PRECONDITION for a role of another kind of body, where `by` is responsible, or without a row of
// policy for the day.
absl::StatusOr<v1::Person> ClaimUrgently(v1::Person person,
                                         const v1::ClaimUrgentResponsibilityRequest& request,
                                         const v1::HumanDecision& decision, const Registrant& by,
                                         const v1::PeoplePolicy& policy, absl::CivilDay today);

}  // namespace ipb::people::rules
