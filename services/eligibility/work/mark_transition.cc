#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/rules/regime.h"
#include "services/eligibility/rules/transition.h"
#include "services/eligibility/work/jobs.h"

namespace ipb::eligibility {
namespace {

// The explanation of the decision with what is noted after it.
v1::Explanation Explained(const call::Call& call, const call::Subject& subject, const std::string& name,
                          const explain::Trace& trace) {
  const v1::Explanation noted = handlers::Explain(call, trace);
  v1::Explanation whole =
      subject.FindRecord<v1::Explanation>(call::ExplanationRecordOf(name)).value_or(v1::Explanation());
  whole.MergeFrom(noted);
  return whole;
}

}  // namespace

async::Task<absl::Status> MarkTransition(call::Call& call, work::Item item) {
  const std::string name = item.content.payload();
  const std::string record = call::WorkRecordOf(item.id);
  // A step comes to be due although the body that decided is no longer responsible.
  auto loading = call.LoadUnguarded(call::SubjectOf(name),
                                    {call::RecordOf(name), call::ExplanationRecordOf(name), record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  IPB_CO_ASSIGN_OR_RETURN(const v1::Determination marked, subject.Get<v1::Determination>(name));
  auto gathering = handlers::RecordOf(call, subject.name());
  IPB_CO_ASSIGN_OR_RETURN(const PersonRecord known, co_await gathering);
  const state::v1::AccessRecord& person = subject.access();
  const std::vector<v1::TransitionStep> steps =
      TransitionSteps(dates::Checked(person.birth_date()), call.today(), known, handlers::PolicyOf(call));
  TransitionDecision decision = DecideTransition(marked, steps, person.death_date(), call.today());
  if (!decision.trace.empty()) {
    call::SetTime(call.now(), decision.determination.mutable_recorded_time());
    *decision.determination.mutable_explanation() = Explained(call, subject, name, decision.trace);
    subject.Put(decision.determination);
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

void EnqueueTransition(const call::Call& call, call::Subject& subject, const v1::Determination& determination,
                       const v1::Person& person) {
  if (!IsForChildren(determination.regime()) || !IsLive(determination) ||
      determination.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE) {
    return;
  }
  const absl::CivilDay birth = dates::Checked(person.birth_date());
  for (const v1::TransitionStep& step : TransitionSteps(birth, call.today(), {}, handlers::PolicyOf(call))) {
    const std::string id =
        absl::StrCat("transition-", names::LastSegment(determination.name()), "-", step.step());
    const absl::CivilDay due = std::max(dates::Checked(step.due_date()), call.today());
    const absl::CivilDay overdue = dates::Checked(step.last_date()) + 1;
    work::Enqueue(call, subject, id + "-due", kMarkTransition, determination.name(), dates::StartOfDay(due));
    if (overdue <= call.today()) continue;
    work::Enqueue(call, subject, id + "-overdue", kMarkTransition, determination.name(),
                  dates::StartOfDay(overdue));
  }
}

}  // namespace ipb::eligibility
