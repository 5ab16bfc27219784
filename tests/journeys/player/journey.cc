#include "tests/journeys/player/journey.h"

#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"

namespace ipb::journey {
namespace {

using Callers = std::map<std::string, Caller>;

// Reads the words of one JSON object and remembers the first thing that is wrong, with its place.
class Reader {
 public:
  Reader(const Json& object, std::string place, absl::Status& status)
      : object_(object), place_(std::move(place)), status_(status) {
    if (!object_.is_object()) Fail("", "must be an object");
  }
  ~Reader() {
    if (!object_.is_object()) return;
    for (const auto& [key, value] : object_.items()) {
      if (known_.count(key) == 0) Fail(key, "is not a word of the format");
    }
  }

  const Json* Find(const std::string& key) {
    known_.insert(key);
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  void Text(const std::string& key, std::string& into, bool required = false) {
    const Json* value = Find(key);
    if (value == nullptr) {
      if (required) Fail(key, "is missing");
    } else if (!value->is_string()) {
      Fail(key, "must be text");
    } else {
      into = value->get<std::string>();
    }
  }
  void Instant(const std::string& key, std::string& into) {
    Text(key, into);
    absl::Time instant;
    std::string error;
    if (!into.empty() && !absl::ParseTime(absl::RFC3339_full, into, &instant, &error)) {
      Fail(key, "must be an instant such as 2026-04-06T09:00:00Z");
    }
  }
  void Texts(const std::string& key, std::vector<std::string>& into) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_array()) return Fail(key, "must be a list of text");
    for (const Json& item : *value) {
      if (!item.is_string()) return Fail(key, "must be a list of text");
      into.push_back(item.get<std::string>());
    }
  }
  void Object(const std::string& key, Json& into) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_object()) return Fail(key, "must be an object");
    into = *value;
  }
  void Flag(const std::string& key, bool& into) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) return Fail(key, "must be true or false");
    into = value->get<bool>();
  }
  void Seconds(const std::string& key, int& into) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_number_integer() || value->get<int64_t>() < 1 || value->get<int64_t>() > 600) {
      return Fail(key, "must be a number of seconds from 1 to 600");
    }
    into = value->get<int>();
  }
  void Fail(absl::string_view key, absl::string_view what) {
    if (!status_.ok()) return;
    const absl::string_view dot = place_.empty() || key.empty() ? "" : ".";
    status_ = absl::InvalidArgumentError(absl::StrCat(place_, dot, key, " ", what));
  }
  std::string Place(absl::string_view key) const {
    return place_.empty() ? std::string(key) : absl::StrCat(place_, ".", key);
  }
  absl::Status& status() { return status_; }

 private:
  const Json& object_;
  const std::string place_;
  absl::Status& status_;
  std::set<std::string> known_;
};

Caller ReadCaller(const Json& value, const std::string& place, absl::Status& status) {
  Caller caller;
  Reader reader(value, place, status);
  reader.Text("title", caller.title);
  reader.Text("organisation", caller.organisation);
  reader.Text("actor", caller.actor);
  reader.Text("role", caller.role);
  return caller;
}

// `as` is the name of one of the journey's callers, or a caller written out.
std::optional<Caller> ReadAs(Reader& reader, const Callers& callers) {
  const Json* value = reader.Find("as");
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return ReadCaller(*value, reader.Place("as"), reader.status());
  const auto found = callers.find(value->get<std::string>());
  if (found != callers.end()) return found->second;
  reader.Fail("as", absl::StrCat("names nobody in `callers`: ", value->get<std::string>()));
  return std::nullopt;
}

Callers ReadCallers(Reader& reader) {
  Callers callers;
  Json all = Json::object();
  reader.Object("callers", all);
  for (const auto& [name, value] : all.items()) {
    Caller caller = ReadCaller(value, reader.Place(absl::StrCat("callers.", name)), reader.status());
    if (caller.title.empty()) caller.title = name;
    callers[name] = caller;
  }
  return callers;
}

Refusal ReadRefusal(const Json& value, const std::string& place, absl::Status& status) {
  Refusal refusal;
  Reader reader(value, place, status);
  reader.Text("code", refusal.code, true);
  reader.Text("reason", refusal.reason);
  reader.Text("message", refusal.message);
  if (reader.Find("rules") != nullptr) {
    refusal.rules.emplace();
    reader.Texts("rules", *refusal.rules);
  }
  reader.Texts("rules_include", refusal.rules_include);
  reader.Texts("fields", refusal.fields);
  reader.Object("metadata", refusal.metadata);
  return refusal;
}

// `Service.Method` is of the package ipb.v1; `package.Service.Method` is as written.
void ReadCall(Reader& reader, Step& step) {
  std::string call;
  reader.Text("call", call);
  if (call.empty()) return;
  const size_t dot = call.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == call.size()) {
    return reader.Fail("call", "must be Service.Method");
  }
  step.service = call.substr(0, dot);
  step.method = call.substr(dot + 1);
  if (step.service.find('.') == std::string::npos) step.service = absl::StrCat("ipb.v1.", step.service);
}

void ReadKeep(Reader& reader, Step& step) {
  Json keep = Json::object();
  reader.Object("keep", keep);
  for (const auto& [name, path] : keep.items()) {
    if (!path.is_string()) return reader.Fail("keep", "must give a path for each name");
    step.keep.emplace_back(name, path.get<std::string>());
  }
}

Step ReadStep(const Json& value, const std::string& place, const Callers& callers, absl::Status& status) {
  Step step;
  Reader reader(value, place, status);
  reader.Text("say", step.say, true);
  reader.Text("so", step.so);
  step.as = ReadAs(reader, callers);
  reader.Instant("clock", step.clock);
  ReadCall(reader, step);
  reader.Object("request", step.request);
  if (const Json* expect = reader.Find("expect")) {
    step.expect = *expect;
    if (!expect->is_object()) reader.Fail("expect", "must be an object");
  }
  if (const Json* refused = reader.Find("refused")) {
    step.refused = ReadRefusal(*refused, reader.Place("refused"), status);
  }
  ReadKeep(reader, step);
  reader.Seconds("until_seconds", step.until_seconds);
  reader.Flag("explain", step.explain);
  if (step.refused && (step.expect || !step.keep.empty() || step.explain)) {
    reader.Fail("refused", "leaves no reply to expect, keep or explain");
  }
  if (step.method.empty() && (step.expect || step.refused || !step.request.empty() || !step.keep.empty())) {
    reader.Fail("call", "is missing");
  }
  return step;
}

absl::Status Read(const Json& json, Journey& journey) {
  absl::Status status;
  {
    Reader reader(json, "", status);
    reader.Text("title", journey.title, true);
    reader.Text("situation", journey.situation, true);
    reader.Text("source", journey.source, true);
    reader.Text("deployment", journey.deployment);
    reader.Instant("clock", journey.clock);
    const Callers callers = ReadCallers(reader);
    if (const auto as = ReadAs(reader, callers)) journey.as = *as;
    const Json* steps = reader.Find("steps");
    if (steps == nullptr || !steps->is_array() || steps->empty()) {
      reader.Fail("steps", "must be a list of at least one step");
    } else {
      for (size_t i = 0; i < steps->size(); ++i) {
        journey.steps.push_back(ReadStep((*steps)[i], absl::StrCat("steps[", i + 1, "]"), callers, status));
      }
    }
  }
  return status;
}

}  // namespace

absl::StatusOr<Journey> ParseJourney(absl::string_view file, absl::string_view text) {
  Journey journey;
  journey.file = std::string(file);
  Json json;
  // The library tells where JSON is malformed only by throwing.
  try {
    json = Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": ", error.what()));
  }
  const absl::Status status = Read(json, journey);
  if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat(file, ": ", status.message()));
  return journey;
}

absl::StatusOr<Journey> ReadJourney(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::NotFoundError(absl::StrCat("there is no journey ", file));
  return ParseJourney(file, text.str());
}

}  // namespace ipb::journey
