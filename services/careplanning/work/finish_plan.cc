#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/careplanning/handlers/facts.h"
#include "services/careplanning/rules/activation.h"
#include "services/careplanning/rules/plan_end.h"
#include "services/careplanning/work/jobs.h"

namespace ipb::careplanning {
namespace {

using Decide = absl::StatusOr<PlanDecision> (*)(const v1::Plan&, absl::CivilDay);
using Applies = bool (*)(const v1::Plan&);

bool ExpiresByItself(const v1::Plan& plan) { return plan.last_active_date().empty(); }
bool IsReplaced(const v1::Plan& plan) { return !plan.last_active_date().empty(); }

// Decides about the item's plan where it is still ACTIVE and the work applies, and ends the work.
async::Task<absl::Status> EndOnItsDay(call::Call& call, work::Item item, Applies applies, Decide decide) {
  const std::string name = item.content.payload();
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = call.Load(name, {record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(name));
  if (plan.state() == v1::Plan::STATE_ACTIVE && applies(plan)) {
    IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision, decide(plan, call.today()));
    subject.Put(handlers::Stamp(call, decision));
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

}  // namespace

async::Task<absl::Status> ExpirePlan(call::Call& call, work::Item item) {
  auto ending = EndOnItsDay(call, std::move(item), ExpiresByItself, DecideExpire);
  co_return co_await ending;
}

async::Task<absl::Status> SupersedePlan(call::Call& call, work::Item item) {
  auto ending = EndOnItsDay(call, std::move(item), IsReplaced, DecideSupersede);
  co_return co_await ending;
}

void EnqueueExpiry(const call::Call& call, call::Subject& subject, const v1::Plan& plan) {
  const absl::CivilDay day_after = dates::Checked(plan.expiry_date()) + 1;
  work::Enqueue(call, subject, absl::StrCat("expire-", names::LastSegment(plan.name())), kExpirePlan,
                plan.name(), dates::StartOfDay(day_after));
}

void EnqueueSupersession(const call::Call& call, call::Subject& subject, const v1::Plan& plan) {
  const absl::CivilDay day_after = dates::Checked(plan.last_active_date()) + 1;
  // The day can be moved to an earlier one; each has its own work.
  const std::string id =
      absl::StrCat("supersede-", names::LastSegment(plan.name()), "-", plan.last_active_date());
  work::Enqueue(call, subject, id, kSupersedePlan, plan.name(), dates::StartOfDay(day_after));
}

}  // namespace ipb::careplanning
