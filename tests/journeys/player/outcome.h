// What came of one call, and whether it is what a step expects.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/journeys/player/journey.h"

namespace grpc {
class Status;
}

namespace ipb::journey {

// One rule that refused, or one field that is wrong.
struct Violation {
  std::string name;  // the rule's identifier, or the field's path
  std::string description;
};

// A reply, or an error with its google.rpc details.
struct Outcome {
  std::string code = "OK";  // the gRPC status code by name
  std::string message;
  std::string reason;
  Json metadata = Json::object();
  std::vector<Violation> rules;
  std::vector<Violation> fields;
  Json reply;

  bool ok() const { return code == "OK"; }
  // Whether the same call may succeed later without anyone changing anything.
  bool away() const { return code == "UNAVAILABLE" || code == "DEADLINE_EXCEEDED"; }
};

// Reads a failed call's status. Details that are not understood are left out.
Outcome FromStatus(const grpc::Status& status);

// What is not as the step expects, each as one sentence; empty where all is. `expect` is the step's, filled
// in.
std::vector<std::string> Unexpected(const Step& step, const Json& expect, const Outcome& outcome);

}  // namespace ipb::journey
