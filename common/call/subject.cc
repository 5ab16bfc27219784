#include "common/call/subject.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/call/recording.h"
#include "google/protobuf/any.pb.h"

namespace ipb::call {
namespace {

constexpr char kSelf[] = ".";
constexpr char kExplanationSuffix[] = "/explanation";

// Sets a text field of the resource if it has one of that name.
void SetText(google::protobuf::Message& message, const char* field, const std::string& value) {
  const auto* found = message.GetDescriptor()->FindFieldByName(field);
  if (found != nullptr) message.GetReflection()->SetString(&message, found, value);
}

std::string NameOf(const google::protobuf::Message& resource) {
  const auto* field = resource.GetDescriptor()->FindFieldByName("name");
  return resource.GetReflection()->GetString(resource, field);
}

size_t EndOfSubject(absl::string_view resource_name) {
  const size_t first = resource_name.find('/');
  return first == resource_name.npos ? first : resource_name.find('/', first + 1);
}

}  // namespace

std::string SubjectOf(absl::string_view resource_name) {
  return std::string(resource_name.substr(0, EndOfSubject(resource_name)));
}

std::string RecordOf(absl::string_view resource_name) {
  const size_t end = EndOfSubject(resource_name);
  if (end >= resource_name.size()) return kSelf;
  const absl::string_view below = resource_name.substr(end + 1);
  const size_t slash = below.rfind('/');
  const absl::string_view last = below.substr(slash + 1);
  if (slash == below.npos || !std::all_of(last.begin(), last.end(), absl::ascii_isdigit)) return std::string(below);
  return absl::StrCat(below.substr(0, slash + 1), std::string(1, 'a' + last.size() - 1), last);
}

std::string ExplanationRecordOf(absl::string_view resource_name) {
  return absl::StrCat(RecordOf(resource_name), kExplanationSuffix);
}

std::string StatedRecordOf(absl::string_view resource_name) {
  return absl::StrCat("stated/", RecordOf(resource_name));
}

bool IsBookkeeping(absl::string_view subject) { return absl::StartsWith(subject, kConsumers); }

std::string WorkRecordOf(absl::string_view id) { return absl::StrCat("work/", id); }

std::string WorkKeyOf(const state::v1::WorkItem& item) {
  const absl::Time due = absl::FromUnixSeconds(item.due_time().seconds());
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", due, absl::UTCTimeZone());
}

Subject::Subject(std::string name, const std::vector<std::string>& records, store::LoadResult loaded,
                 state::v1::AccessRecord access, std::string commit_id, bool keeps_versions)
    : name_(std::move(name)),
      revision_(std::move(loaded.revision)),
      access_(std::move(access)),
      keeps_versions_(keeps_versions) {
  head_.ParseFromString(loaded.head);
  writes_.commit_id = std::move(commit_id);
  for (size_t i = 0; i < records.size() && i < loaded.records.size(); ++i) {
    if (loaded.records[i]) records_[records[i]] = std::move(loaded.records[i]->data);
  }
}

int64_t Subject::Last(absl::string_view collection) const {
  for (const state::v1::Counter& counter : head_.counters()) {
    if (counter.collection() == collection) return counter.last();
  }
  return 0;
}

int64_t Subject::Next(absl::string_view collection) {
  for (state::v1::Counter& counter : *head_.mutable_counters()) {
    if (counter.collection() != collection) continue;
    counter.set_last(counter.last() + 1);
    return counter.last();
  }
  state::v1::Counter* counter = head_.add_counters();
  counter->set_collection(std::string(collection));
  counter->set_last(1);
  return 1;
}

void Subject::Put(google::protobuf::Message& resource) {
  const std::string name = NameOf(resource);
  const std::string record = RecordOf(name);
  SetText(resource, "etag", absl::StrCat(revision_.counter + 1, "-", writes_.commit_id));
  written_.push_back(name);
  const auto* field = resource.GetDescriptor()->FindFieldByName("explanation");
  const auto* reflection = resource.GetReflection();
  if (field == nullptr || !reflection->HasField(resource, field)) {
    PutRecord(record, resource);
    return PutVersion(record, resource);
  }
  google::protobuf::Message* explanation = reflection->ReleaseMessage(&resource, field);
  PutRecord(record, resource);
  PutVersion(record, resource);
  const std::string explained = absl::StrCat(record, kExplanationSuffix);
  PutRecord(explained, *explanation);
  PutVersion(explained, *explanation);
  reflection->SetAllocatedMessage(&resource, explanation, field);
}

void Subject::PutVersion(const std::string& record, const google::protobuf::Message& message) {
  if (!keeps_versions_) return;
  google::protobuf::Any version;
  version.PackFrom(message);
  PutRecord(VersionRecordOf(record, revision_.counter + 1), version);
}

void Subject::PutRecord(std::string record, const google::protobuf::Message& message) {
  for (store::Record& put : writes_.puts) {
    if (put.name == record) {
      put.data = message.SerializeAsString();
      return;
    }
  }
  writes_.puts.push_back({std::move(record), message.SerializeAsString(), 0});
}

void Subject::DeleteRecord(std::string record) { writes_.deletes.push_back(std::move(record)); }

void Subject::AddIndex(std::string index, std::string key, std::string record) {
  writes_.index_adds.push_back({std::move(index), std::move(key), name_, std::move(record)});
}

void Subject::RemoveIndex(std::string index, std::string key, std::string record) {
  writes_.index_removes.push_back({std::move(index), std::move(key), name_, std::move(record)});
}

void Subject::SetAccess(state::v1::AccessRecord access) {
  access_ = std::move(access);
  fetched_access_ = true;
}

void Subject::Enqueue(absl::string_view id, const state::v1::WorkItem& item) {
  PutRecord(WorkRecordOf(id), item);
  AddIndex(kWorkIndex, WorkKeyOf(item), WorkRecordOf(id));
}

void Subject::FinishWork(absl::string_view id, const state::v1::WorkItem& item) {
  DeleteRecord(WorkRecordOf(id));
  RemoveIndex(kWorkIndex, WorkKeyOf(item), WorkRecordOf(id));
}

store::Writes Subject::TakeWrites(std::string history, absl::string_view history_digest) {
  head_.set_history_digest(std::string(history_digest));
  writes_.head = head_.SerializeAsString();
  if (fetched_access_) writes_.access = access_.SerializeAsString();
  writes_.history = std::move(history);
  return std::move(writes_);
}

store::Writes Subject::TakeUnrecordedWrites() {
  writes_.unrecorded = true;
  return std::move(writes_);
}

}  // namespace ipb::call
