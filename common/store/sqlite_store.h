// The embedded engine: one SQLite file, or memory. For development, for tests and for one small process in
// production.
//
// Commits that wait are written together and made durable by one fsync (WAL, synchronous=FULL). Reads have a
// thread and snapshots of their own. When the disk is full or fails, commits are UNAVAILABLE and none is
// half-written.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "common/async/executor.h"
#include "common/store/store.h"

namespace ipb::store {

struct SqliteOptions {
  // Called on the engine's thread, for Change.time and the age of replies.
  std::function<absl::Time()> now = absl::Now;
};

// Opens a file, or ":memory:". The executor must outlive the engine's Close. FAILED_PRECONDITION, saying why,
// if the file is of another kind, schema version or number of partitions; UNAVAILABLE if it cannot be opened
// or made.
absl::StatusOr<std::unique_ptr<Engine>> OpenSqlite(std::string file, async::Executor* executor,
                                                   SqliteOptions options = {});

}  // namespace ipb::store
