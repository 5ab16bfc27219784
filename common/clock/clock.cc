#include "common/clock/clock.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace ipb::clock {
namespace {

// Several ticks of the slowest kernel clock by which files are stamped (10 ms).
constexpr absl::Duration kTick = absl::Milliseconds(50);

}  // namespace

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::StatusOr<FileClock::Stamp> FileClock::StampOf(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) {
    return absl::NotFoundError(absl::StrCat("the clock file ", path, ": ", std::strerror(errno)));
  }
  return Stamp{info.st_ino, info.st_size, absl::TimeFromTimespec(info.st_mtim)};
}

absl::StatusOr<std::unique_ptr<FileClock>> FileClock::Open(std::string path) {
  std::unique_ptr<FileClock> clock(new FileClock(std::move(path)));
  absl::MutexLock lock(&clock->mutex_);
  absl::Status read = clock->Read();
  if (!read.ok()) return read;
  return clock;
}

absl::Status FileClock::Read() const {
  const absl::StatusOr<Stamp> stamp = StampOf(path_);
  if (!stamp.ok()) return stamp.status();
  if (settled_ && stamp->inode == stamp_.inode && stamp->size == stamp_.size &&
      stamp->modified_time == stamp_.modified_time) {
    return absl::OkStatus();
  }
  std::ifstream file(path_);
  std::stringstream content;
  content << file.rdbuf();
  const std::string text(absl::StripAsciiWhitespace(content.str()));
  absl::Time instant;
  std::string reason;
  if (!file || !absl::ParseTime(absl::RFC3339_full, text, &instant, &reason)) {
    settled_ = false;
    return absl::InvalidArgumentError(
        absl::StrCat("the clock file ", path_, " holds no RFC 3339 instant such as 2026-04-06T09:00:00Z"));
  }
  now_ = instant;
  stamp_ = *stamp;
  settled_ = absl::Now() - stamp->modified_time > kTick;
  return absl::OkStatus();
}

absl::Time FileClock::Now() const {
  absl::MutexLock lock(&mutex_);
  Read().IgnoreError();
  return now_ + std::max(absl::ZeroDuration(), absl::Now() - stamp_.modified_time);
}

}  // namespace ipb::clock
