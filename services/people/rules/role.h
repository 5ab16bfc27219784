// The roles in which an organisation is responsible for a person: whose they are, and which passes as which.
#pragma once

#include "common/explain/trace.h"
#include "ipb/v1/options.pb.h"
#include "ipb/v1/person.pb.h"

namespace ipb::people::rules {

// Adds the rule that is not met where a body of this kind cannot be responsible in the role.
void CheckRole(v1::ResponsibilityRole role, v1::CallerKind kind, explain::Refusal& refusal);

// Whether a council that becomes that of ordinary residence needs the role no more.
bool IsReplacedByResidence(v1::ResponsibilityRole role);

// Whether who asked for the one may be handed the other: needs are met by residence, as host or in
// continuity, and NHS care by the responsible or the placing ICB.
bool IsOneDuty(v1::ResponsibilityRole one, v1::ResponsibilityRole other);

// Whether a responsibility in one role may be handed over as another.
bool PassesAs(v1::ResponsibilityRole held, v1::ResponsibilityRole role);

// Adds the rule that is not met where it may not.
void CheckPassesAs(v1::ResponsibilityRole held, v1::ResponsibilityRole role, explain::Refusal& refusal);

}  // namespace ipb::people::rules
