#include "services/allocation/work/jobs.h"

#include <utility>

#include "common/errors/status_macros.h"

namespace ipb::allocation {

std::vector<work::Job> JobsOf() {
  return {
      {kPreviewUplift,
       [](call::Call& call, work::Item item) { return PreviewUpliftWork(call, std::move(item)); }},
      {kPostUplift, [](call::Call& call, work::Item item) { return PostUpliftWork(call, std::move(item)); }}};
}

void Begin(const call::Call& call, call::Subject& uplift, const std::string& kind) {
  work::Enqueue(call, uplift, kind, kind, "", call.now() + work::kLease);
}

}  // namespace ipb::allocation
