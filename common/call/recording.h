// What a call that decides has read: kept with its commit, so that the decision can be made again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/message.h"
#include "ipb/state/v1/state.pb.h"

namespace ipb::call {

// The record that holds one version of a record: what the commit of that revision wrote. Versions are only of
// resources and their explanations, as google.protobuf.Any.
std::string VersionRecordOf(absl::string_view record, int64_t revision);
bool IsVersionRecord(absl::string_view record);

// Belongs to one call; not thread-safe. A decision is about one subject: what is read of others is not kept.
class Recording {
 public:
  // Notes what was loaded of the subject: the records that there were, the access record, the numbers given
  // out.
  void Loaded(const std::string& subject, const store::LoadResult& loaded,
              const state::v1::AccessRecord& access);
  // Notes a record of the subject that a list gave.
  void Listed(const std::string& subject, const store::Record& record);
  // Notes what people says of the person, in the place of what was loaded.
  void RestOn(const state::v1::AccessRecord& access);
  // Notes a resource that another service, or a statement in its place, gave of the subject.
  void Upstream(const std::string& name, const google::protobuf::Message& resource);

  // The subject that was loaded first; empty for none.
  const std::string& subject() const { return subject_; }
  // What others gave, without explanations, by the record in which it would be stated. No version of it is
  // kept but the one that the decision writes.
  const std::map<std::string, google::protobuf::Any>& upstream() const { return upstream_; }
  // The facts of the decision that the commit of that revision makes, for the rest to be filled in.
  state::v1::DecisionRecord TakeFacts(int64_t revision);

 private:
  std::string subject_;
  std::map<std::string, int64_t> revisions_;  // by record
  std::map<std::string, google::protobuf::Any> upstream_;
  state::v1::AccessRecord access_;
  state::v1::Head head_;
};

}  // namespace ipb::call
