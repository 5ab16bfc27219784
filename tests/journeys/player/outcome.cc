#include "tests/journeys/player/outcome.h"

#include <grpcpp/support/status.h>

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/journeys/player/match.h"

namespace ipb::journey {
namespace {

constexpr const char* kCodes[] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

std::string CodeName(int code) {
  return code >= 0 && code < static_cast<int>(std::size(kCodes)) ? kCodes[code] : absl::StrCat("CODE_", code);
}

std::string Told(const Outcome& outcome) {
  return absl::StrCat(outcome.code, outcome.reason.empty() ? "" : " ", outcome.reason, ": ", outcome.message);
}

std::string Names(const std::set<std::string>& names) {
  return names.empty() ? "none" : absl::StrJoin(names, ", ");
}

std::set<std::string> NamesOf(const std::vector<Violation>& violations) {
  std::set<std::string> names;
  for (const Violation& violation : violations) names.insert(violation.name);
  return names;
}

void Require(const std::vector<std::string>& wanted, const std::set<std::string>& got, const char* what,
             std::vector<std::string>& notes) {
  for (const std::string& name : wanted) {
    if (got.count(name) == 0) {
      notes.push_back(absl::StrCat("expected ", what, " ", name, " to refuse, got ", Names(got)));
    }
  }
}

std::vector<std::string> UnexpectedRefusal(const Refusal& refused, const Outcome& outcome) {
  if (outcome.code != refused.code) {
    return {absl::StrCat("expected ", refused.code, " ", refused.reason, ", got ",
                         outcome.ok() ? absl::StrCat("the reply ", outcome.reply.dump()) : Told(outcome))};
  }
  std::vector<std::string> notes;
  if (!refused.reason.empty() && refused.reason != outcome.reason) {
    notes.push_back(absl::StrCat("expected the reason ", refused.reason, ", got ", Told(outcome)));
  }
  const std::set<std::string> rules = NamesOf(outcome.rules);
  if (refused.rules) {
    const std::set<std::string> wanted(refused.rules->begin(), refused.rules->end());
    if (wanted != rules) {
      notes.push_back(absl::StrCat("expected exactly the rules ", Names(wanted), ", got ", Names(rules)));
    }
  }
  Require(refused.rules_include, rules, "the rule", notes);
  Require(refused.fields, NamesOf(outcome.fields), "the field", notes);
  if (!absl::StrContains(outcome.message, refused.message)) {
    notes.push_back(absl::StrCat("expected a message with '", refused.message, "', got ", Told(outcome)));
  }
  if (refused.metadata.is_object()) {
    for (const std::string& note : Differences(refused.metadata, outcome.metadata)) {
      notes.push_back(absl::StrCat("metadata ", note));
    }
  }
  return notes;
}

void Read(const google::rpc::Status& details, Outcome& outcome) {
  google::rpc::ErrorInfo info;
  google::rpc::PreconditionFailure failure;
  google::rpc::BadRequest bad;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) {
      outcome.reason = info.reason();
      for (const auto& [key, value] : info.metadata()) outcome.metadata[key] = value;
    } else if (detail.UnpackTo(&failure)) {
      for (const auto& rule : failure.violations())
        outcome.rules.push_back({rule.type(), rule.description()});
    } else if (detail.UnpackTo(&bad)) {
      for (const auto& field : bad.field_violations()) {
        outcome.fields.push_back({field.field(), field.description()});
      }
    }
  }
}

}  // namespace

Outcome FromStatus(const grpc::Status& status) {
  Outcome outcome;
  outcome.code = CodeName(status.error_code());
  outcome.message = status.error_message();
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) Read(details, outcome);
  return outcome;
}

std::vector<std::string> Unexpected(const Step& step, const Json& expect, const Outcome& outcome) {
  if (step.refused) return UnexpectedRefusal(*step.refused, outcome);
  if (!outcome.ok()) {
    std::vector<std::string> notes = {absl::StrCat("expected a reply, got ", Told(outcome))};
    for (const auto* violations : {&outcome.rules, &outcome.fields}) {
      for (const Violation& violation : *violations) {
        notes.push_back(absl::StrCat(violation.name, ": ", violation.description));
      }
    }
    return notes;
  }
  return Differences(expect, outcome.reply);
}

}  // namespace ipb::journey
