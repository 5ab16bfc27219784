// Subjects that belong to one organisation alone and are finished by work, such as payment runs and uplifts:
// how they are named, who may see them, how they are loaded, and how their work is tried at once.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/call/call.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "common/work/worker.h"

namespace ipb::work {

// The name in a collection ("paymentRuns") of what a request makes: the same request makes the same, however
// often it comes.
inline std::string OwnedName(const call::Call& call, absl::string_view collection) {
  const call::Caller& caller = call.caller();
  const std::string key =
      absl::StrCat(collection, "|", caller.organisation, "|", caller.system, "|", call.info().request_id);
  return absl::StrCat(collection, "/", names::PersonIdFor(key));
}

// Opens a subject to the organisation, from today on, and to no other.
inline state::v1::AccessRecord OwnedBy(const call::Call& call, const std::string& organisation) {
  state::v1::AccessRecord access;
  v1::Responsibility* held = access.add_responsibilities();
  held->set_organisation(organisation);
  held->set_state(v1::Responsibility::STATE_ACCEPTED);
  held->set_effective_from_date(dates::Format(call.today()));
  return access;
}

// A resource with the asked for records of its subject.
template <typename Resource>
struct Owned {
  call::Subject subject;
  Resource resource;
};

// NOT_FOUND for everybody outside the organisation that it belongs to.
template <typename Resource>
async::Task<absl::StatusOr<Owned<Resource>>> LoadOwned(call::Call& call, std::string name,
                                                       std::vector<std::string> records = {}) {
  records.push_back(call::RecordOf(name));
  auto loading = call.LoadUnguarded(name, std::move(records));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(Resource resource, subject.Get<Resource>(name));
  if (resource.organisation() != call.caller().organisation) co_return errors::NotFound(name);
  Owned<Resource> owned{std::move(subject), std::move(resource)};
  co_return owned;
}

// The resource that an item of work is about, with the item as it is stored; no content where the item is done.
template <typename Resource>
struct OwnedWork {
  call::Subject subject;
  Resource resource;
  std::optional<state::v1::WorkItem> content;
};

// NOT_FOUND as LoadOwned.
template <typename Resource>
async::Task<absl::StatusOr<OwnedWork<Resource>>> LoadOwnedWork(call::Call& call, const Item& item) {
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = LoadOwned<Resource>(call, item.subject, {record});
  IPB_CO_ASSIGN_OR_RETURN(Owned<Resource> owned, co_await loading);
  std::optional<state::v1::WorkItem> content = owned.subject.template FindRecord<state::v1::WorkItem>(record);
  OwnedWork<Resource> work{std::move(owned.subject), std::move(owned.resource), std::move(content)};
  co_return work;
}

// The resource as it is now, read past any remembered reply of the call. NOT_FOUND where there is none.
template <typename Resource>
async::Task<absl::StatusOr<Resource>> Reread(call::Call& call, std::string name) {
  store::LoadRequest request{name, "", {call::RecordOf(name)}};
  auto loading = call.environment().store->Load(std::move(request));
  IPB_CO_ASSIGN_OR_RETURN(const store::LoadResult loaded, co_await loading);
  Resource resource;
  if (!loaded.records.front() || !resource.ParseFromString(loaded.records.front()->data)) {
    co_return errors::NotFound(name);
  }
  co_return resource;
}

// Tries an item of the resource's work at once and gives the resource as it is then, whether or not that
// succeeded: what is left is finished by the worker.
template <typename Resource>
async::Task<absl::StatusOr<Resource>> TryNow(call::Call& call, std::string name, std::string id) {
  call::WorkRunner* work = call.environment().work;
  if (work != nullptr) {
    async::Task<absl::Status> trying = work->RunNow(name, std::move(id));
    // A failure is kept with the item, and the worker tries again.
    const absl::Status tried = co_await trying;
    tried.IgnoreError();
  }
  auto reading = Reread<Resource>(call, std::move(name));
  co_return co_await reading;
}

// Commits a resource that has work to do, tries that, and replies with the resource as it is then.
template <typename Resource>
async::Task<absl::StatusOr<Resource>> CommitAndTry(call::Call& call, call::Subject subject, Resource resource,
                                                   std::string id) {
  const std::string name = resource.name();
  auto committing = call.Commit(std::move(subject), std::move(resource));
  IPB_CO_ASSIGN_OR_RETURN(Resource committed, co_await committing);
  if (call.info().validate_only) co_return committed;
  auto trying = TryNow<Resource>(call, name, std::move(id));
  co_return co_await trying;
}

}  // namespace ipb::work
