// Resource names: the one place that takes them apart and puts them together.
//
//   people/{person}                       a subject: the unit of consistency
//   people/{person}/<collection>/{n}      a resource of the subject
//   paymentRuns/{run}                     a subject
//   uplifts/{uplift}                      a subject
//   identifiers/{claim}                   a subject, without resources below it
//
// {person}, {run}, {uplift} and {claim} are 1 to 64 lower-case letters, digits and dashes, the first not a
// dash. A collection is a lowerCamelCase word. {n} is a number from 1 to 1,000,000,000 without leading zeros.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ipb::names {

constexpr int64_t kMaximumNumber = 1000000000;

// A name in its parts.
struct Name {
  // The first two segments, for example "people/8d2k...".
  std::string subject;
  // The collection within the subject; empty for a subject itself.
  std::string collection;
  // The number within the collection; 0 for a subject itself.
  int64_t number = 0;

  friend bool operator==(const Name& a, const Name& b) {
    return a.subject == b.subject && a.collection == b.collection && a.number == b.number;
  }
};

// Takes a name apart. INVALID_ARGUMENT, without the name, where it has none of the shapes above.
absl::StatusOr<Name> Parse(absl::string_view name);

// The name of which Parse gives these parts.
std::string Format(const Name& name);

// The first two segments of a name that a contract has already checked; empty where there are fewer.
std::string Subject(absl::string_view name);

// The last segment, for example the {person} of a person's name or the {n} of a plan's.
absl::string_view LastSegment(absl::string_view name);

// "<subject>/<collection>/<n>". The parts are not checked.
std::string Child(absl::string_view subject, absl::string_view collection, int64_t number);

// "<subject>/<collection>/", the prefix of every name in a collection.
std::string Prefix(absl::string_view subject, absl::string_view collection);

// Whether a name has the shape of a pattern such as `people/{person}/budgets/{n}`: {n} stands for a number,
// any other word in braces for an identifier, and the rest for itself. Allocates nothing and needs no
// preparation.
bool Matches(absl::string_view name, absl::string_view pattern);

// Whether Matches can ever accept a name for this pattern: known subject, right number of segments, whole
// words.
bool IsPattern(absl::string_view pattern);

// A new {person}: 130 random bits as 26 characters without look-alikes. Thread-safe.
std::string NewPersonId();

// The {person} that belongs to a key, for calls that are safe to repeat: 130 bits of the key's digest, in the
// same form. The same key always gives the same id; nothing of the key can be read from it.
std::string PersonIdFor(absl::string_view key);

}  // namespace ipb::names
