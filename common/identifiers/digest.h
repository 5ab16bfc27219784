// Digests of bytes.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace ipb::identifiers {

// SHA-256 of the bytes: 32 bytes.
std::string Sha256(absl::string_view bytes);

// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
std::string Sha256Hex(absl::string_view bytes);

}  // namespace ipb::identifiers
