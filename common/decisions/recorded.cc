#include "common/decisions/recorded.h"

#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/call/recording.h"
#include "common/decisions/packed.h"
#include "common/errors/errors.h"
#include "ipb/v1/explanation.pb.h"

namespace ipb::decisions {
namespace {

using google::protobuf::Any;
using google::protobuf::Message;

int64_t RevisionIn(absl::string_view name) {
  int64_t revision = 0;
  return absl::SimpleAtoi(name.substr(name.rfind('/') + 1), &revision) ? revision : 0;
}

std::string ExplanationOf(absl::string_view record) { return absl::StrCat(record, "/explanation"); }

absl::Status NotKept(const std::string& name) {
  return errors::Refused({{"DECISION-FACTS-KEPT", name,
                           "a fact of this decision was written before versions were kept, so that the "
                           "decision cannot be made again; "
                           "its own explanation says why it was made"}});
}

// The field for a message's explanation; null where there is none.
const google::protobuf::FieldDescriptor* ExplanationField(const Message* message) {
  return message == nullptr ? nullptr : message->GetDescriptor()->FindFieldByName("explanation");
}

// A resource with its explanation in its place.
Any Joined(const Any& resource, const Any* explanation) {
  if (explanation == nullptr) return resource;
  const std::unique_ptr<Message> joined = Unpacked(resource);
  const auto* field = ExplanationField(joined.get());
  if (field == nullptr) return resource;
  joined->GetReflection()->MutableMessage(joined.get(), field)->ParseFromString(explanation->value());
  Any packed;
  packed.PackFrom(*joined);
  return packed;
}

}  // namespace

int64_t RevisionOf(const v1::Decision& decision) { return RevisionIn(decision.name()); }

std::string NameOf(const Any& resource) {
  const std::unique_ptr<Message> message = Unpacked(resource);
  const auto* field = message == nullptr ? nullptr : message->GetDescriptor()->FindFieldByName("name");
  return field == nullptr ? "" : message->GetReflection()->GetString(*message, field);
}

Parted Part(const Any& resource) {
  const std::unique_ptr<Message> message = Unpacked(resource);
  const auto* field = ExplanationField(message.get());
  if (field == nullptr || !message->GetReflection()->HasField(*message, field))
    return {resource, std::nullopt};
  Parted parted;
  parted.explanation.emplace().PackFrom(message->GetReflection()->GetMessage(*message, field));
  message->GetReflection()->ClearField(message.get(), field);
  parted.resource.PackFrom(*message);
  return parted;
}

std::vector<std::string> VersionsNeeded(const state::v1::DecisionRecord& record, int64_t revision) {
  std::vector<std::string> needed;
  for (const state::v1::RecordVersion& fact : record.facts()) {
    needed.push_back(call::VersionRecordOf(fact.record(), fact.revision()));
  }
  for (const std::string& written : record.written()) {
    needed.push_back(call::VersionRecordOf(written, revision));
    needed.push_back(call::VersionRecordOf(ExplanationOf(written), revision));
  }
  return needed;
}

std::vector<Any> Written(const std::vector<std::string>& written, int64_t revision,
                         const Versions& versions) {
  std::vector<Any> resources;
  for (const std::string& record : written) {
    const auto resource = versions.find(call::VersionRecordOf(record, revision));
    if (resource == versions.end()) continue;
    const auto explanation = versions.find(call::VersionRecordOf(ExplanationOf(record), revision));
    resources.push_back(
        Joined(resource->second, explanation == versions.end() ? nullptr : &explanation->second));
  }
  return resources;
}

absl::StatusOr<v1::Decision> AsDecision(const std::string& name, const state::v1::DecisionRecord& record,
                                        const Versions& versions) {
  v1::Decision decision;
  decision.set_name(name);
  decision.set_method(record.method());
  *decision.mutable_request() = record.request();
  decision.set_organisation(record.organisation());
  decision.set_system(record.system());
  decision.set_actor(record.actor());
  decision.set_role(record.role());
  decision.set_caller_kind(record.kind());
  *decision.mutable_decided_time() = record.decided_time();
  decision.set_policy_version(record.policy_version());
  decision.set_rule_set_version(record.rule_set_version());
  v1::Person& person = *decision.mutable_person();
  person.set_name(name.substr(0, name.rfind("/decisions/")));
  person.set_birth_date(record.access().birth_date());
  person.set_death_date(record.access().death_date());
  person.set_merged_into(record.access().merged_into());
  *person.mutable_responsibilities() = record.access().responsibilities();
  for (const state::v1::Counter& counter : record.counters()) {
    v1::CollectionCount* count = decision.add_counts();
    count->set_collection(counter.collection());
    count->set_last(counter.last());
  }
  std::map<std::string, const Any*> read;
  for (const state::v1::RecordVersion& one : record.facts()) {
    const auto version = versions.find(call::VersionRecordOf(one.record(), one.revision()));
    if (version == versions.end()) return NotKept(name);
    read[one.record()] = &version->second;
  }
  for (const state::v1::RecordVersion& one : record.facts()) {
    const Any& resource = *read.at(one.record());
    if (resource.Is<v1::Explanation>()) continue;
    const auto explanation = read.find(ExplanationOf(one.record()));
    v1::DecisionFact* fact = decision.add_facts();
    *fact->mutable_resource() = Joined(resource, explanation == read.end() ? nullptr : explanation->second);
    fact->set_revision(one.revision());
  }
  for (Any& resource :
       Written({record.written().begin(), record.written().end()}, RevisionIn(name), versions)) {
    *decision.add_outcome() = std::move(resource);
  }
  return decision;
}

}  // namespace ipb::decisions
