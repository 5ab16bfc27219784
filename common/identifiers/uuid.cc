#include "common/identifiers/uuid.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace ipb::identifiers {
namespace {

constexpr int kUuidBytes = 16;
// The nil UUID is the namespace in which other namespaces are named.
constexpr absl::string_view kNil = "00000000-0000-0000-0000-000000000000";

std::string BytesOf(absl::string_view uuid) {
  std::string digits;
  for (const char c : uuid) {
    if (c != '-') digits += c;
  }
  return absl::HexStringToBytes(digits);
}

// Sixteen bytes as a UUID of a version, in the variant of RFC 9562.
std::string Shape(std::string bytes, int version) {
  bytes.resize(kUuidBytes);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | version << 4);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = absl::BytesToHexString(bytes);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-", hex.substr(16, 4),
                      "-", hex.substr(20));
}

}  // namespace

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

// The generator takes about as long for one byte as for many: a thread asks it for many at a time, and uses
// none twice.
std::string RandomBytes(int count) {
  constexpr size_t kDrawnBytes = 512;
  thread_local std::string drawn;
  const size_t wanted = static_cast<size_t>(count);
  if (drawn.size() < wanted) {
    drawn.resize(std::max(wanted, kDrawnBytes));
    if (RAND_bytes(reinterpret_cast<unsigned char*>(drawn.data()), static_cast<int>(drawn.size())) != 1)
      std::abort();
  }
  std::string bytes = drawn.substr(drawn.size() - wanted);
  drawn.resize(drawn.size() - wanted);
  return bytes;
}

std::string RandomUuid() { return Shape(RandomBytes(kUuidBytes), 4); }

std::string NameUuid(absl::string_view name_space, absl::string_view name) {
  const std::string space = IsUuid(name_space) ? std::string(name_space) : NameUuid(kNil, name_space);
  const std::string input = absl::StrCat(BytesOf(space), name);
  std::string digest(SHA_DIGEST_LENGTH, '\0');
  SHA1(reinterpret_cast<const unsigned char*>(input.data()), input.size(),
       reinterpret_cast<unsigned char*>(digest.data()));
  return Shape(std::move(digest), 5);
}

}  // namespace ipb::identifiers
