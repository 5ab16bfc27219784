// The checklist comes before the decision support tool (SI 2012/2996 reg 21(2), (4)-(5); National Framework,
// July 2022).
#pragma once

#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "services/eligibility/rules/decider.h"

namespace ipb::eligibility {

// Adds to `refusal` where the assessment's decision support tool was used without what has to come before it:
// a positive checklist, by score or by judgement, or a reason on record for none. Either may be of any
// complete assessment among the facts, by the day of the tool, and has not been answered by a decision of not
// eligible since; a positive checklist that was only received is the request that is answered. Whoever is
// eligible already is assessed again without one. Says in `trace` which of these it was.
void CheckScreened(const DeterminationFacts& facts, const v1::Assessment& assessment,
                   explain::Refusal& refusal, explain::Trace& trace);

}  // namespace ipb::eligibility
