#include "common/names/names.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/identifiers/base32.h"
#include "common/identifiers/digest.h"
#include "common/identifiers/uuid.h"

namespace ipb::names {
namespace {

constexpr size_t kIdBytes = 64;
constexpr size_t kCollectionBytes = 40;
constexpr size_t kNumberDigits = 10;
constexpr size_t kPersonCharacters = 26;
constexpr int kPersonBytes = 17;

bool Digit(char c) { return c >= '0' && c <= '9'; }
bool Lower(char c) { return c >= 'a' && c <= 'z'; }

bool IsId(absl::string_view text) {
  return !text.empty() && text.size() <= kIdBytes && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return Digit(c) || Lower(c) || c == '-'; });
}

bool IsCollection(absl::string_view text) {
  return !text.empty() && text.size() <= kCollectionBytes && Lower(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isalpha(c); });
}

// The number that a segment writes; 0 where it is none.
int64_t NumberOf(absl::string_view text) {
  if (text.empty() || text.size() > kNumberDigits || text.front() == '0') return 0;
  int64_t value = 0;
  for (const char c : text) {
    if (!Digit(c)) return 0;
    value = value * 10 + (c - '0');
  }
  return value <= kMaximumNumber ? value : 0;
}

bool IsRoot(absl::string_view text) {
  return text == "people" || text == "paymentRuns" || text == "uplifts" || text == "identifiers";
}

bool IsVariable(absl::string_view text) {
  return text.size() > 2 && text.front() == '{' && text.back() == '}' &&
         std::all_of(text.begin() + 1, text.end() - 1, [](char c) { return Lower(c) || c == '_'; });
}

// Takes the first segment off; what is left is null data once the last one was taken.
absl::string_view Take(absl::string_view& rest) {
  const size_t slash = rest.find('/');
  const absl::string_view segment = rest.substr(0, slash);
  rest = slash == rest.npos ? absl::string_view() : rest.substr(slash + 1);
  return segment;
}

// Four segments at most; more leave a fifth that is not empty, or a slash at the end of the fourth.
struct Segments {
  explicit Segments(absl::string_view text) {
    while (count < 5) {
      const bool last = text.find('/') == text.npos;
      at[count++] = Take(text);
      if (last) return;
    }
  }
  absl::string_view at[5];
  int count = 0;
};

bool SegmentMatches(absl::string_view segment, absl::string_view pattern) {
  if (pattern == "{n}") return NumberOf(segment) > 0;
  if (!pattern.empty() && pattern.front() == '{') return IsId(segment);
  return segment == pattern;
}

std::string PersonId(absl::string_view bytes) {
  std::string id = identifiers::Base32(bytes);
  id.resize(kPersonCharacters);
  return id;
}

}  // namespace

absl::StatusOr<Name> Parse(absl::string_view name) {
  const Segments parts(name);
  const bool subject = (parts.count == 2 || parts.count == 4) && IsRoot(parts.at[0]) && IsId(parts.at[1]);
  if (subject && parts.count == 2) return Name{std::string(name), "", 0};
  if (subject && parts.at[0] != "identifiers" && IsCollection(parts.at[2])) {
    const int64_t number = NumberOf(parts.at[3]);
    if (number > 0) return Name{Subject(name), std::string(parts.at[2]), number};
  }
  return absl::InvalidArgumentError(
      "not a resource name: people/{person}, people/{person}/<collection>/{n}, paymentRuns/{run}, "
      "uplifts/{uplift} or identifiers/{claim}");
}

std::string Format(const Name& name) {
  return name.collection.empty() ? name.subject : Child(name.subject, name.collection, name.number);
}

std::string Subject(absl::string_view name) {
  const size_t first = name.find('/');
  if (first == name.npos) return "";
  return std::string(name.substr(0, name.find('/', first + 1)));
}

absl::string_view LastSegment(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == name.npos ? name : name.substr(slash + 1);
}

std::string Child(absl::string_view subject, absl::string_view collection, int64_t number) {
  return absl::StrCat(subject, "/", collection, "/", number);
}

std::string Prefix(absl::string_view subject, absl::string_view collection) {
  return absl::StrCat(subject, "/", collection, "/");
}

bool Matches(absl::string_view name, absl::string_view pattern) {
  while (true) {
    const bool last_name = name.find('/') == name.npos, last_pattern = pattern.find('/') == pattern.npos;
    if (last_name != last_pattern) return false;
    if (!SegmentMatches(Take(name), Take(pattern))) return false;
    if (last_name) return true;
  }
}

bool IsPattern(absl::string_view pattern) {
  const Segments parts(pattern);
  if (parts.count != 2 && parts.count != 4) return false;
  if (!IsRoot(parts.at[0]) || !IsVariable(parts.at[1]) || parts.at[1] == "{n}") return false;
  return parts.count == 2 ||
         (parts.at[0] != "identifiers" && IsCollection(parts.at[2]) && parts.at[3] == "{n}");
}

std::string NewPersonId() { return PersonId(identifiers::RandomBytes(kPersonBytes)); }

std::string PersonIdFor(absl::string_view key) { return PersonId(identifiers::Sha256(key)); }

}  // namespace ipb::names
