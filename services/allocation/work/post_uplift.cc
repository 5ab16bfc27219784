#include <utility>

#include "common/errors/status_macros.h"
#include "services/allocation/rules/uplift_total.h"
#include "services/allocation/work/jobs.h"
#include "services/allocation/work/uplift_people.h"

namespace ipb::allocation {
namespace {

// Takes over what became of a chunk's verdicts, and counts those that moved.
absl::StatusOr<v1::Uplift> TakeOver(v1::Uplift uplift, const std::vector<v1::UpliftVerdict>& posted,
                                    VerdictChunk& chunk) {
  for (size_t i = 0; i < posted.size(); ++i) {
    v1::UpliftVerdict& verdict = *chunk.verdicts.mutable_verdicts(static_cast<int>(i));
    if (verdict.kind() != v1::UpliftVerdict::KIND_TO_UPLIFT) continue;
    verdict = posted[i];
    IPB_ASSIGN_OR_RETURN(uplift, CountPosted(uplift, verdict));
  }
  return uplift;
}

// Posts the next record of verdicts, or ends the uplift where all are posted. Gives whether there is more to
// do now.
async::Task<absl::StatusOr<bool>> PostSome(call::Call& call, work::Item item, const work::Slice& time) {
  auto loading = work::LoadOwnedWork<v1::Uplift>(call, item);
  IPB_CO_ASSIGN_OR_RETURN(UpliftWork work, co_await loading);
  if (!work.content) co_return false;
  v1::Uplift uplift = work.resource;
  call::Subject& subject = work.subject;
  auto reading = NextVerdicts(call, uplift.name(), work.content->payload());
  IPB_CO_ASSIGN_OR_RETURN(VerdictChunk chunk, co_await reading);
  const bool done = chunk.record.empty();
  if (done) {
    uplift.set_state(v1::Uplift::STATE_POSTED);
    subject.FinishWork(item.id, *work.content);
  } else {
    std::vector<v1::UpliftVerdict> verdicts(chunk.verdicts.verdicts().begin(),
                                            chunk.verdicts.verdicts().end());
    auto posting = PostVerdicts(call, uplift, std::move(verdicts));
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::UpliftVerdict> posted, co_await posting);
    IPB_CO_ASSIGN_OR_RETURN(uplift, TakeOver(uplift, posted, chunk));
    subject.PutRecord(chunk.record, chunk.verdicts);
    work::Checkpoint(call, subject, item.id, *work.content, chunk.record, time.over());
  }
  subject.Put(uplift);
  const bool more = !done && !time.over();
  // A conflict is another worker that was faster: it goes on from there, and so does the next try of this
  // one.
  auto committing = call.Commit(std::move(subject));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return more;
}

}  // namespace

// The checkpoint is the last record of verdicts that is posted.
async::Task<absl::Status> PostUpliftWork(call::Call& call, work::Item item) {
  const work::Slice time;
  while (true) {
    auto posting = PostSome(call, item, time);
    IPB_CO_ASSIGN_OR_RETURN(const bool more, co_await posting);
    if (!more) co_return absl::OkStatus();
  }
}

}  // namespace ipb::allocation
