// Keeping reviews in line with plans and people: the first review of a plan that takes effect, and the end of
// those that no plan needs any more. Each is done when the change is seen; what fails for one person is left
// to the worker, so that it holds up nobody else.
#pragma once

#include <string>
#include <vector>

#include "common/watch/consumer.h"
#include "common/work/worker.h"
#include "services/reviews/handlers/handlers.h"

namespace ipb::reviews {

// Follows care planning. A plan that is ACTIVE and has no review by cadence yet gets its first; one that is
// over has its scheduled reviews cancelled: all of them where it ended, and those by cadence where another
// plan replaced it, since what made an unplanned review necessary is still there.
watch::Subscription FollowPlans(const call::Environment& environment, const Upstreams& upstreams);

// Follows people. The scheduled reviews of a person who died are cancelled, save those that close what is
// left.
watch::Subscription FollowPeople(const call::Environment& environment, const Upstreams& upstreams);

// The jobs that finish both.
std::vector<work::Job> FollowJobs(const Upstreams& upstreams);

}  // namespace ipb::reviews
