// Which body owes a person what they are entitled to on a day.
#pragma once

#include "absl/time/civil_time.h"
#include "ipb/v1/entitlement.pb.h"
#include "ipb/v1/person.pb.h"

namespace ipb::eligibility {

// Names in the entitlement, which holds on `day`, the body that owes it then, by the person's
// responsibilities, and explains it where that is not the one that decided.
void NameWhoOwes(const v1::Person& person, absl::CivilDay day, v1::Entitlement& entitlement);

}  // namespace ipb::eligibility
