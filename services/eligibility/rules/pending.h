// What is being decided about a person on a day.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/entitlement.pb.h"
#include "services/eligibility/rules/known.h"

namespace ipb::eligibility {

// What was asked, recommended, disputed or is to be looked at again by the day and was not settled on it, in
// order of regime, then of since when, each with the clocks that run on it. The record is as it was known.
std::vector<v1::PendingDecision> PendingOn(absl::CivilDay day, const PersonRecord& record,
                                           const v1::EligibilityPolicy& policy);

}  // namespace ipb::eligibility
