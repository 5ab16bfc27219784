#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/careplanning/handlers/facts.h"
#include "services/careplanning/rules/plan_end.h"
#include "services/careplanning/work/jobs.h"

namespace ipb::careplanning {

async::Task<absl::Status> ExpirePlan(call::Call& call, work::Item item) {
  const std::string name = item.content.payload();
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = call.Load(name, {record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  IPB_CO_ASSIGN_OR_RETURN(const v1::Plan plan, subject.Get<v1::Plan>(name));
  if (plan.state() == v1::Plan::STATE_ACTIVE) {
    IPB_CO_ASSIGN_OR_RETURN(PlanDecision decision, DecideExpire(plan, call.today()));
    subject.Put(handlers::Stamp(call, decision));
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

void EnqueueExpiry(const call::Call& call, call::Subject& subject, const v1::Plan& plan) {
  const absl::CivilDay day_after = dates::Checked(plan.expiry_date()) + 1;
  work::Enqueue(call, subject, absl::StrCat("expire-", names::LastSegment(plan.name())), kExpirePlan, plan.name(),
                dates::StartOfDay(day_after));
}

}  // namespace ipb::careplanning
