// What eligibility finishes later: noticing that a clock of a request has passed, or that a step from
// children's to adult care is due.
#pragma once

#include <vector>

#include "common/work/worker.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/person.pb.h"
#include "ipb/v1/support_request.pb.h"

namespace ipb::eligibility {

// The kinds of work.
inline constexpr char kPassClocks[] = "pass-request-clocks";
inline constexpr char kMarkTransition[] = "mark-transition-steps";

// Asks for PassClocks on the day after the last day of each clock of a request.
void EnqueueClocks(const call::Call& call, call::Subject& subject, const v1::SupportRequest& request);

// Notes on the clocks of an open request which have passed without being met; leaves alone what is met or
// closed.
async::Task<absl::Status> PassClocks(call::Call& call, work::Item item);

// Where a determination finds a child eligible, asks for MarkTransition on the day on which each step to
// adult care is due and on that on which it is overdue; at once for what has passed.
void EnqueueTransition(const call::Call& call, call::Subject& subject, const v1::Determination& determination,
                       const v1::Person& person);

// Notes on the determination which steps have come to be due or overdue; leaves alone what is met, has ended
// or was replaced.
async::Task<absl::Status> MarkTransition(call::Call& call, work::Item item);

// The jobs, for the service's worker.
std::vector<work::Job> Jobs();

}  // namespace ipb::eligibility
