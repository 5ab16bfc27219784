// Bytes as text that people can read out: no letter looks like a digit.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace ipb::identifiers {

// Base 32 in lower case with the digits 0-9 and the letters without i, l, o and u (Crockford's alphabet),
// most significant bit first, five bits a character; the last character is filled with zero bits.
std::string Base32(absl::string_view bytes);

}  // namespace ipb::identifiers
