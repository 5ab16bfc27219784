// Requests to reviews that nothing but the state of things can refuse.
#pragma once

#include <string>

#include "ipb/v1/reviews_service.pb.h"

namespace ipb::reviews {

// A review of the person's first plan that something made necessary.
v1::ScheduleReviewRequest Unplanned(const std::string& person, v1::ReviewTrigger trigger);
// All is well and nothing changes.
v1::CompleteReviewRequest Completion(const std::string& name);

}  // namespace ipb::reviews
