#include "common/constraints/plan.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/names/names.h"

namespace ipb::constraints {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Kind = FieldPlan::Kind;
using Plans = absl::flat_hash_map<const Descriptor*, std::unique_ptr<Plan>>;

bool WellKnown(const Descriptor* type) { return absl::StartsWith(type->full_name(), "google.protobuf."); }

Kind MessageKind(const Descriptor* type) {
  if (type->full_name() == "google.protobuf.Timestamp") return Kind::kTimestamp;
  if (type->full_name() == "google.protobuf.Duration") return Kind::kDuration;
  if (type->full_name() == "google.protobuf.FieldMask") return Kind::kMask;
  return WellKnown(type) ? Kind::kPlain : Kind::kMessage;
}

Kind KindOf(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageKind(field->message_type());
    case FieldDescriptor::CPPTYPE_ENUM:
      return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_STRING:
      return field->type() == FieldDescriptor::TYPE_BYTES ? Kind::kBytes : Kind::kText;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return Kind::kNumber;
    default:
      return Kind::kPlain;
  }
}

// What a mask is for: the first message beside it that has a name, else the first message beside it.
const Descriptor* ResourceBeside(const FieldDescriptor* mask) {
  const Descriptor* type = mask->containing_type();
  const Descriptor* first = nullptr;
  for (int i = 0; i < type->field_count(); ++i) {
    const Descriptor* beside = type->field(i)->message_type();
    if (beside == nullptr || type->field(i)->is_repeated() || WellKnown(beside)) continue;
    if (beside->FindFieldByName("name") != nullptr) return beside;
    if (first == nullptr) first = beside;
  }
  return first;
}

void NoteDefects(const FieldPlan& plan, const v1::FieldRule& rule, std::vector<std::string>& defects) {
  const auto note = [&](absl::string_view what) {
    defects.push_back(absl::StrCat(plan.field->full_name(), ": ", what));
  };
  const bool text = plan.kind == Kind::kText, sized = text || plan.kind == Kind::kBytes;
  if (plan.pattern && !plan.pattern->ok())
    note(absl::StrCat("the pattern is wrong: ", plan.pattern->error()));
  if (plan.bounded && plan.kind != Kind::kNumber) note("bounds on what is no whole number");
  if (plan.minimum > plan.maximum) note("the minimum is above the maximum");
  if ((rule.has_minimum_length() || rule.has_maximum_length()) && !sized) note("a length on what is no text");
  if (plan.minimum_length > plan.maximum_length) note("the minimum length is above the maximum length");
  if (!text && (plan.pattern || plan.format != v1::FORMAT_UNSPECIFIED || !plan.resources.empty())) {
    note("a form of text on what is no text");
  }
  if (rule.has_maximum_items() && !plan.repeated) note("a number of elements on what is no list");
  for (const std::string& resource : plan.resources) {
    if (!names::IsPattern(resource)) note(absl::StrCat("no resource is named ", resource));
  }
  if (plan.kind == Kind::kMask && plan.resource == nullptr) note("a mask without a resource beside it");
}

FieldPlan Compile(const FieldDescriptor* field, std::vector<std::string>& defects) {
  const v1::FieldRule& rule = field->options().GetExtension(v1::rule);
  FieldPlan plan;
  plan.field = field;
  plan.kind = KindOf(field);
  plan.repeated = field->is_repeated();
  plan.presence = field->has_presence();
  plan.required = rule.required() && field->real_containing_oneof() == nullptr;
  plan.minimum_length = rule.minimum_length();
  if (rule.has_maximum_length()) plan.maximum_length = rule.maximum_length();
  if (rule.has_maximum_items()) plan.maximum_items = rule.maximum_items();
  plan.bounded = rule.has_minimum() || rule.has_maximum();
  if (rule.has_minimum()) plan.minimum = rule.minimum();
  if (rule.has_maximum()) plan.maximum = rule.maximum();
  if (!rule.pattern().empty()) plan.pattern = std::make_unique<RE2>(rule.pattern(), RE2::Quiet);
  plan.format = rule.format();
  plan.resources.assign(rule.resource().begin(), rule.resource().end());
  if (plan.kind == Kind::kMask) plan.resource = ResourceBeside(field);
  NoteDefects(plan, rule, defects);
  return plan;
}

// Whether there is anything to look at when a message of the type arrives.
bool NeedsChecking(const FieldPlan& plan) {
  if (plan.repeated) return true;
  if (plan.kind == Kind::kNumber) return plan.bounded || (plan.required && plan.presence);
  return plan.kind != Kind::kPlain || (plan.required && plan.presence);
}

// Makes the plan of a type and of all types it reaches. Types may contain themselves, so a plan is entered
// before it is filled.
const Plan* Build(const Descriptor* type, Plans& plans) {
  std::unique_ptr<Plan>& entry = plans[type];
  if (entry) return entry.get();
  entry = std::make_unique<Plan>();
  Plan* plan = entry.get();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const google::protobuf::OneofDescriptor* oneof = field->real_containing_oneof();
    if (oneof != nullptr && field->options().GetExtension(v1::rule).required() &&
        std::count(plan->required_oneofs.begin(), plan->required_oneofs.end(), oneof) == 0) {
      plan->required_oneofs.push_back(oneof);
    }
    FieldPlan compiled = Compile(field, plan->defects);
    if (compiled.kind == Kind::kMessage) compiled.nested = Build(field->message_type(), plans);
    if (NeedsChecking(compiled)) plan->fields.push_back(std::move(compiled));
  }
  return plan;
}

}  // namespace

const Plan& PlanOf(const Descriptor* type) {
  static absl::Mutex mutex(absl::kConstInit);
  static auto* const plans = new Plans;
  {
    absl::ReaderMutexLock lock(&mutex);
    const auto found = plans->find(type);
    if (found != plans->end()) return *found->second;
  }
  absl::MutexLock lock(&mutex);
  return *Build(type, *plans);
}

}  // namespace ipb::constraints
