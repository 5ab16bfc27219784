#include "services/people/work/jobs.h"

#include "absl/strings/str_cat.h"

namespace ipb::people {
namespace {

// A person may be merged, split and merged again, with an item for each.
std::string Ask(const call::Call& call, call::Subject& subject, absl::string_view kind,
                const std::string& payload) {
  const std::string id = absl::StrCat(kind, "-", subject.revision().counter);
  work::Enqueue(call, subject, id, kind, payload, call.now() + work::kLease);
  return id;
}

}  // namespace

std::string EnqueueCarrying(const call::Call& call, call::Subject& merged) {
  return Ask(call, merged, kCarryMerge, "");
}

std::string EnqueueUndoing(const call::Call& call, call::Subject& survivor, const v1::Person& merged) {
  return Ask(call, survivor, kUndoMerge, merged.name());
}

std::string EnqueueClaimMove(const call::Call& call, call::Subject& person,
                             const state::v1::ClaimMove& move) {
  return Ask(call, person, kMoveClaims, move.SerializeAsString());
}

async::Task<absl::StatusOr<v1::Person>> CommitAndTry(call::Call& call, call::Subject subject,
                                                     v1::Person reply, std::string id) {
  const std::string name = subject.name();
  auto committing = call.Commit(std::move(subject), std::move(reply));
  absl::StatusOr<v1::Person> committed = co_await committing;
  if (!committed.ok() || call.info().validate_only) co_return committed;
  // What fails now, the worker tries again.
  auto trying = call.environment().work->RunNow(name, std::move(id));
  (co_await trying).IgnoreError();
  co_return committed;
}

std::vector<work::Job> Jobs() {
  return {{kCarryMerge, CarryMerge}, {kUndoMerge, UndoMerge}, {kMoveClaims, MoveClaims}};
}

}  // namespace ipb::people
