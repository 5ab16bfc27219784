#include "common/process/open_store.h"

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/store/redis_store.h"
#include "common/store/sqlite_store.h"

namespace ipb::process {

absl::StatusOr<std::unique_ptr<store::Engine>> OpenStore(const Flags& flags, async::Executor* executor) {
  absl::string_view place = flags.store;
  if (absl::ConsumePrefix(&place, "sqlite:")) return store::OpenSqlite(std::string(place), executor);
  uint32_t port = 0;
  if (absl::ConsumePrefix(&place, "redis://") && place.rfind(':') != place.npos &&
      absl::SimpleAtoi(place.substr(place.rfind(':') + 1), &port) && port > 0 && port < 65536) {
    store::RedisOptions options;
    options.replicas = flags.store_replicas;
    options.allow_losing_acknowledged_writes = flags.allow_losing_acknowledged_writes;
    return store::OpenRedis(std::string(place.substr(0, place.rfind(':'))), static_cast<int>(port), executor, options);
  }
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
