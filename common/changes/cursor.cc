#include "common/changes/cursor.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/errors/errors.h"

namespace ipb::changes {
namespace {

constexpr char kSeparator = '|';

// Names the cursor's content for one caller and service; without the server's secret nobody can make it.
std::string Seal(const identifiers::Claims& claims, const call::Caller& caller, const std::string& service,
                 const std::string& content) {
  const std::string value = absl::StrCat(service, "|", caller.system, "|", content);
  return claims.Name({"watch-cursor", caller.organisation, value});
}

}  // namespace

std::string WriteCursor(const identifiers::Claims& claims, const call::Caller& caller, const std::string& service,
                        const store::Cursor& cursor) {
  const std::string content =
      absl::StrCat(cursor.epoch, std::string(1, kSeparator), absl::StrJoin(cursor.positions, "|"));
  return absl::WebSafeBase64Escape(absl::StrCat(Seal(claims, caller, service, content), "|", content));
}

absl::StatusOr<store::Cursor> ReadCursor(const identifiers::Claims& claims, const call::Caller& caller,
                                         const std::string& service, const std::string& text) {
  std::string plain;
  absl::WebSafeBase64Unescape(text, &plain);
  const size_t end_of_seal = plain.find(kSeparator);
  const std::string content = end_of_seal == plain.npos ? "" : plain.substr(end_of_seal + 1);
  if (content.empty() || plain.substr(0, end_of_seal) != Seal(claims, caller, service, content)) {
    return errors::InvalidField("cursor", "is not a cursor that this service gave you");
  }
  std::vector<std::string> parts = absl::StrSplit(content, kSeparator);
  store::Cursor cursor;
  cursor.epoch = parts.front();
  cursor.positions.assign(parts.begin() + 1, parts.end());
  return cursor;
}

}  // namespace ipb::changes
