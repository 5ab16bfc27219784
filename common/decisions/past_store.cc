#include "common/decisions/past_store.h"

#include <algorithm>
#include <utility>

#include "common/call/recording.h"
#include "common/call/subject.h"
#include "common/client/access_source.h"
#include "common/decisions/recorded.h"

namespace ipb::decisions {
namespace {

absl::Status NotOfADecision() {
  return absl::UnimplementedError("a decision that is made again reads its own facts");
}

}  // namespace

PastStore::PastStore(const v1::Decision& decision)
    : subject_(call::SubjectOf(decision.name())),
      decision_(call::RecordOf(decision.name())),
      revision_(RevisionOf(decision)) {
  loaded_.revision.counter = revision_ - 1;
  state::v1::Head head;
  for (const v1::CollectionCount& count : decision.counts()) {
    state::v1::Counter* counter = head.add_counters();
    counter->set_collection(count.collection());
    counter->set_last(count.last());
  }
  loaded_.head = head.SerializeAsString();
  loaded_.access = client::AccessRecordOf(decision.person()).SerializeAsString();
  for (const v1::DecisionFact& fact : decision.facts()) Keep(fact);
}

void PastStore::Keep(const v1::DecisionFact& fact) {
  const std::string name = NameOf(fact.resource());
  // What the decision's own commit kept is not this service's: it is found where it would have been stated.
  const std::string record = fact.revision() == revision_ ? call::StatedRecordOf(name) : call::RecordOf(name);
  const Parted parted = Part(fact.resource());
  facts_[record] = {record, parted.resource.value(), fact.revision()};
  if (!parted.explanation) return;
  const std::string explained = call::ExplanationRecordOf(name);
  facts_[explained] = {explained, parted.explanation->value(), fact.revision()};
}

async::Task<absl::StatusOr<store::LoadResult>> PastStore::Load(store::LoadRequest request) {
  if (request.subject != subject_) {
    store::LoadResult nothing;
    nothing.records.resize(request.names.size());
    co_return nothing;
  }
  store::LoadResult result = loaded_;
  for (const std::string& name : request.names) {
    const auto found = facts_.find(name);
    result.records.push_back(found == facts_.end() ? std::nullopt : std::make_optional(found->second));
  }
  co_return result;
}

async::Task<absl::StatusOr<std::vector<store::Record>>> PastStore::List(std::string subject,
                                                                        std::string prefix, std::string after,
                                                                        size_t limit) {
  std::vector<store::Record> found;
  if (subject != subject_) co_return found;
  for (auto fact = facts_.upper_bound(std::max(prefix, after)); fact != facts_.end(); ++fact) {
    if (fact->first.compare(0, prefix.size(), prefix) != 0 || found.size() == limit) break;
    found.push_back(fact->second);
  }
  co_return found;
}

async::Task<absl::StatusOr<store::CommitResult>> PastStore::Commit(std::string, store::Revision expected,
                                                                   store::Writes writes, bool) {
  store::CommitResult result;
  result.revision = {expected.counter + 1, writes.commit_id};
  writes_ = std::move(writes);
  co_return result;
}

async::Task<absl::StatusOr<std::vector<std::string>>> PastStore::History(std::string, int64_t, size_t) {
  co_return NotOfADecision();
}

async::Task<absl::StatusOr<std::vector<store::IndexEntry>>> PastStore::Scan(std::string, std::string,
                                                                            std::string,
                                                                            std::optional<store::IndexEntry>,
                                                                            size_t) {
  co_return NotOfADecision();
}

async::Task<absl::StatusOr<store::TailResult>> PastStore::Tail(store::Cursor, size_t) {
  co_return NotOfADecision();
}

async::Task<absl::StatusOr<store::Cursor>> PastStore::Now() { co_return NotOfADecision(); }

async::Task<absl::StatusOr<size_t>> PastStore::Trim(absl::Time, absl::Time, size_t) {
  co_return NotOfADecision();
}

async::Task<absl::Status> PastStore::Ping() { co_return NotOfADecision(); }

std::vector<google::protobuf::Any> PastStore::Outcome() const {
  Versions versions;
  std::vector<std::string> written;
  for (const store::Record& put : writes_.puts) {
    if (call::IsVersionRecord(put.name)) versions[put.name].ParseFromString(put.data);
    if (put.name != decision_) continue;
    state::v1::DecisionRecord decision;
    decision.ParseFromString(put.data);
    written.assign(decision.written().begin(), decision.written().end());
  }
  return Written(written, revision_, versions);
}

}  // namespace ipb::decisions
