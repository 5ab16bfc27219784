// What the NHS pays of a budget beside what it would have spent for the same needs: a personal health budget
// is no new money, and gives neither more, or more costly, care than others have nor a place before them.
#pragma once

#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"
#include "services/allocation/rules/funders.h"

namespace ipb::allocation {

// Says what the NHS bodies pay a week beside what the NHS would have spent, where that was worked out.
void CompareWithNhs(const v1::Budget& budget, const OrganisationKinds& kinds, explain::Trace& trace);

// Adds to `refusal` where the NHS bodies would pay more, and no component with their money has reasons.
void CheckNhsShare(const v1::Budget& budget, const OrganisationKinds& kinds, explain::Refusal& refusal);

}  // namespace ipb::allocation
