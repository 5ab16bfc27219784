#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "services/people/handlers/claim.h"
#include "services/people/rules/merge.h"
#include "services/people/work/jobs.h"

namespace ipb::people {
namespace {

constexpr int kLongestRing = 16;

// The people of the ring that a person merged into `survivor` is part of; empty where there is none.
async::Task<absl::StatusOr<std::vector<std::string>>> RingOf(call::Call& call, std::string person,
                                                             std::string survivor) {
  std::vector<std::string> ring = {person};
  for (int i = 0; i < kLongestRing && !survivor.empty(); ++i) {
    ring.push_back(survivor);
    auto loading = call.LoadUnguarded(survivor);
    IPB_CO_ASSIGN_OR_RETURN(const call::Subject next, co_await loading);
    survivor = next.access().merged_into();
    if (survivor == person) co_return ring;
  }
  co_return std::vector<std::string>();
}

// Writes to the survivor what comes with the merged person.
async::Task<absl::Status> Carry(call::Call& call, v1::Person merged) {
  const std::string name = merged.merged_into();
  auto loading = call.LoadUnguarded(name, {call::RecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Person known, subject.Get<v1::Person>(name));
  v1::Person survivor = rules::CarryOver(known, merged);
  if (survivor.SerializeAsString() == known.SerializeAsString()) co_return absl::OkStatus();
  handlers::PutPerson(subject, handlers::Stamp(call, survivor));
  if (!survivor.merged_into().empty()) EnqueueCarrying(call, subject);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

}  // namespace

async::Task<absl::Status> CarryMerge(call::Call& call, work::Item item) {
  const std::string name = item.subject;
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = call.LoadUnguarded(name, {record, call::RecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(name));
  auto looking = RingOf(call, name, person.merged_into());
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<std::string> ring, co_await looking);
  if (!ring.empty() && *std::min_element(ring.begin(), ring.end()) != name) {
    co_return absl::UnavailableError("waits for another of a ring of merges to stand again");
  }
  if (!ring.empty()) {
    person = rules::WithoutMerge(std::move(person));
    handlers::PutPerson(subject, handlers::Stamp(call, person));
  } else if (!person.merged_into().empty()) {
    auto carrying = Carry(call, person);
    IPB_CO_RETURN_IF_ERROR(co_await carrying);
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

}  // namespace ipb::people
