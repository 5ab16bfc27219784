// Who cares for whom, and who lives together.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// A new or changed relationship, and why. Name and instants are left to the handler.
struct RelationshipDecision {
  v1::PersonRelationship relationship;
  explain::Trace trace;
};

// `known` are the person's relationships. INVALID_ARGUMENT and FAILED_PRECONDITION as the contract says of
// the method.
absl::StatusOr<RelationshipDecision> RecordRelationship(const v1::Person& person,
                                                        const std::vector<v1::PersonRelationship>& known,
                                                        const v1::RecordRelationshipRequest& request,
                                                        absl::CivilDay today);

// As the contract says of the method.
absl::StatusOr<RelationshipDecision> EndRelationship(const v1::Person& person,
                                                     v1::PersonRelationship relationship,
                                                     const v1::EndRelationshipRequest& request,
                                                     absl::CivilDay today);

}  // namespace ipb::people::rules
