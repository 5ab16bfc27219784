// Compares a reply with what a journey expects of it.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/journeys/player/json.h"

namespace ipb::journey {

// The value at a path such as `components[0].weekly_pence`, or null where there is none.
const Json* Find(const Json& json, absl::string_view path);

// What is different, each as one sentence that begins with its path; empty where the reply is as expected.
//
// Objects match partially: only the fields that are written are compared. Lists match element by element. A
// whole number matches its text, as protobuf writes 64-bit integers as text. An object with one of these
// words is a condition: `$contains` (elements that are somewhere in the list), `$size`, `$empty` (true or
// false; unset, zero, no text and no elements are all empty), `$matches` (a regular expression found in the
// text), `$at_least` and
// `$at_most` (whole numbers, or text in the order of its bytes, which is the order of ISO dates).
std::vector<std::string> Differences(const Json& expected, const Json& actual);

}  // namespace ipb::journey
