// Claims: an identifier, such as an NHS number, as the name of a subject from which nobody without the key
// can tell the identifier. The subject points to the person whom the identifier is of.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ipb::identifiers {

// A secret by which claims are named. Old keys stay while claims named by them are being rewritten.
struct ClaimKey {
  // 1 to 64 bytes, for example "2026-1". Not secret; never used again for another secret.
  std::string id;
  // At least 32 random bytes.
  std::string secret;
};

// What is claimed.
struct Identifier {
  // The system it is from, for example the name of the contract's IdentifierKind.
  absl::string_view kind;
  // The code of the organisation whose identifier it is; empty where the kind is national, as for NHS
  // numbers.
  absl::string_view issuer;
  // The value in its one canonical form.
  absl::string_view value;
};

// Names claims. Immutable and thread-safe.
class Claims {
 public:
  // The current key is the one with `current_id`. INVALID_ARGUMENT where it is missing, an id is empty, too
  // long or used twice, or a secret is too short.
  static absl::StatusOr<Claims> Create(std::vector<ClaimKey> keys, absl::string_view current_id);

  // `identifiers/{claim}` by the current key: HMAC-SHA-256 of key id, kind, issuer and value, in base 32.
  std::string Name(const Identifier& identifier) const;

  // The names by every key, the current one first: where an identifier may be found while keys rotate. Whoever finds a
  // claim under another than the first rewrites it under the first.
  std::vector<std::string> Names(const Identifier& identifier) const;

 private:
  explicit Claims(std::vector<ClaimKey> keys) : keys_(std::move(keys)) {}
  std::vector<ClaimKey> keys_;
};

}  // namespace ipb::identifiers
