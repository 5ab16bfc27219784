#include "common/process/open_store.h"

#include <cstdio>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/store/sqlite_store.h"

namespace ipb::process {

absl::StatusOr<std::unique_ptr<store::Engine>> OpenStore(const Flags& flags, async::Executor* executor) {
  absl::string_view place = flags.store;
  if (absl::ConsumePrefix(&place, "sqlite:")) return store::OpenSqlite(std::string(place), executor);
  return absl::InvalidArgumentError(
      absl::StrCat("--store=", flags.store, ": give sqlite:FILE or redis://HOST:PORT"));
}

absl::StatusOr<std::unique_ptr<server::AccessLog>> OpenAccessLog(const std::string& file) {
  if (file.empty()) return std::make_unique<server::AccessLog>(nullptr);
  if (file == "-") return std::make_unique<server::AccessLog>(stdout);
  std::FILE* opened = std::fopen(file.c_str(), "ae");
  if (opened == nullptr) return absl::InvalidArgumentError(absl::StrCat("--access_log=", file, ": cannot be opened"));
  return std::make_unique<server::AccessLog>(opened);
}

}  // namespace ipb::process
