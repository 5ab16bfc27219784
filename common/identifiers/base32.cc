#include "common/identifiers/base32.h"

#include <cstdint>

namespace ipb::identifiers {

std::string Base32(absl::string_view bytes) {
  constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string text;
  text.reserve((bytes.size() * 8 + 4) / 5);
  uint32_t bits = 0;
  int held = 0;
  for (const char byte : bytes) {
    bits = (bits << 8 | static_cast<uint8_t>(byte)) & 0xFFFF;
    for (held += 8; held >= 5; held -= 5) text += kAlphabet[bits >> (held - 5) & 31];
  }
  if (held > 0) text += kAlphabet[bits << (5 - held) & 31];
  return text;
}

}  // namespace ipb::identifiers
