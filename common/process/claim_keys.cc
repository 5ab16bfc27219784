#include "common/process/claim_keys.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"

namespace ipb::process {
namespace {

constexpr char kLocalKey[] = "only for local use, known to all";

}  // namespace

absl::StatusOr<std::unique_ptr<identifiers::Claims>> ReadClaimKeys(const std::string& file) {
  std::vector<identifiers::ClaimKey> keys;
  if (file.empty()) {
    keys.push_back({"local", kLocalKey});
  } else {
    std::ifstream lines(file);
    if (!lines) return absl::InvalidArgumentError(absl::StrCat(file, ": cannot be read"));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      if (line.empty()) continue;
      const size_t colon = line.find(':');
      const std::string hex = colon == line.npos ? "" : line.substr(colon + 1);
      if (hex.empty() || hex.size() % 2 != 0 || !std::all_of(hex.begin(), hex.end(), absl::ascii_isxdigit)) {
        return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": a line is ID:HEX"));
      }
      keys.push_back({line.substr(0, colon), absl::HexStringToBytes(hex)});
    }
    if (keys.empty()) return absl::InvalidArgumentError(absl::StrCat(file, ": holds no key"));
  }
  const std::string current = keys.front().id;
  IPB_ASSIGN_OR_RETURN(identifiers::Claims claims, identifiers::Claims::Create(std::move(keys), current));
  return std::make_unique<identifiers::Claims>(std::move(claims));
}

}  // namespace ipb::process
