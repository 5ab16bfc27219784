// The clock, injected wherever a present instant is needed, so that journeys and tests can say what time it
// is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace ipb::clock {

// Says what time it is. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock.
class SystemClock : public Clock {
 public:
  absl::Time Now() const override;
};

// A clock that stands still at the RFC 3339 instant that a file holds, for example `2026-04-06T09:00:00Z`,
// until the file is written again; the next Now() after a write sees it. For journeys that step time through
// real processes.
//
// A file that is missing or malformed after the start leaves the clock where it was: writers need not be
// atomic.
class FileClock : public Clock {
 public:
  // NOT_FOUND where the file cannot be read, INVALID_ARGUMENT where it holds no instant.
  static absl::StatusOr<std::unique_ptr<FileClock>> Open(std::string path);

  // One stat per call, and a read where the file may have changed.
  absl::Time Now() const override;

 private:
  // What tells one content of the file from another.
  struct Stamp {
    uint64_t inode = 0;
    int64_t size = 0;
    absl::Time modified_time;
  };

  explicit FileClock(std::string path) : path_(std::move(path)) {}
  absl::Status Read() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static absl::StatusOr<Stamp> StampOf(const std::string& path);

  const std::string path_;
  mutable absl::Mutex mutex_;
  mutable absl::Time now_ ABSL_GUARDED_BY(mutex_);
  mutable Stamp stamp_ ABSL_GUARDED_BY(mutex_);
  // A file modified just before it was read may be modified again within one tick of the file system's clock,
  // with the same stamp; until it is older than that it is read at each call.
  mutable bool settled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace ipb::clock
