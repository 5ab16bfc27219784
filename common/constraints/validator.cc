#include "common/constraints/validator.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/constraints/plan.h"
#include "common/constraints/utf8.h"
#include "common/dates/civil.h"
#include "common/identifiers/nhs_number.h"
#include "common/identifiers/uuid.h"
#include "common/names/names.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/field_mask_util.h"

namespace ipb::constraints {
namespace {

using errors::FieldViolation;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Kind = FieldPlan::Kind;

constexpr size_t kMaximumViolations = 1000;
constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr int64_t kLongestDurationSeconds = 315576000000;
constexpr int kSecondNanos = 1000000000;

// Where the walk is: a list on the stack, spelled only when something is wrong.
struct Path {
  const Path* up = nullptr;
  const FieldDescriptor* field = nullptr;
  int index = -1;
};

std::string Spell(const Path& path) {
  std::string text = path.up && path.up->field ? absl::StrCat(Spell(*path.up), ".") : "";
  if (path.field) absl::StrAppend(&text, path.field->name());
  if (path.index >= 0) absl::StrAppend(&text, "[", path.index, "]");
  return text;
}

bool Digits(absl::string_view text, size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsOrganisationCode(absl::string_view text) {
  return text.size() >= 3 && text.size() <= 12 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

// What a text must be to have a form; empty where it has it.
std::string FormatFault(v1::Format format, absl::string_view text) {
  switch (format) {
    case v1::FORMAT_ISO_DATE:
      return dates::Parse(text).ok() ? "" : "must be a date that exists, written as YYYY-MM-DD";
    case v1::FORMAT_UUID:
      return identifiers::IsUuid(text) ? ""
                                       : "must be a UUID of 36 characters: 8-4-4-4-12 hexadecimal digits";
    case v1::FORMAT_NHS_NUMBER: {
      const auto number = identifiers::CheckNhsNumber(text);
      return number.ok() ? "" : absl::StrCat("must be an NHS number: ", number.status().message());
    }
    case v1::FORMAT_ORGANISATION_CODE:
      return IsOrganisationCode(text)
                 ? ""
                 : "must be an organisation's code: 3 to 12 upper-case letters and digits";
    case v1::FORMAT_SORT_CODE:
      return Digits(text, 6) ? "" : "must be a sort code: six digits without spaces or dashes";
    case v1::FORMAT_ACCOUNT_NUMBER:
      return Digits(text, 8) ? "" : "must be an account number: eight digits";
    default:
      return "";
  }
}

std::string Values(const EnumDescriptor* type) {
  std::vector<absl::string_view> names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() != 0) names.push_back(type->value(i)->name());
  }
  return absl::StrJoin(names, ", ");
}

std::string Bounds(const FieldPlan& plan) {
  if (plan.minimum == INT64_MIN) return absl::StrCat("must be at most ", plan.maximum);
  if (plan.maximum == INT64_MAX) return absl::StrCat("must be at least ", plan.minimum);
  return absl::StrCat("must be from ", plan.minimum, " to ", plan.maximum);
}

std::string FieldNames(const Descriptor* type) {
  std::vector<absl::string_view> names;
  for (int i = 0; i < type->field_count(); ++i) names.push_back(type->field(i)->name());
  return absl::StrJoin(names, ", ");
}

// A whole number of any width as int64; what is above its range counts as its maximum.
int64_t Number(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& reflect = *message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return one ? reflect.GetInt32(message, field) : reflect.GetRepeatedInt32(message, field, index);
    case FieldDescriptor::CPPTYPE_INT64:
      return one ? reflect.GetInt64(message, field) : reflect.GetRepeatedInt64(message, field, index);
    case FieldDescriptor::CPPTYPE_UINT32:
      return one ? reflect.GetUInt32(message, field) : reflect.GetRepeatedUInt32(message, field, index);
    default: {
      const uint64_t value =
          one ? reflect.GetUInt64(message, field) : reflect.GetRepeatedUInt64(message, field, index);
      return static_cast<int64_t>(std::min<uint64_t>(value, INT64_MAX));
    }
  }
}

// FieldMaskUtil overlooks empty segments.
bool NamesField(absl::string_view path, const Descriptor* resource) {
  for (const absl::string_view segment : absl::StrSplit(path, '.')) {
    if (segment.empty()) return false;
  }
  const google::protobuf::StringPiece piece(path.data(), path.size());
  return google::protobuf::util::FieldMaskUtil::GetFieldDescriptors(resource, piece, nullptr);
}

// One walk over one message. `index` is -1 for a field that is no list.
class Walk {
 public:
  void Check(const Message& message, const Plan& plan, const Path& path);
  std::vector<FieldViolation> TakeViolations() { return std::move(violations_); }
  void CheckMask(const FieldMask& mask, const Descriptor* resource, absl::string_view field);

 private:
  void CheckOne(const Message& message, const FieldPlan& plan, const Path& path);
  void CheckList(const Message& message, const FieldPlan& plan, const Path& up);
  void CheckPresent(const Message& message, const FieldPlan& plan, const Path& path);
  void CheckText(const std::string& text, const FieldPlan& plan, const Path& path);
  void CheckEnum(int value, const FieldPlan& plan, const Path& path);
  void CheckMessage(const Message& message, const FieldPlan& plan, const Path& path);
  void Add(std::string field, std::string description);
  void Add(const Path& path, std::string description) { Add(Spell(path), std::move(description)); }

  std::vector<FieldViolation> violations_;
};

void Walk::Add(std::string field, std::string description) {
  if (violations_.size() < kMaximumViolations)
    violations_.push_back({std::move(field), std::move(description)});
}

void Walk::Check(const Message& message, const Plan& plan, const Path& path) {
  for (const google::protobuf::OneofDescriptor* oneof : plan.required_oneofs) {
    if (message.GetReflection()->HasOneof(message, oneof)) continue;
    std::vector<absl::string_view> names;
    for (int i = 0; i < oneof->field_count(); ++i) names.push_back(oneof->field(i)->name());
    Add(Spell({&path, oneof->field(0), -1}),
        absl::StrCat("one of ", absl::StrJoin(names, ", "), " must be given"));
  }
  for (const FieldPlan& field : plan.fields) {
    if (field.repeated) {
      CheckList(message, field, path);
    } else {
      CheckOne(message, field, {&path, field.field, -1});
    }
  }
}

void Walk::CheckOne(const Message& message, const FieldPlan& plan, const Path& path) {
  if (plan.presence && !message.GetReflection()->HasField(message, plan.field)) {
    if (plan.required) Add(path, "must be given");
    return;
  }
  CheckPresent(message, plan, path);
}

void Walk::CheckList(const Message& message, const FieldPlan& plan, const Path& up) {
  const int size = message.GetReflection()->FieldSize(message, plan.field);
  if (size == 0) {
    if (plan.required) Add({&up, plan.field, -1}, "must have at least one element");
    return;
  }
  if (static_cast<uint32_t>(size) > plan.maximum_items) {
    Add({&up, plan.field, -1}, absl::StrCat("must have at most ", plan.maximum_items, " elements"));
    return;
  }
  if (plan.kind == Kind::kPlain || (plan.kind == Kind::kNumber && !plan.bounded)) return;
  for (int i = 0; i < size; ++i) CheckPresent(message, plan, {&up, plan.field, i});
}

void Walk::CheckPresent(const Message& message, const FieldPlan& plan, const Path& path) {
  const Reflection& reflect = *message.GetReflection();
  const int index = path.index;
  switch (plan.kind) {
    case Kind::kPlain:
      return;
    case Kind::kNumber: {
      const int64_t value = Number(message, plan.field, index);
      if (value < plan.minimum || value > plan.maximum) Add(path, Bounds(plan));
      return;
    }
    case Kind::kText:
    case Kind::kBytes: {
      std::string scratch;
      const std::string& text =
          index < 0 ? reflect.GetStringReference(message, plan.field, &scratch)
                    : reflect.GetRepeatedStringReference(message, plan.field, index, &scratch);
      return CheckText(text, plan, path);
    }
    case Kind::kEnum:
      return CheckEnum(index < 0 ? reflect.GetEnumValue(message, plan.field)
                                 : reflect.GetRepeatedEnumValue(message, plan.field, index),
                       plan, path);
    default:
      return CheckMessage(index < 0 ? reflect.GetMessage(message, plan.field)
                                    : reflect.GetRepeatedMessage(message, plan.field, index),
                          plan, path);
  }
}

void Walk::CheckText(const std::string& text, const FieldPlan& plan, const Path& path) {
  if (text.empty() && (plan.required || path.index < 0)) {
    if (plan.required) Add(path, "must be given");
    return;
  }
  if (plan.kind == Kind::kText && !IsUtf8(text)) return Add(path, "must be text in UTF-8");
  if (text.size() > plan.maximum_length) {
    return Add(path, absl::StrCat("must be at most ", plan.maximum_length, " bytes long"));
  }
  if (text.size() < plan.minimum_length) {
    Add(path, absl::StrCat("must be at least ", plan.minimum_length, " bytes long"));
  }
  if (plan.pattern && !RE2::FullMatch(text, *plan.pattern)) {
    Add(path, absl::StrCat("must match the pattern ", plan.pattern->pattern()));
  }
  if (plan.format != v1::FORMAT_UNSPECIFIED) {
    std::string fault = FormatFault(plan.format, text);
    if (!fault.empty()) Add(path, std::move(fault));
  }
  const auto matches = [&](const std::string& pattern) { return names::Matches(text, pattern); };
  if (!plan.resources.empty() && std::none_of(plan.resources.begin(), plan.resources.end(), matches)) {
    Add(path, absl::StrCat("must be a resource name of the form ", absl::StrJoin(plan.resources, " or ")));
  }
}

void Walk::CheckEnum(int value, const FieldPlan& plan, const Path& path) {
  const bool known =
      value == 0 ? !plan.required : plan.field->enum_type()->FindValueByNumber(value) != nullptr;
  if (!known) Add(path, absl::StrCat("must be one of ", Values(plan.field->enum_type())));
}

void Walk::CheckMessage(const Message& message, const FieldPlan& plan, const Path& path) {
  if (plan.kind == Kind::kMessage) return Check(message, *plan.nested, path);
  if (plan.kind == Kind::kTimestamp) {
    const auto& instant = static_cast<const google::protobuf::Timestamp&>(message);
    if (instant.seconds() < kFirstSecond || instant.seconds() > kLastSecond || instant.nanos() < 0 ||
        instant.nanos() >= kSecondNanos) {
      Add(path, "must be an instant of the years 1 to 9999, with nanos from 0 to 999999999");
    }
  } else if (plan.kind == Kind::kDuration) {
    const auto& duration = static_cast<const google::protobuf::Duration&>(message);
    const int64_t seconds = duration.seconds(), nanos = duration.nanos();
    if (std::abs(seconds) > kLongestDurationSeconds || std::abs(nanos) >= kSecondNanos ||
        (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0)) {
      Add(path, "must be a duration of at most 10000 years, with nanos of the sign of its seconds");
    }
  } else {
    const auto& mask = static_cast<const FieldMask&>(message);
    if (plan.required && mask.paths().empty()) Add(path, "must name at least one field");
    if (plan.resource != nullptr && !mask.paths().empty()) CheckMask(mask, plan.resource, Spell(path));
  }
}

void Walk::CheckMask(const FieldMask& mask, const Descriptor* resource, absl::string_view field) {
  if (mask.paths_size() > static_cast<int>(kDefaultItems)) {
    return Add(absl::StrCat(field, ".paths"), absl::StrCat("must have at most ", kDefaultItems, " elements"));
  }
  for (int i = 0; i < mask.paths_size(); ++i) {
    if (NamesField(mask.paths(i), resource)) continue;
    Add(absl::StrCat(field, ".paths[", i, "]"),
        absl::StrCat("must be a field of ", resource->name(), ": ", FieldNames(resource)));
  }
}

void CollectDefects(const Plan& plan, std::set<const Plan*>& seen, std::vector<std::string>& defects) {
  if (!seen.insert(&plan).second) return;
  defects.insert(defects.end(), plan.defects.begin(), plan.defects.end());
  for (const FieldPlan& field : plan.fields) {
    if (field.nested != nullptr) CollectDefects(*field.nested, seen, defects);
  }
}

}  // namespace

std::vector<FieldViolation> Violations(const Message& message) {
  Walk walk;
  walk.Check(message, PlanOf(message.GetDescriptor()), Path());
  return walk.TakeViolations();
}

absl::Status Validate(const Message& message) {
  const std::vector<FieldViolation> violations = Violations(message);
  return violations.empty() ? absl::OkStatus() : errors::InvalidFields(violations);
}

absl::Status ValidateMask(const FieldMask& mask, const Descriptor* resource, absl::string_view field) {
  Walk walk;
  walk.CheckMask(mask, resource, field);
  const std::vector<FieldViolation> violations = walk.TakeViolations();
  return violations.empty() ? absl::OkStatus() : errors::InvalidFields(violations);
}

std::vector<std::string> RuleDefects(const Descriptor* type) {
  std::set<const Plan*> seen;
  std::vector<std::string> defects;
  CollectDefects(PlanOf(type), seen, defects);
  return defects;
}

}  // namespace ipb::constraints
