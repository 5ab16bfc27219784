#include "tests/support/request_filler.h"

#include <re2/re2.h>

#include <algorithm>

#include "absl/strings/str_replace.h"
#include "ipb/v1/options.pb.h"
#include "tests/support/running_suite.h"

namespace ipb::testing {
namespace {

using google::protobuf::FieldDescriptor;

std::string TextFor(const v1::FieldRule& rule, const Subjects& subjects) {
  if (rule.resource_size() > 0) {
    return absl::StrReplaceAll(rule.resource(0), {{"{person}", subjects.person}, {"{run}", subjects.run}, {"{uplift}", subjects.run}, {"{n}", "1"}});
  }
  switch (rule.format()) {
    case v1::FORMAT_ISO_DATE:
      return "2025-06-02";
    case v1::FORMAT_UUID:
      return NewRequestId();
    case v1::FORMAT_NHS_NUMBER:
      return NewNhsNumber();
    case v1::FORMAT_ORGANISATION_CODE:
      return kStranger.organisation;
    case v1::FORMAT_SORT_CODE:
      return "123456";
    case v1::FORMAT_ACCOUNT_NUMBER:
      return "12345678";
    default:
      break;
  }
  const size_t length = std::max<size_t>(1, rule.minimum_length());
  for (const char* candidate : {"a", "A", "1", "a1", "A1", "10:00", "2025"}) {
    std::string text = candidate;
    while (text.size() < length) text += text;
    if (rule.pattern().empty() || RE2::FullMatch(text, rule.pattern())) return text;
  }
  return "";
}

// Sets one value of the field, or adds one to the list.
void SetOne(google::protobuf::Message& message, const FieldDescriptor* field, const Subjects& subjects) {
  const auto* reflection = message.GetReflection();
  const v1::FieldRule& rule = field->options().GetExtension(v1::rule);
  const bool list = field->is_repeated();
  const int64_t number = std::max<int64_t>(1, rule.minimum());
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = TextFor(rule, subjects);
      list ? reflection->AddString(&message, field, text) : reflection->SetString(&message, field, text);
      break;
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int value = field->enum_type()->value(1)->number();
      list ? reflection->AddEnumValue(&message, field, value) : reflection->SetEnumValue(&message, field, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      FillRequired(list ? *reflection->AddMessage(&message, field) : *reflection->MutableMessage(&message, field),
                   subjects);
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      list ? reflection->AddInt32(&message, field, number) : reflection->SetInt32(&message, field, number);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      list ? reflection->AddInt64(&message, field, number) : reflection->SetInt64(&message, field, number);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (!list) reflection->SetBool(&message, field, true);
      break;
    default:
      break;
  }
}

bool IsSet(const google::protobuf::Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) return reflection->FieldSize(message, field) > 0;
  if (field->has_presence()) return reflection->HasField(message, field);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) return !reflection->GetString(message, field).empty();
  return reflection->HasField(message, field);
}

// Numbers that may not be zero are needed although nothing says so.
bool Needed(const v1::FieldRule& rule, const FieldDescriptor* field) {
  const bool number = field->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
                      field->cpp_type() == FieldDescriptor::CPPTYPE_INT64;
  return rule.required() || (number && !field->is_repeated() && !field->has_presence() && rule.minimum() > 0);
}

}  // namespace

void FillRequired(google::protobuf::Message& message, const Subjects& subjects) {
  const auto* descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const auto* oneof = field->real_containing_oneof();
    const bool chosen = oneof != nullptr && message.GetReflection()->HasOneof(message, oneof);
    const v1::FieldRule& rule = field->options().GetExtension(v1::rule);
    if (!Needed(rule, field) || IsSet(message, field) || chosen) {
      if (IsSet(message, field) && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
        FillRequired(*message.GetReflection()->MutableMessage(&message, field), subjects);
      }
      continue;
    }
    SetOne(message, field, subjects);
  }
}

}  // namespace ipb::testing
