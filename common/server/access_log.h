// One JSON line per call, written in batches by a thread of its own: a write per call costs too much.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ipb::server {

// What is told of a call. No personal data: names of people are random, bodies are not logged.
struct AccessLine {
  absl::string_view method;
  absl::string_view organisation;
  absl::string_view system;
  absl::string_view actor;
  absl::string_view code;    // "OK", "NOT_FOUND"
  absl::string_view reason;  // of an error
  absl::Duration took;
  bool validate_only = false;
};

// Thread-safe. Lines beyond what may wait are counted, and the count is written instead.
class AccessLog {
 public:
  // Writes to `file`, which the caller keeps open; null writes nowhere.
  explicit AccessLog(std::FILE* file);
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  void Write(const AccessLine& line);

 private:
  void Run();

  std::FILE* const file_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string waiting_;
  int64_t dropped_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ipb::server
