// Whether a person can make one decision (Mental Capacity Act 2005 ss1-4).
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// From this age capacity is presumed (Mental Capacity Act 2005 ss1(2), 2(5)).
inline constexpr int kCapacityAge = 16;

// What the rules of capacity need to know besides the request.
struct CapacityFacts {
  v1::Person person;
  // Every finding on record.
  std::vector<v1::CapacityDecision> known;
  // The decision given in the request, with decider, role and organisation of the call.
  v1::HumanDecision by;
};

// The new finding, and the one that it supersedes: without name where there is none. A finding that is older
// than one on record for the same matter is superseded by it from the start. Names and instants are left to
// the handler.
struct CapacityChange {
  v1::CapacityDecision finding;
  v1::CapacityDecision superseded;
  explain::Trace trace;
};

// INVALID_ARGUMENT and FAILED_PRECONDITION as the contract says of the method.
absl::StatusOr<CapacityChange> RecordCapacity(const CapacityFacts& facts,
                                              const v1::RecordCapacityDecisionRequest& request,
                                              absl::CivilDay today);

// The finding that holds for a matter on a day: the latest assessed until then, of one day the latest
// recorded. Null where there is none, and capacity is presumed.
const v1::CapacityDecision* CapacityOn(const std::vector<v1::CapacityDecision>& known,
                                       v1::CapacityDecision::Matter matter, absl::CivilDay day);

// Whether a finding on record says that the person lacks capacity for the matter on the day.
bool LacksCapacity(const std::vector<v1::CapacityDecision>& known, v1::CapacityDecision::Matter matter,
                   absl::CivilDay day);

// The findings that hold on a day, one for each matter.
std::vector<v1::CapacityDecision> CapacityDecisionsOn(absl::CivilDay day,
                                                      std::vector<v1::CapacityDecision> rows);

}  // namespace ipb::people::rules
