// Whether bytes are text.
#pragma once

#include "absl/strings/string_view.h"

namespace ipb::constraints {

// Whether the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
// U+10FFFF).
bool IsUtf8(absl::string_view bytes);

}  // namespace ipb::constraints
