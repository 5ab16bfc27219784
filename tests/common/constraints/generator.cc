#include "tests/common/constraints/generator.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/any.pb.h"
#include "ipb/v1/options.pb.h"

namespace ipb::constraints {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

const v1::FieldRule& RuleOf(const FieldDescriptor* field) { return field->options().GetExtension(v1::rule); }

// Only the whole-number and Boolean types that the contracts use.
void SetNumber(Message* message, const FieldDescriptor* field, int64_t value) {
  const Reflection& reflect = *message->GetReflection();
  const bool list = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return list ? reflect.AddInt32(message, field, value) : reflect.SetInt32(message, field, value);
    case FieldDescriptor::CPPTYPE_INT64:
      return list ? reflect.AddInt64(message, field, value) : reflect.SetInt64(message, field, value);
    case FieldDescriptor::CPPTYPE_UINT32:
      return list ? reflect.AddUInt32(message, field, value) : reflect.SetUInt32(message, field, value);
    case FieldDescriptor::CPPTYPE_UINT64:
      return list ? reflect.AddUInt64(message, field, value) : reflect.SetUInt64(message, field, value);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflect.SetBool(message, field, value % 2 != 0);
    default:
      return list ? reflect.AddEnumValue(message, field, value) : reflect.SetEnumValue(message, field, value);
  }
}

void SetText(Message* message, const FieldDescriptor* field, std::string text) {
  const Reflection& reflect = *message->GetReflection();
  if (field->is_repeated()) {
    reflect.AddString(message, field, std::move(text));
  } else {
    reflect.SetString(message, field, std::move(text));
  }
}

Message* Nested(Message* message, const FieldDescriptor* field) {
  const Reflection& reflect = *message->GetReflection();
  return field->is_repeated() ? reflect.AddMessage(message, field) : reflect.MutableMessage(message, field);
}

bool WellKnown(const FieldDescriptor* field) {
  return field->message_type() != nullptr && field->message_type()->file()->package() == "google.protobuf";
}

}  // namespace

std::string Generator::ValidText(const FieldDescriptor* field) {
  const v1::FieldRule& rule = RuleOf(field);
  if (rule.pattern() == "[A-Z]{2}-[0-9]+") return absl::StrCat("QX-", Pick(1000));
  if (!rule.pattern().empty()) return "a1";
  if (rule.resource_size() > 0) {
    const std::string number = absl::StrCat(1 + Pick(1000));
    return absl::StrReplaceAll(rule.resource(Pick(rule.resource_size())),
                               {{"{n}", number}, {"{person}", "8d2k"}});
  }
  static constexpr const char* kForms[] = {"",           "2026-04-06", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                                           "9990000018", "E10000019",  "123456",
                                           "12345678"};
  if (rule.format() != v1::FORMAT_UNSPECIFIED) return kForms[rule.format()];
  const int longest = rule.has_maximum_length() ? static_cast<int>(rule.maximum_length()) : 2000;
  const int shortest = std::max<int>(1, static_cast<int>(rule.minimum_length()));
  return std::string(shortest + Pick(std::min(longest - shortest + 1, 60)), 'x');
}

void Generator::SetValid(Message* message, const FieldDescriptor* field, int depth) {
  const v1::FieldRule& rule = RuleOf(field);
  if (field->message_type() != nullptr) {
    Message* nested = Nested(message, field);
    if (!WellKnown(field)) FillValid(nested, depth - 1);
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    SetText(message, field, ValidText(field));
  } else if (field->enum_type() != nullptr) {
    SetNumber(message, field,
              field->enum_type()->value(1 + Pick(field->enum_type()->value_count() - 1))->number());
  } else {
    const int64_t low = rule.has_minimum() ? rule.minimum() : 0;
    const int64_t high = rule.has_maximum() ? rule.maximum() : low + 1000;
    SetNumber(message, field, low + Pick(static_cast<int>(std::min<int64_t>(high - low, 100000)) + 1));
  }
}

void Generator::FillValid(Message* message, int depth) {
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    const v1::FieldRule& rule = RuleOf(field);
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && message->GetReflection()->HasOneof(*message, oneof)) continue;
    const bool required =
        rule.required() || (rule.has_minimum() && rule.minimum() > 0 && !field->is_repeated());
    const bool nested = field->message_type() != nullptr && !WellKnown(field);
    if (!required && (Pick(2) == 0 || (nested && depth <= 0))) continue;
    const int most = rule.has_maximum_items() ? static_cast<int>(rule.maximum_items()) : 4;
    const int times = field->is_repeated() ? 1 + Pick(std::min(most, 4)) : 1;
    for (int n = 0; n < times; ++n) SetValid(message, field, depth);
  }
}

void Generator::SetFreely(Message* message, const FieldDescriptor* field, int depth) {
  if (field->message_type() != nullptr) {
    Message* nested = Nested(message, field);
    if (field->message_type() == google::protobuf::Any::descriptor()) {
      std::unique_ptr<Message> held(message->New());
      FillFreely(held.get(), depth - 1);
      static_cast<google::protobuf::Any*>(nested)->PackFrom(*held);
    } else if (!WellKnown(field)) {
      FillFreely(nested, depth - 1);
    }
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    SetText(message, field, absl::StrCat("t", Pick(1000000)));
  } else if (field->enum_type() != nullptr) {
    SetNumber(message, field, Pick(field->enum_type()->value_count()));
  } else {
    SetNumber(message, field, Pick(1000000));
  }
}

void Generator::FillFreely(Message* message, int depth) {
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    const bool entry = message->GetDescriptor()->options().map_entry();
    if (!entry && (Pick(2) == 0 || (field->message_type() != nullptr && depth <= 0))) continue;
    const int times = field->is_repeated() ? Pick(4) : 1;
    for (int n = 0; n < times; ++n) SetFreely(message, field, depth);
  }
}

std::string Generator::BreakText(Message* message, const FieldDescriptor* field) {
  const v1::FieldRule& rule = RuleOf(field);
  const bool bytes = field->type() == FieldDescriptor::TYPE_BYTES;
  const bool form =
      !rule.pattern().empty() || rule.format() != v1::FORMAT_UNSPECIFIED || rule.resource_size() > 0;
  const int way = Pick(3);
  std::string text(rule.has_maximum_length() ? rule.maximum_length() + 1 : 2001, 'x');
  if (way == 1 && !bytes) text = "\xFF";
  if (way == 2 && form) text = "!";
  const int size = field->is_repeated() ? message->GetReflection()->FieldSize(*message, field) : 0;
  SetText(message, field, std::move(text));
  return field->is_repeated() ? absl::StrCat(field->name(), "[", size, "]") : field->name();
}

std::string Generator::BreakField(Message* message, const FieldDescriptor* field) {
  const v1::FieldRule& rule = RuleOf(field);
  const Reflection& reflect = *message->GetReflection();
  if (field->real_containing_oneof() != nullptr) return "";
  if (rule.required() && Pick(3) == 0 &&
      (field->has_presence() || field->is_repeated() || field->enum_type())) {
    reflect.ClearField(message, field);
    return field->name();
  }
  if (field->message_type() != nullptr) {
    if (WellKnown(field) || field->is_repeated() || !reflect.HasField(*message, field)) return "";
    const std::string inner = BreakOne(reflect.MutableMessage(message, field));
    return inner.empty() ? "" : absl::StrCat(field->name(), ".", inner);
  }
  const int size = field->is_repeated() ? reflect.FieldSize(*message, field) : 0;
  const std::string path = field->is_repeated() ? absl::StrCat(field->name(), "[", size, "]") : field->name();
  if (rule.has_maximum_items() && size == static_cast<int>(rule.maximum_items())) return "";
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) return BreakText(message, field);
  if (field->enum_type() != nullptr) {
    SetNumber(message, field, 987654);
    return path;
  }
  if (!rule.has_maximum()) return "";
  SetNumber(message, field, rule.maximum() + 1 + Pick(1000));
  return path;
}

std::string Generator::BreakOne(Message* message) {
  return BreakField(message, message->GetDescriptor()->field(Pick(message->GetDescriptor()->field_count())));
}

}  // namespace ipb::constraints
