// A subject as one call sees it: a consistent snapshot of its records, and the changes the call wants to make to it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/errors/errors.h"
#include "common/store/store.h"
#include "google/protobuf/message.h"
#include "ipb/state/v1/state.pb.h"
#include "ipb/v1/explanation.pb.h"

namespace ipb::call {

// Where a resource is kept: `people/x/budgets/12` is the record "budgets/b12" of the subject "people/x", and `people/x`
// itself the record "." of that subject. The letter is the number of digits (a for one), so that records sort by number.
std::string SubjectOf(absl::string_view resource_name);
std::string RecordOf(absl::string_view resource_name);

// The record that holds a resource's explanation.
std::string ExplanationRecordOf(absl::string_view resource_name);

// The record in which a service keeps what was stated about a resource of another.
std::string StatedRecordOf(absl::string_view resource_name);

// Belongs to one coroutine; not thread-safe. Copying is not possible.
class Subject {
 public:
  // With `keeps_versions` every resource that is put is also kept as the version that this call's commit makes.
  Subject(std::string name, const std::vector<std::string>& records, store::LoadResult loaded,
          state::v1::AccessRecord access, std::string commit_id, bool keeps_versions = false);
  Subject(Subject&&) = default;
  Subject& operator=(Subject&&) = default;

  // `people/x`, `paymentRuns/y`, `uplifts/y` or `identifiers/z`.
  const std::string& name() const { return name_; }
  // Whether anything was ever committed to it.
  bool exists() const { return revision_.counter > 0; }
  const store::Revision& revision() const { return revision_; }
  const state::v1::AccessRecord& access() const { return access_; }

  // Whether the resource of that full name was asked for in Load and exists.
  bool Has(absl::string_view resource_name) const { return records_.count(RecordOf(resource_name)) > 0; }
  // The resource of that full name if it was asked for in Load and exists; writes of this call are not seen.
  template <typename Resource>
  std::optional<Resource> Find(absl::string_view resource_name) const {
    return FindRecord<Resource>(RecordOf(resource_name));
  }
  // The same, NOT_FOUND where there is none.
  template <typename Resource>
  absl::StatusOr<Resource> Get(absl::string_view resource_name) const {
    std::optional<Resource> resource = Find<Resource>(resource_name);
    if (!resource) return errors::NotFound(resource_name);
    return *std::move(resource);
  }
  // A record by its own name, for what is not a resource.
  template <typename Message>
  std::optional<Message> FindRecord(const std::string& record) const {
    const auto found = records_.find(record);
    Message message;
    if (found == records_.end() || !message.ParseFromString(found->second)) return std::nullopt;
    return message;
  }

  // The number for a new resource of a collection: one more than the highest given out. Reserved by this call's commit.
  int64_t Next(absl::string_view collection);
  // The highest number given out in a collection so far.
  int64_t Last(absl::string_view collection) const;

  // Writes a resource under its own name. Gives it the etag of this commit, and keeps its explanation apart, in a record
  // of its own; the resource passed in keeps both, ready to be the reply.
  void Put(google::protobuf::Message& resource);
  // Writes a record that is not a resource.
  void PutRecord(std::string record, const google::protobuf::Message& message);
  void DeleteRecord(std::string record);

  // Adds and removes entries of ordered indexes that point to a record of this subject.
  void AddIndex(std::string index, std::string key, std::string record);
  void RemoveIndex(std::string index, std::string key, std::string record);

  // Replaces the access record.
  void SetAccess(state::v1::AccessRecord access);
  // Writes the access record that Load fetched from elsewhere, if it did, with this commit.
  void KeepFetchedAccess() { fetched_access_ = true; }

  // Asks for work to be done by this service at or after a due time. `id` is unique within the subject; asking again
  // under the same id replaces what was asked before.
  void Enqueue(absl::string_view id, const state::v1::WorkItem& item);
  // Removes work that is done. `item` is what is recorded.
  void FinishWork(absl::string_view id, const state::v1::WorkItem& item);

  // What this call wants written; used by Call::Commit.
  store::Writes TakeWrites(std::string history, absl::string_view history_digest);
  // The same for a commit that leaves no history.
  store::Writes TakeUnrecordedWrites();
  const std::string& history_digest() const { return head_.history_digest(); }
  const std::vector<std::string>& written() const { return written_; }

 private:
  void PutVersion(const std::string& record, const google::protobuf::Message& message);

  std::string name_;
  store::Revision revision_;
  state::v1::Head head_;
  state::v1::AccessRecord access_;
  std::map<std::string, std::string> records_;
  store::Writes writes_;
  std::vector<std::string> written_;
  bool fetched_access_ = false;
  bool keeps_versions_ = false;
};

// Whether a subject is the suite's own bookkeeping and nobody's audit trail: the cursors of `consumers/{consumer}`.
inline constexpr char kConsumers[] = "consumers/";
bool IsBookkeeping(absl::string_view subject);

// The record and index of work in a subject, shared with the worker that finishes it.
inline constexpr char kWorkIndex[] = "work";
std::string WorkRecordOf(absl::string_view id);
std::string WorkKeyOf(const state::v1::WorkItem& item);

}  // namespace ipb::call
