// Opening what the flags name: the engine of durable state and the access log.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/async/executor.h"
#include "common/server/access_log.h"
#include "common/process/flags.h"
#include "common/store/store.h"

namespace ipb::process {

// sqlite:FILE, sqlite::memory: or redis://HOST:PORT. INVALID_ARGUMENT for anything else; else as the engine says.
absl::StatusOr<std::unique_ptr<store::Engine>> OpenStore(const Flags& flags, async::Executor* executor);

// A file, "-" for standard output, or nothing.
absl::StatusOr<std::unique_ptr<server::AccessLog>> OpenAccessLog(const std::string& file);

}  // namespace ipb::process
