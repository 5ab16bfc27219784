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

async::Task<absl::StatusOr<UpliftWork>> LoadWork(call::Call& call, const work::Item& item) {
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = LoadUplift(call, item.subject, {record});
  IPB_CO_ASSIGN_OR_RETURN(LoadedUplift loaded, co_await loading);
  UpliftWork work{std::move(loaded), std::nullopt};
  work.content = work.loaded.subject.FindRecord<state::v1::WorkItem>(record);
  co_return work;
}

}  // namespace ipb::allocation
