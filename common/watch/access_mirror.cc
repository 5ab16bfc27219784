#include "common/watch/access_mirror.h"

#include <algorithm>
#include <utility>

#include "common/errors/status_macros.h"

namespace ipb::watch {
namespace {

constexpr char kConsumer[] = "access";

// Whether the person's own resource was written, and not only something below it.
bool ChangesPerson(const v1::Change& change) {
  return std::find(change.resources().begin(), change.resources().end(), change.subject()) !=
         change.resources().end();
}

}  // namespace

AccessMirror::AccessMirror(const call::Environment& environment,
                           std::shared_ptr<client::Peer<v1::PeopleService>> people,
                           std::shared_ptr<client::Peer<v1::ChangesService>> changes)
    : environment_(environment),
      people_(std::move(people)),
      consumer_(environment, std::move(changes),
                {kConsumer, "people", [this](v1::Change change) { return Copy(std::move(change)); }}) {}

async::Task<absl::Status> AccessMirror::Copy(v1::Change change) {
  if (!ChangesPerson(change)) co_return absl::OkStatus();
  client::PeopleAccessSource source(people_);
  auto fetching = source.Fetch(ServiceItself(environment_), change.subject());
  absl::StatusOr<state::v1::AccessRecord> current = co_await fetching;
  // Other subjects of people, such as claims, are nobody's to know of.
  if (current.status().code() == absl::StatusCode::kNotFound) co_return absl::OkStatus();
  IPB_CO_RETURN_IF_ERROR(current.status());
  call::Call call(environment_, ServiceItself(environment_), Watching(kConsumer));
  auto loading = call.LoadUnguarded(change.subject());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  if (subject.access().person_revision() >= current->person_revision()) co_return absl::OkStatus();
  subject.SetAccess(*std::move(current));
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

}  // namespace ipb::watch
