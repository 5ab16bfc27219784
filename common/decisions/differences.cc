#include "common/decisions/differences.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/decisions/packed.h"
#include "common/decisions/recorded.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "ipb/v1/explanation.pb.h"

namespace ipb::decisions {
namespace {

using google::protobuf::Any;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;
using Path = std::vector<MessageDifferencer::SpecificField>;

std::string PathText(const Path& path) {
  std::string text;
  for (const MessageDifferencer::SpecificField& step : path) {
    if (step.field == nullptr) continue;
    absl::StrAppend(&text, text.empty() ? "" : ".", step.field->name());
    const int index = step.index >= 0 ? step.index : step.new_index;
    if (step.field->is_repeated() && index >= 0) absl::StrAppend(&text, "[", index, "]");
  }
  return text;
}

// The value at the end of a path; `message` is what the last step is a field of.
std::string ValueText(const Message& message, const MessageDifferencer::SpecificField& last, int index) {
  if (last.field == nullptr) return "";
  TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  printer.PrintFieldValueToString(message, last.field, last.field->is_repeated() ? index : -1, &text);
  absl::StripTrailingAsciiWhitespace(&text);
  return text;
}

class Reporter final : public MessageDifferencer::Reporter {
 public:
  Reporter(std::string resource, std::vector<v1::DecisionDifference>& found)
      : resource_(std::move(resource)), found_(found) {}

  void ReportAdded(const Message&, const Message& now, const Path& path) override {
    Add(path).set_now(ValueText(now, path.back(), path.back().new_index));
  }
  void ReportDeleted(const Message& then, const Message&, const Path& path) override {
    Add(path).set_then(ValueText(then, path.back(), path.back().index));
  }
  // Of a message within, the fields that differ are told one by one.
  void ReportModified(const Message& then, const Message& now, const Path& path) override {
    if (path.back().field != nullptr && path.back().field->message_type() != nullptr) return;
    v1::DecisionDifference& difference = Add(path);
    difference.set_then(ValueText(then, path.back(), path.back().index));
    difference.set_now(ValueText(now, path.back(), path.back().new_index));
  }

 private:
  v1::DecisionDifference& Add(const Path& path) {
    v1::DecisionDifference& difference = found_.emplace_back();
    difference.set_resource(resource_);
    difference.set_field(PathText(path));
    return difference;
  }

  const std::string resource_;
  std::vector<v1::DecisionDifference>& found_;
};

class Unequalled final : public MessageDifferencer::IgnoreCriteria {
 public:
  bool IsIgnored(const Message&, const Message&, const FieldDescriptor* field, const Path&) override {
    return field->name() == "etag" || field->name() == "policy_version" ||
           field->name() == "rule_set_version";
  }
};

// How many steps explain a resource.
int StepsOf(const Message& resource) {
  const FieldDescriptor* field = resource.GetDescriptor()->FindFieldByName("explanation");
  if (field == nullptr || field->message_type() != v1::Explanation::descriptor()) return 0;
  const Message& explanation = resource.GetReflection()->GetMessage(resource, field);
  return static_cast<const v1::Explanation&>(explanation).steps_size();
}

void Compare(const std::string& name, const Any& then, const Any& now,
             std::vector<v1::DecisionDifference>& found) {
  const std::unique_ptr<Message> before = Unpacked(then);
  const std::unique_ptr<Message> after = Unpacked(now);
  if (before == nullptr || after == nullptr || before->GetDescriptor() != after->GetDescriptor()) {
    if (then.SerializeAsString() == now.SerializeAsString()) return;
    v1::DecisionDifference& difference = found.emplace_back();
    difference.set_resource(name);
    difference.set_then(then.type_url());
    difference.set_now(now.type_url());
    return;
  }
  Reporter reporter(name, found);
  MessageDifferencer differencer;
  differencer.ReportDifferencesTo(&reporter);
  differencer.AddIgnoreCriteria(new Unequalled);
  // A step more or less is one difference, and not one of every step that it moves.
  if (StepsOf(*before) != StepsOf(*after)) {
    differencer.TreatAsSmartList(v1::Explanation::descriptor()->FindFieldByName("steps"));
  }
  differencer.Compare(*before, *after);
}

std::map<std::string, const Any*> ByName(const std::vector<Any>& resources) {
  std::map<std::string, const Any*> by_name;
  for (const Any& resource : resources) by_name[NameOf(resource)] = &resource;
  return by_name;
}

v1::DecisionDifference Whole(const std::string& name, const std::string& then, const std::string& now) {
  v1::DecisionDifference difference;
  difference.set_resource(name);
  difference.set_then(then);
  difference.set_now(now);
  return difference;
}

}  // namespace

std::vector<v1::DecisionDifference> Differences(const std::vector<Any>& then, const std::vector<Any>& now) {
  std::vector<v1::DecisionDifference> found;
  std::map<std::string, const Any*> left = ByName(now);
  for (const Any& resource : then) {
    const std::string name = NameOf(resource);
    const auto same = left.find(name);
    if (same == left.end()) {
      found.push_back(Whole(name, "written", ""));
      continue;
    }
    Compare(name, resource, *same->second, found);
    left.erase(same);
  }
  for (const auto& [name, resource] : left) found.push_back(Whole(name, "", "written"));
  return found;
}

}  // namespace ipb::decisions
