// ipb-past-decisions FILE: adds to the corpus what it lacks of the decisions in an embedded store, such as
// the one that the journeys were played against. The corpus lacks a decision where none of the same method is
// explained by the same rules; what it has stays as it is. Run it in the source tree, with test people only.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/async/executor.h"
#include "common/call/subject.h"
#include "common/decisions/packed.h"
#include "common/decisions/recorded.h"
#include "common/process/flags.h"
#include "common/process/open_store.h"
#include "google/protobuf/text_format.h"
#include "ipb/v1/explanation.pb.h"
#include "tests/async/wait.h"
#include "tests/decisions/past.h"

namespace ipb::decisions {
namespace {

constexpr char kFolder[] = "tests/decisions/corpus";
constexpr size_t kPage = 200;

// The rules that explain an outcome, as text.
std::string RulesOf(const ipb::v1::Decision& decision) {
  std::set<std::string> rules;
  for (const google::protobuf::Any& resource : decision.outcome()) {
    const auto message = Unpacked(resource);
    const auto* field =
        message == nullptr ? nullptr : message->GetDescriptor()->FindFieldByName("explanation");
    if (field == nullptr) continue;
    const auto& explanation =
        dynamic_cast<const ipb::v1::Explanation&>(message->GetReflection()->GetMessage(*message, field));
    for (const ipb::v1::ExplanationStep& step : explanation.steps()) rules.insert(step.rule_id());
  }
  return absl::StrJoin(rules, " ");
}

// "EligibilityService.RecordDetermination" is "record-determination".
std::string FileStemOf(const std::string& method) {
  std::string stem;
  for (const char letter : method.substr(method.find('.') + 1)) {
    if (absl::ascii_isupper(letter) && !stem.empty()) stem += '-';
    stem += absl::ascii_tolower(letter);
  }
  return stem;
}

size_t IndentOf(absl::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Text with each message on one line where it fits, as people write it.
std::string Folded(const std::string& text) {
  constexpr size_t kWidth = 120;
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.emplace_back(line);
    if (absl::StripAsciiWhitespace(line) != "}") continue;
    size_t opening = lines.size() - 1;
    std::string inner;
    do {
      inner = absl::StrCat(absl::StripAsciiWhitespace(lines[opening]), inner.empty() ? "" : " ", inner);
      --opening;
    } while (IndentOf(lines[opening]) != IndentOf(line));
    const std::string folded = absl::StrCat(lines[opening], " ", inner);
    const bool whole = std::all_of(lines.begin() + opening + 1, lines.end() - 1, [](const std::string& one) {
      return one.back() != '{' && absl::StripAsciiWhitespace(one) != "}";
    });
    if (!whole || folded.size() > kWidth) continue;
    lines.resize(opening);
    lines.push_back(folded);
  }
  return absl::StrJoin(lines, "\n");
}

class Collection {
 public:
  Collection() {
    for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
      if (entry.path().extension() != ".textproto") continue;
      std::ifstream in(entry.path());
      const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      v1::PastDecision past;
      if (!google::protobuf::TextFormat::ParseFromString(text, &past)) continue;
      ++files_[past.decision().method()];
      // One that the present refuses is not compared any more: another is wanted in its place.
      if (past.declared_refusals().empty()) Note(past.decision());
    }
  }

  void Add(const std::string& service, const ipb::v1::Decision& decision) {
    if (!Note(decision)) return;
    v1::PastDecision past;
    *past.mutable_decision() = decision;
    past.set_service(service);
    google::protobuf::TextFormat::Printer printer;
    printer.SetExpandAny(true);
    printer.SetUseUtf8StringEscaping(true);
    std::string text;
    printer.PrintToString(past, &text);
    const std::string stem = FileStemOf(decision.method());
    std::ofstream(absl::StrCat(kFolder, "/", stem, "-", ++files_[decision.method()], ".textproto"))
        << Folded(text);
    ++added_;
  }

  int added() const { return added_; }

 private:
  bool Note(const ipb::v1::Decision& decision) {
    return known_[decision.method()].insert(RulesOf(decision)).second;
  }

  std::map<std::string, std::set<std::string>> known_;  // the rules that explain, by method
  std::map<std::string, int> files_;                    // how many there are, by method
  int added_ = 0;
};

ipb::v1::Decision Read(store::Store& store, const std::string& subject, const store::Record& record) {
  state::v1::DecisionRecord kept;
  kept.ParseFromString(record.data);
  const std::string name = absl::StrCat(subject, "/decisions/", record.revision);
  Versions versions;
  for (std::string& needed : VersionsNeeded(kept, record.revision)) {
    const auto loaded = async::Wait(store.Load({subject, "", {needed}}));
    if (loaded.ok() && loaded->records[0]) versions[needed].ParseFromString(loaded->records[0]->data);
  }
  const auto decision = AsDecision(name, kept, versions);
  if (!decision.ok()) std::fprintf(stderr, "%s: %s\n", name.c_str(), decision.status().ToString().c_str());
  return decision.value_or(ipb::v1::Decision());
}

void AddSubject(store::Store& store, const std::string& service, const std::string& subject,
                Collection& collection) {
  std::string after;
  while (true) {
    const auto records = async::Wait(store.List(subject, "decisions/", after, kPage));
    if (!records.ok() || records->empty()) return;
    for (const store::Record& record : *records) collection.Add(service, Read(store, subject, record));
    after = records->back().name;
  }
}

void AddService(store::Store& store, const std::string& service, Collection& collection) {
  std::set<std::string> subjects;
  store::Cursor cursor;
  while (true) {
    const auto changes = async::Wait(store.Tail(cursor, kPage));
    if (!changes.ok() || changes->changes.empty()) break;
    for (const store::Change& change : changes->changes) subjects.insert(change.subject);
    cursor = changes->next;
  }
  for (const std::string& subject : subjects) AddSubject(store, service, subject, collection);
}

}  // namespace
}  // namespace ipb::decisions

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: ipb-past-decisions FILE\n");
    return 2;
  }
  ipb::async::Executor executor(1);
  ipb::process::Flags flags;
  flags.store = absl::StrCat("sqlite:", argv[1]);
  auto engine = ipb::process::OpenStore(flags, &executor);
  if (!engine.ok()) {
    std::fprintf(stderr, "%s\n", engine.status().ToString().c_str());
    return 1;
  }
  // Brings the types of what the services decide on into the program.
  const ipb::decisions::Present present;
  ipb::decisions::Collection collection;
  for (const char* service : {"people", "eligibility", "allocation"}) {
    const auto store = (*engine)->Open(service);
    ipb::decisions::AddService(*store, service, collection);
    store->Close();
  }
  (*engine)->Close();
  std::printf("%d added\n", collection.added());
  return 0;
}
