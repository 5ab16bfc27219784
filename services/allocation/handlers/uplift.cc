#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/names/names.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/uplift_total.h"
#include "services/allocation/work/jobs.h"

namespace ipb::allocation::handlers {
namespace {

// The same request makes the same uplift, however often it comes.
std::string NameFor(const call::Call& call) {
  const call::Caller& caller = call.caller();
  const std::string key =
      absl::StrCat("uplifts|", caller.organisation, "|", caller.system, "|", call.info().request_id);
  return absl::StrCat("uplifts/", names::PersonIdFor(key));
}

// Opens an uplift to the organisation whose money it is, and to no other.
state::v1::AccessRecord AccessOf(const call::Call& call) {
  state::v1::AccessRecord access;
  v1::Responsibility* held = access.add_responsibilities();
  held->set_organisation(call.caller().organisation);
  held->set_state(v1::Responsibility::STATE_ACCEPTED);
  held->set_effective_from_date(dates::Format(call.today()));
  return access;
}

// Commits an uplift that has work to do, tries it, and replies with the uplift as it is then.
Answer<v1::Uplift> CommitAndTry(call::Call& call, call::Subject subject, v1::Uplift uplift,
                                std::string work) {
  const std::string name = uplift.name();
  auto committing = call.Commit(std::move(subject), std::move(uplift));
  IPB_CO_ASSIGN_OR_RETURN(v1::Uplift committed, co_await committing);
  if (call.info().validate_only) co_return committed;
  auto trying = TryNow(call, name, std::move(work));
  co_return co_await trying;
}

}  // namespace

Answer<v1::Uplift> ApplyUplift(const Upstreams&, call::Call& call, const v1::ApplyUpliftRequest& request) {
  const std::string name = NameFor(call);
  auto loading = call.LoadUnguarded(name);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const call::Caller& caller = call.caller();
  IPB_CO_ASSIGN_OR_RETURN(v1::Uplift uplift, DecideApplyUplift(request, caller.organisation, caller.actor,
                                                               PoliciesOf(call, caller.organisation).local));
  uplift.set_name(name);
  call::SetTime(call.now(), uplift.mutable_recorded_time());
  subject.Put(uplift);
  subject.SetAccess(AccessOf(call));
  Begin(call, subject, kPreviewUplift);
  auto committing = CommitAndTry(call, std::move(subject), std::move(uplift), kPreviewUplift);
  co_return co_await committing;
}

Answer<v1::Uplift> ReleaseUplift(const Upstreams&, call::Call& call,
                                 const v1::ReleaseUpliftRequest& request) {
  auto loading = LoadUplift(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedUplift loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.uplift));
  IPB_CO_ASSIGN_OR_RETURN(
      v1::Uplift uplift,
      DecideReleaseUplift(loaded.uplift, request, call.DecidedBy(request.decision()), call.today()));
  loaded.subject.Put(uplift);
  Begin(call, loaded.subject, kPostUplift);
  auto committing = CommitAndTry(call, std::move(loaded.subject), std::move(uplift), kPostUplift);
  co_return co_await committing;
}

// What still looks at its budgets ends by itself, and has written nothing with anybody.
Answer<v1::Uplift> CancelUplift(const Upstreams&, call::Call& call, const v1::CancelUpliftRequest& request) {
  auto loading = LoadUplift(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedUplift loaded, co_await loading);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), loaded.uplift));
  IPB_CO_ASSIGN_OR_RETURN(
      v1::Uplift uplift, DecideCancelUplift(loaded.uplift, call.DecidedBy(request.decision()), call.today()));
  loaded.subject.Put(uplift);
  auto committing = call.Commit(std::move(loaded.subject), std::move(uplift));
  co_return co_await committing;
}

}  // namespace ipb::allocation::handlers
