// What must be on record before an agreed budget is reduced (Care Act 2014 ss25-27; NHS: National Framework
// 2022).
#pragma once

#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"

namespace ipb::allocation {

// Adds to `refusal` what a fall of the weekly amount below an agreed budget's lacks. A fall of what the
// council pays because the contribution rose is not one, a rise needs nothing, and council money agreed for
// an urgent need without prejudice is no measure. `evidence` is null where none was given. Where there is a
// reduction and the evidence is sufficient, a step says so.
void CheckReduction(const v1::Budget& agreed, const v1::Budget& proposed,
                    const v1::ReductionEvidence* evidence, absl::CivilDay today, explain::Refusal& refusal,
                    explain::Trace& trace);

}  // namespace ipb::allocation
