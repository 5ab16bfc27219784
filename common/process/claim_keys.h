// The secrets that name identifier claims.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/identifiers/claim.h"

namespace ipb::process {

// Reads a file of lines "ID:HEX", the current key first, older ones below it for as long as claims named by them are
// being rewritten. Without a file, a fixed key for local use: what it names can
// be guessed by anyone who has this source. INVALID_ARGUMENT names the file and line of what is wrong, not the secret.
absl::StatusOr<std::unique_ptr<identifiers::Claims>> ReadClaimKeys(const std::string& file);

}  // namespace ipb::process
