// What care planning finishes later: putting approved plans into effect, and ending those before them, and interim ones,
// on their day.
#pragma once

#include <string>
#include <vector>

#include "common/work/worker.h"
#include "ipb/v1/plan.pb.h"
#include "services/careplanning/handlers/upstreams.h"

namespace ipb::careplanning {

// The kinds of work.
inline constexpr char kActivatePlan[] = "activate-plan";
inline constexpr char kExpirePlan[] = "expire-plan";
inline constexpr char kSupersedePlan[] = "supersede-plan";

// Agrees the budget of an APPROVED plan and puts the plan into effect, or back to PROPOSED with allocation's reasons.
// Killed between any two steps and run again it does the same: allocation answers the same request id with the budget
// that it agreed, and the plan's move and the end of the work are one commit. Anything but a refusal leaves the work.
async::Task<absl::Status> ActivatePlan(const Upstreams& upstreams, call::Call& call, work::Item item);

// Ends an interim plan whose expiry date has passed; leaves alone one that is over already, or that another replaces.
async::Task<absl::Status> ExpirePlan(call::Call& call, work::Item item);

// Makes a plan SUPERSEDED whose last day before another plan has passed; leaves alone one that is over already.
async::Task<absl::Status> SupersedePlan(call::Call& call, work::Item item);

// Asks for ActivatePlan on behalf of who gave the approval. Gives the item's id, for the caller to try it at once: the
// worker leaves it alone for as long as a claim lasts.
std::string EnqueueActivation(const call::Call& call, call::Subject& subject, const v1::Plan& plan,
                              const v1::PlanApproval& approval);

// Asks for ExpirePlan on the day after the plan's expiry date.
void EnqueueExpiry(const call::Call& call, call::Subject& subject, const v1::Plan& plan);

// Asks for SupersedePlan on the day after the plan's last one.
void EnqueueSupersession(const call::Call& call, call::Subject& subject, const v1::Plan& plan);

// The jobs, for the service's worker. `upstreams` outlives them.
std::vector<work::Job> Jobs(const Upstreams& upstreams);

}  // namespace ipb::careplanning
