#include "common/errors/status_macros.h"
#include "services/people/handlers/claim.h"
#include "services/people/work/jobs.h"

namespace ipb::people {
namespace {

// Makes the person where they are not there yet.
async::Task<absl::Status> Make(call::Call& call, v1::Person person) {
  auto loading = call.LoadUnguarded(person.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  if (subject.exists()) co_return absl::OkStatus();
  handlers::PutPerson(subject, person);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

}  // namespace

async::Task<absl::Status> MoveClaims(call::Call& call, work::Item item) {
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = call.LoadUnguarded(item.subject, {record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  state::v1::ClaimMove move;
  move.ParseFromString(work->payload());
  if (move.has_person()) {
    auto making = Make(call, move.person());
    IPB_CO_RETURN_IF_ERROR(co_await making);
  }
  for (const state::v1::SeenClaim& seen : move.claims()) {
    auto finding = handlers::FindClaimNamed(call, seen.name());
    IPB_CO_ASSIGN_OR_RETURN(handlers::FoundClaim found, co_await finding);
    if (found.claim.person() != item.subject || found.claim.term() != seen.term()) continue;
    auto pointing = handlers::PointClaim(call, std::move(found), move.person().name());
    IPB_CO_RETURN_IF_ERROR(co_await pointing);
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

}  // namespace ipb::people
