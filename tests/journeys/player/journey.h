// A journey as written in a file: who does what, when, and what must come of it. The format is described in
// tests/journeys/README.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/journeys/player/json.h"

namespace ipb::journey {

// Who calls: sent as the metadata `ipb-organisation`, `ipb-actor` and `ipb-role`. An empty part is not sent.
struct Caller {
  std::string title;  // how the story names the caller, such as "social worker"; may be empty
  std::string organisation;
  std::string actor;
  std::string role;
};

// The refusal that a step expects. Empty parts are not checked.
struct Refusal {
  std::string code;    // a gRPC status code such as FAILED_PRECONDITION; never empty
  std::string reason;  // google.rpc.ErrorInfo.reason
  std::optional<std::vector<std::string>> rules;  // exactly these rules refuse, in any order
  std::vector<std::string> rules_include;         // these rules are among those that refuse
  std::vector<std::string> fields;                // these fields are among those that are wrong
  std::string message;                            // a part of the error's message
  Json metadata;                                  // a partial match of ErrorInfo.metadata
};

// One step. Without a call it only tells, or lets time pass.
struct Step {
  std::string say;
  std::string so;
  std::optional<Caller> as;
  std::string clock;  // RFC 3339 instant; empty where time stands
  std::string service;
  std::string method;
  Json request = Json::object();
  std::optional<Json> expect;
  std::optional<Refusal> refused;
  std::vector<std::pair<std::string, std::string>> keep;  // name of the value, path in the reply
  int until_seconds = 0;
  bool explain = false;
};

// A journey.
struct Journey {
  std::string file;
  std::string title;
  std::string situation;
  std::string source;
  std::string deployment;  // empty for the default one
  std::string clock;       // RFC 3339 instant at which it begins; empty where the clock is left alone
  Caller as;
  std::vector<Step> steps;
};

// Reads a journey. INVALID_ARGUMENT, naming the file and the place, for what is not JSON, a word that the
// format does not have, a value of the wrong kind, or a step that expects both a reply and a refusal.
absl::StatusOr<Journey> ParseJourney(absl::string_view file, absl::string_view text);

// Reads a journey from a file. NOT_FOUND where there is none, else as ParseJourney.
absl::StatusOr<Journey> ReadJourney(const std::string& file);

}  // namespace ipb::journey
