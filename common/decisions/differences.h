// What would be decided otherwise, field by field.
#pragma once

#include <vector>

#include "google/protobuf/any.pb.h"
#include "ipb/v1/decisions_service.pb.h"

namespace ipb::decisions {

// The differences between two outcomes, resource by resource, in the order of the first. Etags and the
// versions of rules and policy are not compared. Steps of an explanation are compared one by one where there are as
// many then and now, and else told that came in between or are gone.
std::vector<v1::DecisionDifference> Differences(const std::vector<google::protobuf::Any>& then,
                                                const std::vector<google::protobuf::Any>& now);

}  // namespace ipb::decisions
