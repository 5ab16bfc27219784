// UUIDs (RFC 9562) in their 36-character form.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace ipb::identifiers {

// Whether the text is 8-4-4-4-12 hexadecimal digits, in either case. Every version and the nil UUID are
// accepted: callers choose how they make theirs.
bool IsUuid(absl::string_view text);

// A random UUID, version 4, in lower case. Thread-safe; ends the process if the system has no randomness.
std::string RandomUuid();

// The UUID, version 5, of a name within a namespace: the same pair always gives the same UUID. `name_space`
// is a UUID; a text that is not one is taken as the name of its own namespace, so that subjects can be
// namespaces.
std::string NameUuid(absl::string_view name_space, absl::string_view name);

// The given number of bytes fit for secrets and identifiers. Thread-safe; ends the process if there are none.
std::string RandomBytes(int count);

}  // namespace ipb::identifiers
