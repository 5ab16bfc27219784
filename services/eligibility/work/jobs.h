// What eligibility finishes later: noticing that a clock of a request has passed.
#pragma once

#include <vector>

#include "common/work/worker.h"
#include "ipb/v1/support_request.pb.h"

namespace ipb::eligibility {

// The kind of work.
inline constexpr char kPassClocks[] = "pass-request-clocks";

// Asks for PassClocks on the day after the last day of each clock of a request.
void EnqueueClocks(const call::Call& call, call::Subject& subject, const v1::SupportRequest& request);

// Notes on the clocks of an open request which have passed without being met; leaves alone what is met or
// closed.
async::Task<absl::Status> PassClocks(call::Call& call, work::Item item);

// The jobs, for the service's worker.
std::vector<work::Job> Jobs();

}  // namespace ipb::eligibility
