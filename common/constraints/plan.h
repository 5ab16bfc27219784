// What the options of the contract mean for each message type, worked out once. Used by the validator only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "ipb/v1/options.pb.h"
#include "re2/re2.h"

namespace ipb::constraints {

// Limits on what carries no rule.
constexpr uint32_t kDefaultTextBytes = 2000;
constexpr uint32_t kDefaultItems = 100;

struct Plan;

// How one field is checked.
struct FieldPlan {
  enum class Kind { kPlain, kNumber, kText, kBytes, kEnum, kMessage, kTimestamp, kDuration, kMask };

  const google::protobuf::FieldDescriptor* field = nullptr;
  Kind kind = Kind::kPlain;
  bool repeated = false;
  bool required = false;
  // Whether "left out" can be told from zero or empty.
  bool presence = false;
  uint32_t minimum_length = 0;
  uint32_t maximum_length = kDefaultTextBytes;
  uint32_t maximum_items = kDefaultItems;
  bool bounded = false;
  int64_t minimum = INT64_MIN;
  int64_t maximum = INT64_MAX;
  std::unique_ptr<RE2> pattern;
  v1::Format format = v1::FORMAT_UNSPECIFIED;
  std::vector<std::string> resources;
  // The plan of a message's type.
  const Plan* nested = nullptr;
  // For a field mask: the type of the resource beside it; null where there is none.
  const google::protobuf::Descriptor* resource = nullptr;
};

// How one message type is checked: the fields that need checking, and the oneofs of which one must be set.
struct Plan {
  std::vector<FieldPlan> fields;
  std::vector<const google::protobuf::OneofDescriptor*> required_oneofs;
  // What is wrong with the rules themselves: a pattern that does not compile, a bound that cannot apply.
  std::vector<std::string> defects;
};

// The plan of a type, made at the first call for it and kept for the life of the process. Thread-safe.
const Plan& PlanOf(const google::protobuf::Descriptor* type);

}  // namespace ipb::constraints
