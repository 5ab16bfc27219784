#include <utility>

#include "common/work/owned.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/uplift_total.h"
#include "services/allocation/work/jobs.h"

namespace ipb::allocation::handlers {

Answer<v1::Uplift> ApplyUplift(const Upstreams&, call::Call& call, const v1::ApplyUpliftRequest& request) {
  const std::string name = work::OwnedName(call, "uplifts");
  auto loading = call.LoadUnguarded(name);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const call::Caller& caller = call.caller();
  IPB_CO_ASSIGN_OR_RETURN(v1::Uplift uplift, DecideApplyUplift(request, caller.organisation, caller.actor,
                                                               PoliciesOf(call, caller.organisation).local));
  uplift.set_name(name);
  call::SetTime(call.now(), uplift.mutable_recorded_time());
  subject.Put(uplift);
  subject.SetAccess(work::OwnedBy(call, caller.organisation));
  Begin(call, subject, kPreviewUplift);
  auto committing = work::CommitAndTry(call, std::move(subject), std::move(uplift), kPreviewUplift);
  co_return co_await committing;
}

Answer<v1::Uplift> ReleaseUplift(const Upstreams&, call::Call& call,
                                 const v1::ReleaseUpliftRequest& request) {
  auto loading = work::LoadOwned<v1::Uplift>(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedUplift loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.resource));
  IPB_CO_ASSIGN_OR_RETURN(
      v1::Uplift uplift,
      DecideReleaseUplift(loaded.resource, request, call.DecidedBy(request.decision()), call.today()));
  loaded.subject.Put(uplift);
  Begin(call, loaded.subject, kPostUplift);
  auto committing = work::CommitAndTry(call, std::move(loaded.subject), std::move(uplift), kPostUplift);
  co_return co_await committing;
}

// What still looks at its budgets ends by itself, and has written nothing with anybody.
Answer<v1::Uplift> CancelUplift(const Upstreams&, call::Call& call, const v1::CancelUpliftRequest& request) {
  auto loading = work::LoadOwned<v1::Uplift>(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedUplift loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.resource));
  IPB_CO_ASSIGN_OR_RETURN(
      v1::Uplift uplift,
      DecideCancelUplift(loaded.resource, call.DecidedBy(request.decision()), call.today()));
  loaded.subject.Put(uplift);
  auto committing = call.Commit(std::move(loaded.subject), std::move(uplift));
  co_return co_await committing;
}

}  // namespace ipb::allocation::handlers
