#include "common/identifiers/claim.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/identifiers/base32.h"

namespace ipb::identifiers {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kIdBytes = 64;

std::string Hmac(absl::string_view secret, absl::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
            reinterpret_cast<unsigned char*>(digest.data()), &size)) {
    std::abort();
  }
  digest.resize(size);
  return digest;
}

// Each part with its length before it, so that no two different lists of parts have the same text.
std::string Framed(std::initializer_list<absl::string_view> parts) {
  std::string text;
  for (const absl::string_view part : parts) absl::StrAppend(&text, part.size(), ":", part);
  return text;
}

std::string NameBy(const ClaimKey& key, const Identifier& identifier) {
  const std::string text = Framed({key.id, identifier.kind, identifier.issuer, identifier.value});
  return absl::StrCat("identifiers/", Base32(Hmac(key.secret, text)));
}

}  // namespace

absl::StatusOr<Claims> Claims::Create(std::vector<ClaimKey> keys, absl::string_view current_id) {
  for (const ClaimKey& key : keys) {
    if (key.id.empty() || key.id.size() > kIdBytes) {
      return absl::InvalidArgumentError("the id of a claim key is 1 to 64 bytes");
    }
    if (key.secret.size() < kSecretBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("the secret of claim key ", key.id, " has under 32 bytes"));
    }
    const auto same = [&](const ClaimKey& other) { return other.id == key.id; };
    if (std::count_if(keys.begin(), keys.end(), same) > 1) {
      return absl::InvalidArgumentError(absl::StrCat("the claim key ", key.id, " is given twice"));
    }
  }
  const auto current =
      std::find_if(keys.begin(), keys.end(), [&](const ClaimKey& key) { return key.id == current_id; });
  if (current == keys.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the current claim key ", current_id, " is not among the keys"));
  }
  std::rotate(keys.begin(), current, current + 1);
  return Claims(std::move(keys));
}

std::string Claims::Name(const Identifier& identifier) const { return NameBy(keys_.front(), identifier); }

std::vector<std::string> Claims::Names(const Identifier& identifier) const {
  std::vector<std::string> names;
  for (const ClaimKey& key : keys_) names.push_back(NameBy(key, identifier));
  return names;
}

}  // namespace ipb::identifiers
