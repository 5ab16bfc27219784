// Whether a message keeps the rules that its contract states (ipb.v1.rule): what `describe` shows is what is
// checked.
//
// A field that is left out - unset, or empty where the contract cannot tell - is only checked for `required`.
// Numbers that are not `optional` are never left out: their 0 must lie within the bounds. `required` on a
// member of a oneof means that one member of the oneof must be set. Elements of a list are each checked, and
// those of a required list may not be empty or unspecified. What carries no rule: text and bytes at most
// 2,000 bytes, lists at most 100 elements, enum values known. All text is UTF-8. Messages are checked all the
// way down; the contents of google.protobuf.Any are not.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/errors/errors.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace ipb::constraints {

// INVALID_ARGUMENT that lists every violation with the full path of its field, for example
// `assessment.adult_outcomes[2].meaning`. Descriptions say what is allowed and never repeat the value.
// Thread-safe.
absl::Status Validate(const google::protobuf::Message& message);

// The same as a list, at most the first 1,000.
std::vector<errors::FieldViolation> Violations(const google::protobuf::Message& message);

// INVALID_ARGUMENT where a path of the mask is no field of the resource type. `field` is the mask's own path,
// for example `update_mask`. Validate does this for every mask that stands beside its resource.
absl::Status ValidateMask(const google::protobuf::FieldMask& mask,
                          const google::protobuf::Descriptor* resource, absl::string_view field);

// What is wrong with the rules of a message type and of all that it contains, for the tests of the contracts:
// patterns that do not compile, bounds on text, unknown shapes of resource name.
std::vector<std::string> RuleDefects(const google::protobuf::Descriptor* type);

}  // namespace ipb::constraints
