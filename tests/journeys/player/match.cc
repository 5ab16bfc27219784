#include "tests/journeys/player/match.h"

#include <re2/re2.h>

#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ipb::journey {
namespace {

using Notes = std::vector<std::string>;

void Compare(const Json& expected, const Json* actual, const std::string& path, Notes& notes);

std::optional<int64_t> WholeNumber(const Json& value) {
  if (value.is_number_integer()) return value.get<int64_t>();
  int64_t number = 0;
  if (value.is_string() && absl::SimpleAtoi(value.get<std::string>(), &number)) return number;
  return std::nullopt;
}

bool IsEmpty(const Json* value) {
  if (value == nullptr || value->is_null()) return true;
  if (value->is_string()) return value->get<std::string>().empty() || *value == "0";
  if (value->is_boolean()) return !value->get<bool>();
  if (value->is_number_integer()) return value->get<int64_t>() == 0;
  return value->is_structured() && value->empty();
}

std::string Show(const Json* value) { return value == nullptr ? "nothing" : value->dump(); }

void Note(const std::string& path, const std::string& wanted, const Json* actual, Notes& notes) {
  notes.push_back(
      absl::StrCat(path.empty() ? "the reply" : path, ": expected ", wanted, ", got ", Show(actual)));
}

bool SameScalar(const Json& expected, const Json& actual) {
  if (expected.is_number_integer()) return WholeNumber(expected) == WholeNumber(actual);
  return expected == actual;
}

// Whether some element of the list is like `wanted`.
bool Holds(const Json* list, const Json& wanted, const std::string& path) {
  for (size_t i = 0; list != nullptr && list->is_array() && i < list->size(); ++i) {
    Notes ignored;
    Compare(wanted, &(*list)[i], path, ignored);
    if (ignored.empty()) return true;
  }
  return false;
}

void CompareContains(const Json& wanted, const Json* actual, const std::string& path, Notes& notes) {
  const Json elements = wanted.is_array() ? wanted : Json::array({wanted});
  for (const Json& element : elements) {
    if (!Holds(actual, element, path))
      Note(path, absl::StrCat("an element like ", element.dump()), actual, notes);
  }
}

void CompareLacks(const Json& unwanted, const Json* actual, const std::string& path, Notes& notes) {
  const Json elements = unwanted.is_array() ? unwanted : Json::array({unwanted});
  if (actual == nullptr || !actual->is_array()) return Note(path, "a list", actual, notes);
  for (const Json& element : elements) {
    if (Holds(actual, element, path))
      Note(path, absl::StrCat("no element like ", element.dump()), actual, notes);
  }
}

// Below zero, zero or above; nothing where the two cannot be ordered.
std::optional<int> Order(const Json& a, const Json* b) {
  if (b == nullptr) return std::nullopt;
  const auto left = WholeNumber(a);
  const auto right = WholeNumber(*b);
  if (left && right) return *left < *right ? -1 : *left > *right;
  if (!a.is_string() || !b->is_string()) return std::nullopt;
  return a.get<std::string>().compare(b->get<std::string>());
}

void CompareCondition(const std::string& word, const Json& wanted, const Json* actual,
                      const std::string& path, Notes& notes) {
  bool holds = false;
  if (word == "$contains") {
    return CompareContains(wanted, actual, path, notes);
  } else if (word == "$lacks") {
    return CompareLacks(wanted, actual, path, notes);
  } else if (word == "$size") {
    const size_t size = actual != nullptr && actual->is_array() ? actual->size() : 0;
    holds = WholeNumber(wanted) == static_cast<int64_t>(size);
  } else if (word == "$empty") {
    holds = wanted.is_boolean() && IsEmpty(actual) == wanted.get<bool>();
  } else if (word == "$matches") {
    holds = actual != nullptr && actual->is_string() && wanted.is_string() &&
            RE2::PartialMatch(actual->get<std::string>(), wanted.get<std::string>());
  } else if (word == "$at_least") {
    const auto order = Order(wanted, actual);
    holds = order && *order <= 0;
  } else if (word == "$at_most") {
    const auto order = Order(wanted, actual);
    holds = order && *order >= 0;
  }
  if (!holds) Note(path, absl::StrCat(word, " ", wanted.dump()), actual, notes);
}

void CompareLists(const Json& expected, const Json* actual, const std::string& path, Notes& notes) {
  if (actual == nullptr || !actual->is_array() || actual->size() != expected.size()) {
    return Note(path, absl::StrCat("a list of ", expected.size()), actual, notes);
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    Compare(expected[i], &(*actual)[i], absl::StrCat(path, "[", i, "]"), notes);
  }
}

void Compare(const Json& expected, const Json* actual, const std::string& path, Notes& notes) {
  if (expected.is_object() && expected.size() == 1 && expected.begin().key().rfind('$', 0) == 0) {
    return CompareCondition(expected.begin().key(), expected.begin().value(), actual, path, notes);
  }
  if (expected.is_array()) return CompareLists(expected, actual, path, notes);
  if (!expected.is_object()) {
    if (actual == nullptr || !SameScalar(expected, *actual)) Note(path, expected.dump(), actual, notes);
    return;
  }
  if (actual == nullptr || !actual->is_object()) return Note(path, expected.dump(), actual, notes);
  for (const auto& [key, value] : expected.items()) {
    const auto found = actual->find(key);
    const std::string below = path.empty() ? key : absl::StrCat(path, ".", key);
    Compare(value, found == actual->end() ? nullptr : &*found, below, notes);
  }
}

const Json* Below(const Json& json, absl::string_view part) {
  std::vector<std::string> keys = absl::StrSplit(part, absl::ByAnyChar("[]"), absl::SkipEmpty());
  const Json* at = &json;
  for (size_t i = 0; i < keys.size(); ++i) {
    const bool index = i > 0 || part[0] == '[';
    uint64_t position = 0;
    if (index && at->is_array() && absl::SimpleAtoi(keys[i], &position) && position < at->size()) {
      at = &(*at)[position];
    } else if (!index && at->is_object() && at->contains(keys[i])) {
      at = &(*at)[keys[i]];
    } else {
      return nullptr;
    }
  }
  return at;
}

}  // namespace

const Json* Find(const Json& json, absl::string_view path) {
  const Json* at = &json;
  for (const auto part : absl::StrSplit(path, '.', absl::SkipEmpty())) {
    at = Below(*at, part);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::vector<std::string> Differences(const Json& expected, const Json& actual) {
  Notes notes;
  Compare(expected, &actual, "", notes);
  return notes;
}

}  // namespace ipb::journey
