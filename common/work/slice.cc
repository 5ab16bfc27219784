#include "common/work/slice.h"

#include <utility>

#include "common/work/worker.h"

namespace ipb::work {

void Checkpoint(const call::Call& call, call::Subject& subject, const std::string& id, state::v1::WorkItem content,
                const std::string& payload, bool slice_ends) {
  subject.RemoveIndex(call::kWorkIndex, call::WorkKeyOf(content), call::WorkRecordOf(id));
  content.set_payload(payload);
  content.set_attempts(0);
  call::SetTime(slice_ends ? call.now() : call.now() + kLease, content.mutable_due_time());
  subject.Enqueue(id, content);
}

}  // namespace ipb::work
