#include "common/errors/status_macros.h"
#include "services/people/handlers/claim.h"
#include "services/people/rules/merge.h"
#include "services/people/work/jobs.h"

namespace ipb::people {

async::Task<absl::Status> UndoMerge(call::Call& call, work::Item item) {
  const std::string name = item.subject;
  const std::string other = item.content.payload();
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = call.LoadUnguarded(name, {record, call::RecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  IPB_CO_ASSIGN_OR_RETURN(const v1::Person survivor, subject.Get<v1::Person>(name));
  auto loading_other = call.LoadUnguarded(other, {call::RecordOf(other)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject merged, co_await loading_other);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, merged.Get<v1::Person>(other));
  if (person.merged_into() == name) {
    person = rules::StandAgain(std::move(person), survivor, handlers::By(call), call.today());
    handlers::PutPerson(merged, handlers::Stamp(call, person));
    auto standing = call.Commit(std::move(merged));
    IPB_CO_RETURN_IF_ERROR(co_await standing);
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

}  // namespace ipb::people
