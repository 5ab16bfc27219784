#include "common/constraints/utf8.h"

#include <cstdint>
#include <cstring>

namespace ipb::constraints {
namespace {

bool Continues(unsigned char byte, unsigned char low = 0x80, unsigned char high = 0xBF) {
  return byte >= low && byte <= high;
}

// The length of the well-formed sequence at the start of the bytes; 0 where there is none.
size_t SequenceLength(const unsigned char* at, size_t left) {
  const unsigned char first = at[0];
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return left >= 2 && Continues(at[1]) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned char low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
    return left >= 3 && Continues(at[1], low, high) && Continues(at[2]) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned char low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return left >= 4 && Continues(at[1], low, high) && Continues(at[2]) && Continues(at[3]) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool IsUtf8(absl::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t left = bytes.size();
  while (left > 0) {
    uint64_t word;
    // Eight bytes of ASCII at a time, which is nearly all there is.
    if (left >= sizeof(word)) {
      std::memcpy(&word, at, sizeof(word));
      if ((word & 0x8080808080808080ULL) == 0) {
        at += sizeof(word);
        left -= sizeof(word);
        continue;
      }
    }
    const size_t length = SequenceLength(at, left);
    if (length == 0) return false;
    at += length;
    left -= length;
  }
  return true;
}

}  // namespace ipb::constraints
