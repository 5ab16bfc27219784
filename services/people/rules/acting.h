// Whether one party may do one act under one law.
#pragma once

#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "services/people/rules/authority.h"

namespace ipb::people::rules {

// Who does what, by which law and on which day.
struct Acting {
  v1::DirectPaymentRegime regime;
  v1::AuthorityAct act;
  absl::CivilDay day;
  // The appointment, in effect on the day; null for the person.
  const v1::Representative* representative = nullptr;
};

// Adds to `grounds` why they may, and to `obstacles` every rule by which they may not. What bars a direct
// payment as such, and a death, are not among them.
void CheckActing(const AuthorityFacts& facts, const Acting& acting, explain::Trace& grounds,
                 explain::Refusal& obstacles);

}  // namespace ipb::people::rules
