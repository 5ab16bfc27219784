// How responsibility for a person comes, passes on and ends.
#pragma once

#include <optional>
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

// Whether the organisation has a responsibility that is accepted and in effect on the day, which gives
// access.
bool IsResponsible(const v1::Person& person, const Registrant& by, absl::CivilDay day);

// The first day after the one given on which nobody is responsible who is so by more than an urgent claim;
// none where there is no such day.
std::optional<absl::CivilDay> GapAfter(const v1::Person& person, absl::CivilDay last);

// Adds the rule that is not met where so many more responsibilities have no room on the record.
void CheckRoom(const v1::Person& person, int more, explain::Refusal& refusal);

// The person with what `by` asks for: what it was offered is accepted, and that of who offered it ends the
// day before; what it has already in the role is left as it is; else it waits for acceptance, or is accepted
// at once where `by` is responsible and nobody else is. FAILED_PRECONDITION where `by` would host or continue
// as the council of ordinary residence, another council has the after-care that is accepted at once, or the
// record has no room.
absl::StatusOr<v1::Person> Ask(v1::Person person, const v1::Responsibility& asked, const Registrant& by,
                               absl::CivilDay today);

// The person with all that `asking` asked for accepted by `by`, and its urgent responsibility confirmed.
// After-care that another council has still waits where anything else is accepted. FAILED_PRECONDITION where
// nothing waits, or it is the caller's own or an offer to hand over, the caller's own responsibility waits
// for confirmation, or another council has the after-care.
absl::StatusOr<v1::Person> Accept(v1::Person person, const Registrant& asking, const Registrant& by,
                                  absl::CivilDay today);

// The person with all responsibility of `by` ended; what ends sooner stays so, and what would begin later is
// withdrawn. FAILED_PRECONDITION where it is the last one.
absl::StatusOr<v1::Person> End(v1::Person person, const v1::EndResponsibilityRequest& request,
                               const Registrant& by, absl::CivilDay today);

// Lets whoever is the last to be responsible stay so, where nobody would be on a day from today on: a death
// was recorded in error, and the end rested on it. The organisations; none where nobody's end does.
std::vector<std::string> StayResponsible(absl::CivilDay today, v1::Person& person);

// The person with the responsibility of `by` handed over, or offered, to `successor`, the organisation of the
// request. INVALID_ARGUMENT for a day in the past, a successor of no kind, or a decision without reasons.
// FAILED_PRECONDITION for a role of another kind of body or duty, to oneself, without a responsibility to
// hand over, after-care to a council where another was that of the residence, or a record without room.
absl::StatusOr<v1::Person> HandOver(v1::Person person, const v1::TransferResponsibilityRequest& request,
                                    const v1::HumanDecision& decision, const Registrant& by,
                                    const Registrant& successor, absl::CivilDay today);

// The person with `by` responsible at once. INVALID_ARGUMENT for a decision without reasons.
// FAILED_PRECONDITION for a role of another kind of body, where `by` is responsible, on a record without
// room, or without a row of policy for the day.
absl::StatusOr<v1::Person> ClaimUrgently(v1::Person person,
                                         const v1::ClaimUrgentResponsibilityRequest& request,
                                         const v1::HumanDecision& decision, const Registrant& by,
                                         const v1::PeoplePolicy& policy, absl::CivilDay today);

}  // namespace ipb::people::rules
