#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/rules/request.h"
#include "services/eligibility/work/jobs.h"

namespace ipb::eligibility {

async::Task<absl::Status> PassClocks(call::Call& call, work::Item item) {
  const std::string name = item.content.payload();
  const std::string record = call::WorkRecordOf(item.id);
  // A clock runs on although the body that received the request is no longer responsible.
  auto loading = call.LoadUnguarded(call::SubjectOf(name), {call::RecordOf(name), record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  IPB_CO_ASSIGN_OR_RETURN(const v1::SupportRequest request, subject.Get<v1::SupportRequest>(name));
  RequestDecision decision = DecidePassing(request, handlers::PolicyOf(call), call.today());
  if (!decision.trace.empty()) {
    call::SetTime(call.now(), decision.request.mutable_recorded_time());
    *decision.request.mutable_explanation() = handlers::Explain(call, decision.trace);
    subject.Put(decision.request);
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

void EnqueueClocks(const call::Call& call, call::Subject& subject, const v1::SupportRequest& request) {
  for (const v1::RequestClock& clock : request.clocks()) {
    const absl::CivilDay day_after = dates::Checked(clock.due_date()) + 1;
    work::Enqueue(call, subject,
                  absl::StrCat("clock-", names::LastSegment(request.name()), "-", clock.clock()), kPassClocks,
                  request.name(), dates::StartOfDay(day_after));
  }
}

std::vector<work::Job> Jobs() { return {{kPassClocks, PassClocks}, {kMarkTransition, MarkTransition}}; }

}  // namespace ipb::eligibility
