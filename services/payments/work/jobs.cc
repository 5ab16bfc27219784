#include "services/payments/work/jobs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"

namespace ipb::payments {

std::vector<work::Job> JobsOf(const Upstreams& upstreams) {
  const Upstreams* left = &upstreams;
  return {
      {kPrepareRun,
       [left](call::Call& call, work::Item item) { return PrepareRun(*left, call, std::move(item)); }},
      {kReleaseRun,
       [left](call::Call& call, work::Item item) { return ReleaseRun(*left, call, std::move(item)); }},
      {kExportRun, [](call::Call& call, work::Item item) { return ExportRun(call, std::move(item)); }},
      {kSettleRun, [](call::Call& call, work::Item item) { return SettleRun(call, std::move(item)); }},
      {kDetachRun, [](call::Call& call, work::Item item) { return DetachRun(call, std::move(item)); }},
  };
}

void Begin(const call::Call& call, call::Subject& run, const std::string& id, const std::string& kind,
           const std::string& payload) {
  work::Enqueue(call, run, id, kind, payload, call.now() + work::kLease);
}

std::string DetachIdOf(const call::Subject& run) {
  return absl::StrCat(kDetachRun, "-", run.revision().counter);
}

void Checkpoint(const call::Call& call, RunWork& work, const std::string& id, const std::string& payload,
                bool slice_ends) {
  work::Checkpoint(call, work.subject, id, *work.content, payload, slice_ends);
}

}  // namespace ipb::payments
