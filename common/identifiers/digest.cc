#include "common/identifiers/digest.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"

namespace ipb::identifiers {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// A context that knows the algorithm: to look it up takes as long as to digest a short text.
EVP_MD_CTX* NewSha256() {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  if (context == nullptr || EVP_DigestInit_ex2(context, EVP_sha256(), nullptr) != 1) std::abort();
  return context;
}

}  // namespace

std::string Sha256(absl::string_view bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(NewSha256());
  std::string digest(EVP_MD_get_size(EVP_sha256()), '\0');
  const bool done =
      EVP_DigestInit_ex2(context.get(), nullptr, nullptr) == 1 &&
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
      EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1;
  if (!done) std::abort();
  return digest;
}

std::string Sha256Hex(absl::string_view bytes) { return absl::BytesToHexString(Sha256(bytes)); }

}  // namespace ipb::identifiers
