// Decisions as they are kept: one record that says what was read and written, and a version of each.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/any.pb.h"
#include "ipb/state/v1/state.pb.h"
#include "ipb/v1/decisions_service.pb.h"

namespace ipb::decisions {

// Versions of resources and explanations, by the name of the record that holds them.
using Versions = std::map<std::string, google::protobuf::Any>;

// The revision that the commit of a decision made.
int64_t RevisionOf(const v1::Decision& decision);

// The name in a packed resource; empty where its type is unknown or has no name.
std::string NameOf(const google::protobuf::Any& resource);

// A resource and its own explanation, which is absent where it has none.
struct Parted {
  google::protobuf::Any resource;
  std::optional<google::protobuf::Any> explanation;
};
Parted Part(const google::protobuf::Any& resource);

// The records of the versions that the decision of that revision needs, to be loaded.
std::vector<std::string> VersionsNeeded(const state::v1::DecisionRecord& record, int64_t revision);

// The resources in records `written` at that revision, each with its explanation where there is one.
std::vector<google::protobuf::Any> Written(const std::vector<std::string>& written, int64_t revision,
                                           const Versions& versions);

// The decision of that name with its facts, each with its explanation where the decision read that too.
// FAILED_PRECONDITION where a fact's version was not kept.
absl::StatusOr<v1::Decision> AsDecision(const std::string& name, const state::v1::DecisionRecord& record,
                                        const Versions& versions);

}  // namespace ipb::decisions
