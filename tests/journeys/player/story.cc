#include "tests/journeys/player/story.h"

#include <re2/re2.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/dates/civil.h"
#include "common/money/pence.h"
#include "tests/journeys/player/match.h"

namespace ipb::journey {
namespace {

constexpr size_t kWidth = 100;

// Breaks text between words so that each line, `first` or `rest` before it, is at most kWidth bytes where it
// can be.
std::string Wrap(absl::string_view text, absl::string_view first, absl::string_view rest) {
  std::string wrapped;
  std::string line(first);
  bool empty = true;
  for (const auto word : absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (!empty && line.size() + 1 + word.size() > kWidth) {
      absl::StrAppend(&wrapped, line, "\n");
      line = std::string(rest);
      empty = true;
    }
    absl::StrAppend(&line, empty ? "" : " ", word);
    empty = false;
  }
  return absl::StrCat(wrapped, line, "\n");
}

// "weekly_pence" is told as "weekly", "start_date" as "start".
std::string Label(absl::string_view field) {
  for (const absl::string_view unit : {"_pence", "_date", "_time"}) {
    if (absl::EndsWith(field, unit)) field.remove_suffix(unit.size());
  }
  return absl::StrReplaceAll(field, {{"_", " "}});
}

// Every value of `actual` that `expected` speaks of.
void Collect(const Json& expected, const Json* actual, const std::string& field,
             std::vector<std::string>& told) {
  if (actual == nullptr) return;
  const bool condition =
      expected.is_object() && expected.size() == 1 && absl::StartsWith(expected.begin().key(), "$");
  if (condition && actual->is_array()) {
    told.push_back(
        absl::StrCat(Label(field), ": ", actual->size(), actual->size() == 1 ? " entry" : " entries"));
  } else if (condition || !expected.is_structured()) {
    const std::string value = Spell(field, *actual);
    if (!value.empty()) told.push_back(absl::StrCat(Label(field), ": ", value));
  } else if (expected.is_object()) {
    for (const auto& [key, value] : expected.items()) Collect(value, Find(*actual, key), key, told);
  } else {
    for (size_t i = 0; i < expected.size() && i < actual->size(); ++i) {
      Collect(expected[i], &(*actual)[i], field, told);
    }
  }
}

// An enum's value in words, by the field that it is in: "STATE_ENDED" in `state` as "ended", and
// "REVIEW_REGIME_CHC" in `deciding_regime` as "chc". What is no enum's value stays as it is.
std::string Words(absl::string_view field, const std::string& text) {
  static const RE2 kEnumValue("[A-Z][A-Z0-9]*(_[A-Z0-9]+)+");
  if (!RE2::FullMatch(text, kEnumValue)) return text;
  const size_t before_last_word = field.rfind('_');
  if (before_last_word != field.npos) field.remove_prefix(before_last_word + 1);
  const std::string type = absl::StrCat(absl::AsciiStrToUpper(field), "_");
  absl::string_view value = text;
  const size_t at = absl::StrCat("_", text).find(absl::StrCat("_", type));
  if (at != std::string::npos) value.remove_prefix(at + type.size());
  absl::ConsumePrefix(&value, "KIND_");
  return absl::StrReplaceAll(absl::AsciiStrToLower(value), {{"_", " "}});
}

std::string TextAt(const Json& json, const char* key) {
  const Json* value = Find(json, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

void TellExplanation(const Json& reply, std::ostream& out) {
  const Json* steps = Find(reply, "explanation.steps");
  if (steps == nullptr) return;
  for (const Json& step : *steps) {
    const std::string result = TextAt(step, "result");
    const std::string source = TextAt(step, "legal_source");
    out << Wrap(absl::StrCat(TextAt(step, "sentence"), result.empty() ? "" : " = ", result,
                             source.empty() ? "" : absl::StrCat(" [", source, "]")),
                "       . ", "         ");
  }
}

}  // namespace

std::string Spell(absl::string_view field, const Json& value) {
  if (value.is_array()) {
    std::vector<std::string> elements;
    for (const Json& element : value) elements.push_back(Spell(field, element));
    return absl::StrJoin(elements, ", ");
  }
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  int64_t pence = 0;
  if (absl::EndsWith(field, "_pence") && absl::SimpleAtoi(text, &pence)) return money::Format(pence);
  if (absl::EndsWith(field, "_date")) {
    const auto day = dates::Parse(text);
    if (day.ok()) return dates::Spell(*day);
  }
  return Words(field, text);
}

void Story::Begin(const Journey& journey) {
  out_ << "\n"
       << std::string(kWidth, '=') << "\n"
       << journey.title << "\n\n"
       << Wrap(journey.situation, "  ", "  ") << Wrap(absl::StrCat("Source: ", journey.source), "  ", "  ");
}

void Story::Tell(size_t number, const Caller& caller, absl::CivilDay today, const std::string& say,
                 const Step& step) {
  std::vector<std::string> who = {dates::Spell(today)};
  if (!step.method.empty()) {
    if (!caller.title.empty()) who.push_back(caller.title);
    if (!caller.organisation.empty()) {
      who.push_back(absl::StrCat(caller.organisation, caller.actor.empty() ? "" : "/", caller.actor));
    }
    who.push_back(absl::StrCat(step.service.substr(step.service.rfind('.') + 1), ".", step.method));
  }
  const std::string margin = number < 10 ? "   " : "  ";
  out_ << "\n"
       << Wrap(say, absl::StrCat(margin, number, ". "), "      ") << "      (" << absl::StrJoin(who, "; ")
       << ")\n";
}

void Story::Reply(const Step& step, const std::string& so, const Json& expect, const Outcome& outcome) {
  if (!so.empty()) {
    out_ << Wrap(so, "    > ", "      ");
  } else {
    std::vector<std::string> told;
    Collect(expect, &outcome.reply, "", told);
    if (!told.empty()) out_ << Wrap(absl::StrJoin(told, "; "), "    > ", "      ");
  }
  if (step.explain) TellExplanation(outcome.reply, out_);
}

void Story::Refused(const Outcome& outcome) {
  const std::string reason = outcome.reason.empty() ? outcome.code : outcome.reason;
  if (outcome.rules.empty() && outcome.fields.empty()) {
    out_ << Wrap(absl::StrCat("Refused (", reason, "): ", outcome.message), "    > ", "      ");
    return;
  }
  out_ << "    > Refused (" << reason << "):\n";
  for (const auto* violations : {&outcome.rules, &outcome.fields}) {
    for (const Violation& violation : *violations) {
      out_ << Wrap(absl::StrCat(violation.name, ": ", violation.description), "       - ", "         ");
    }
  }
}

void Story::Wrong(const std::vector<std::string>& notes) {
  out_ << "    ! NOT AS EXPECTED:\n";
  for (const std::string& note : notes) out_ << Wrap(note, "       - ", "         ");
}

void Story::End(const Journey& journey, bool passed) {
  out_ << "\n  " << (passed ? "As it should be: " : "FAILED: ") << journey.title;
  if (!passed) out_ << " (" << journey.file << ")";
  out_ << std::endl;
}

void Story::Summary(size_t passed, size_t failed) {
  out_ << "\n" << passed << " passed, " << failed << " failed" << std::endl;
}

}  // namespace ipb::journey
