#include "common/constraints/redactor.h"

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"

namespace ipb::constraints {
namespace {

using google::protobuf::Any;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What there is to look at in a message type. A type without anything has no plan.
struct Plan {
  struct Marked {
    const FieldDescriptor* field;
    v1::Purpose purpose;
  };
  struct Nested {
    const FieldDescriptor* field;
    const Plan* plan;
  };
  std::vector<Marked> marked;
  std::vector<Nested> nested;
  // The field in which a message says its own purpose; null where it has none.
  const FieldDescriptor* own_purpose = nullptr;
  bool is_any = false;
};

using Plans = absl::flat_hash_map<const Descriptor*, std::unique_ptr<Plan>>;

v1::Purpose PurposeOf(const FieldDescriptor* field) { return field->options().GetExtension(v1::purpose); }

bool IsMarked(const FieldDescriptor* field) {
  return PurposeOf(field) != v1::PURPOSE_UNSPECIFIED && PurposeOf(field) != v1::PURPOSE_COMMON;
}

bool SaysItsPurpose(const FieldDescriptor* field) {
  return !field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM &&
         field->enum_type() == v1::Purpose_descriptor();
}

bool IsAny(const Descriptor* type) { return type == Any::descriptor(); }

// Whether a type, or anything that it can hold, has something to hide.
bool HasSomething(const Descriptor* type, std::set<const Descriptor*>& seen) {
  if (IsAny(type)) return true;
  if (!seen.insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsMarked(field) || SaysItsPurpose(field)) return true;
    if (field->message_type() != nullptr && HasSomething(field->message_type(), seen)) return true;
  }
  return false;
}

// The plan of a type; null where it has nothing to hide. Entered before it is filled: types may contain
// themselves.
const Plan* Build(const Descriptor* type, Plans& plans) {
  const auto found = plans.find(type);
  if (found != plans.end()) return found->second.get();
  std::set<const Descriptor*> seen;
  if (!HasSomething(type, seen)) return plans.emplace(type, nullptr).first->second.get();
  Plan* plan = plans.emplace(type, std::make_unique<Plan>()).first->second.get();
  plan->is_any = IsAny(type);
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (SaysItsPurpose(field)) plan->own_purpose = field;
    if (IsMarked(field)) plan->marked.push_back({field, PurposeOf(field)});
    if (field->message_type() == nullptr) continue;
    const Plan* nested = Build(field->message_type(), plans);
    if (nested != nullptr) plan->nested.push_back({field, nested});
  }
  return plan;
}

const Plan* PlanOf(const Descriptor* type) {
  static absl::Mutex mutex(absl::kConstInit);
  static auto* const plans = new Plans;
  {
    absl::ReaderMutexLock lock(&mutex);
    const auto found = plans->find(type);
    if (found != plans->end()) return found->second.get();
  }
  absl::MutexLock lock(&mutex);
  return Build(type, *plans);
}

bool Sees(Eyes eyes, int purpose) {
  switch (purpose) {
    case v1::PURPOSE_UNSPECIFIED:
    case v1::PURPOSE_COMMON:
      return true;
    case v1::PURPOSE_HEALTH:
      return eyes.health;
    case v1::PURPOSE_MEANS:
      return eyes.means;
    case v1::PURPOSE_BANK:
      return eyes.bank;
    default:
      return false;
  }
}

bool MayKeep(const Message& message, const Plan& plan, Eyes eyes) {
  return plan.own_purpose == nullptr ||
         Sees(eyes, message.GetReflection()->GetEnumValue(message, plan.own_purpose));
}

void Apply(Message& message, const Plan& plan, Eyes eyes);

void ApplyToAny(Any& any, Eyes eyes) {
  std::string name;
  const Descriptor* type = nullptr;
  if (Any::ParseAnyTypeUrl(any.type_url(), &name)) {
    type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  }
  const Message* prototype =
      type ? google::protobuf::MessageFactory::generated_factory()->GetPrototype(type) : nullptr;
  if (prototype == nullptr) return any.Clear();
  const Plan* plan = PlanOf(type);
  if (plan == nullptr) return;
  std::unique_ptr<Message> held(prototype->New());
  if (!any.UnpackTo(held.get()) || !MayKeep(*held, *plan, eyes)) return any.Clear();
  Apply(*held, *plan, eyes);
  any.set_value(held->SerializeAsString());
}

// Keeps the elements that may be kept, in their order.
void ApplyToList(Message& message, const Plan::Nested& nested, Eyes eyes) {
  const Reflection& reflect = *message.GetReflection();
  const int size = reflect.FieldSize(message, nested.field);
  int kept = 0;
  for (int i = 0; i < size; ++i) {
    Message* element = reflect.MutableRepeatedMessage(&message, nested.field, i);
    if (!MayKeep(*element, *nested.plan, eyes)) continue;
    Apply(*element, *nested.plan, eyes);
    if (kept != i) reflect.SwapElements(&message, nested.field, kept, i);
    ++kept;
  }
  for (int i = kept; i < size; ++i) reflect.RemoveLast(&message, nested.field);
}

void Apply(Message& message, const Plan& plan, Eyes eyes) {
  if (plan.is_any) return ApplyToAny(static_cast<Any&>(message), eyes);
  const Reflection& reflect = *message.GetReflection();
  for (const Plan::Marked& marked : plan.marked) {
    if (!Sees(eyes, marked.purpose)) reflect.ClearField(&message, marked.field);
  }
  for (const Plan::Nested& nested : plan.nested) {
    if (nested.field->is_repeated()) {
      ApplyToList(message, nested, eyes);
    } else if (reflect.HasField(message, nested.field)) {
      Message* held = reflect.MutableMessage(&message, nested.field);
      if (MayKeep(*held, *nested.plan, eyes)) {
        Apply(*held, *nested.plan, eyes);
      } else {
        reflect.ClearField(&message, nested.field);
      }
    }
  }
  if (!reflect.GetUnknownFields(message).empty()) reflect.MutableUnknownFields(&message)->Clear();
}

}  // namespace

Eyes EyesOf(v1::CallerKind kind, bool bank) {
  const bool service = kind == v1::CALLER_KIND_SERVICE;
  return {kind == v1::CALLER_KIND_NHS || service, kind == v1::CALLER_KIND_COUNCIL || service, bank};
}

void Redact(Message& message, Eyes eyes) {
  if (eyes.health && eyes.means && eyes.bank) return;
  const Plan* plan = PlanOf(message.GetDescriptor());
  if (plan == nullptr) return;
  if (MayKeep(message, *plan, eyes)) {
    Apply(message, *plan, eyes);
  } else {
    message.Clear();
  }
}

}  // namespace ipb::constraints
