#include "tests/contract/layering.h"

#include <re2/re2.h>

#include "absl/strings/str_cat.h"

namespace ipb::contract {
namespace {

// A kind of file that may not include a kind of path.
struct Ban {
  const char* files;
  const char* files_except;  // empty for none
  const char* includes;
  const char* why;
};

constexpr Ban kBans[] = {
    {"^(services|common)/", "^common/store/", "^(hiredis/.*|ev\\.h|sqlite3\\.h)$",
     "only common/store knows what data is stored in"},
    {"^common/store/.*\\.h$", "^common/store/redis_[a-z_]*\\.h$", "^(hiredis/.*|ev\\.h|sqlite3\\.h)$",
     "an engine's library stays in the engine's own files"},
    {"^(services|common)/",
     "^(services/[a-z]+/(service\\.(h|cc)|main\\.cc)|services/suite/.*|common/(server|client|process)/.*"
     "|common/(changes|statements|decisions)/[a-z]+_(service|stream)\\.(h|cc))$",
     "^(grpcpp/.*|grpc/.*|.*\\.grpc\\.pb\\.h)$",
     "only service.*, main, the process, the adapter, the clients and what every server hosts know gRPC"},
    {"^common/", "", "^services/.*", "common rooms know no service"},
    {"^services/[a-z]+/service\\.(h|cc)$", "", "^(services/[a-z]+/rules/.*|common/store/.*)",
     "service.* only hands calls to handlers"},
    {"^services/[a-z]+/(rules)/", "", "^(chrono|thread|mutex|atomic|iostream|fstream|cstdio|coroutine|random)$",
     "rules are pure: no clock, no threads, no input or output"},
};

// All that rules may include; `SERVICE` is the service that the rule is of.
constexpr char kRulesMayInclude[] =
    "^(ipb/v1/[a-z0-9_]+\\.pb\\.h|google/protobuf/.*"
    "|absl/(algorithm|base|cleanup|container|functional|memory|numeric|status|strings|time|types)/.*"
    "|common/(money|dates|identifiers|explain|errors)/.*|services/SERVICE/(rules/.*|errors\\.h))$";

std::string Complaint(const SourceFile& file, const Include& include, const std::string& why) {
  return absl::StrCat(file.path, ":", include.line, " includes ", include.path, ": ", why);
}

void CheckRules(const SourceFile& file, const std::string& service, std::vector<std::string>& complaints) {
  std::string allowed = kRulesMayInclude;
  RE2::Replace(&allowed, "SERVICE", service);
  for (const Include& include : Includes(file.text)) {
    const bool standard = include.system && include.path.find('/') == std::string::npos &&
                          include.path.find('.') == std::string::npos;
    if (!standard && !RE2::FullMatch(include.path, allowed)) {
      complaints.push_back(Complaint(file, include, "rules may include messages, nouns, explanations and absl only"));
    }
  }
}

}  // namespace

std::vector<std::string> Trespasses(const SourceFile& file) {
  std::vector<std::string> complaints;
  const std::vector<Include> includes = Includes(file.text);
  for (const Ban& ban : kBans) {
    if (!RE2::PartialMatch(file.path, ban.files)) continue;
    if (*ban.files_except != '\0' && RE2::PartialMatch(file.path, ban.files_except)) continue;
    for (const Include& include : includes) {
      if (RE2::FullMatch(include.path, ban.includes)) complaints.push_back(Complaint(file, include, ban.why));
    }
  }
  std::string service, room, other;
  if (!RE2::PartialMatch(file.path, "^services/([a-z]+)/([a-z_.]+)", &service, &room)) return complaints;
  if (service != "suite" && room != "main.cc") {
    for (const Include& include : includes) {
      if (RE2::PartialMatch(include.path, "^services/([a-z]+)/", &other) && other != service) {
        complaints.push_back(Complaint(file, include, "a service reaches another only through its stub"));
      }
    }
  }
  if (room == "rules") CheckRules(file, service, complaints);
  return complaints;
}

}  // namespace ipb::contract
