#include "common/call/recording.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/call/subject.h"

namespace ipb::call {
namespace {

constexpr char kVersions[] = "versions/";

}  // namespace

std::string VersionRecordOf(absl::string_view record, int64_t revision) {
  return absl::StrCat(kVersions, record, "@", revision);
}

bool IsVersionRecord(absl::string_view record) { return absl::StartsWith(record, kVersions); }

void Recording::Loaded(const std::string& subject, const store::LoadResult& loaded,
                       const state::v1::AccessRecord& access) {
  if (subject_.empty()) subject_ = subject;
  if (subject != subject_) return;
  access_ = access;
  head_.ParseFromString(loaded.head);
  for (const std::optional<store::Record>& record : loaded.records) {
    if (record) Listed(subject, *record);
  }
}

void Recording::Listed(const std::string& subject, const store::Record& record) {
  if (subject == subject_) revisions_[record.name] = record.revision;
}

void Recording::RestOn(const state::v1::AccessRecord& access) { access_ = access; }

void Recording::Upstream(const std::string& name, const google::protobuf::Message& resource) {
  if (SubjectOf(name) != subject_) return;
  const std::unique_ptr<google::protobuf::Message> plain(resource.New());
  plain->CopyFrom(resource);
  const auto* explanation = plain->GetDescriptor()->FindFieldByName("explanation");
  if (explanation != nullptr) plain->GetReflection()->ClearField(plain.get(), explanation);
  upstream_[StatedRecordOf(name)].PackFrom(*plain);
}

state::v1::DecisionRecord Recording::TakeFacts(int64_t revision) {
  for (const auto& [record, resource] : upstream_) revisions_[record] = revision;
  state::v1::DecisionRecord facts;
  *facts.mutable_access() = std::move(access_);
  *facts.mutable_counters() = std::move(*head_.mutable_counters());
  for (const auto& [record, written] : revisions_) {
    state::v1::RecordVersion* fact = facts.add_facts();
    fact->set_record(record);
    fact->set_revision(written);
  }
  return facts;
}

}  // namespace ipb::call
