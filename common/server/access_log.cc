#include "common/server/access_log.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/server/limits.h"

namespace ipb::server {
namespace {

constexpr std::chrono::milliseconds kFlushInterval(200);

// Identities come from metadata: only plain characters go into the log, so that no line can be forged.
void AppendPlain(std::string& out, absl::string_view text) {
  for (char c : text) out.push_back(c >= ' ' && c != '"' && c != '\\' && c < 127 ? c : '?');
}

void AppendField(std::string& out, absl::string_view name, absl::string_view value) {
  absl::StrAppend(&out, ",\"", name, "\":\"");
  AppendPlain(out, value);
  out.push_back('"');
}

}  // namespace

AccessLog::AccessLog(std::FILE* file) : file_(file), thread_([this] { Run(); }) {}

AccessLog::~AccessLog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void AccessLog::Write(const AccessLine& line) {
  if (file_ == nullptr) return;
  std::string text = absl::StrCat("{\"time_us\":", absl::ToUnixMicros(absl::Now()),
                                  ",\"took_us\":", absl::ToInt64Microseconds(line.took));
  AppendField(text, "method", line.method);
  AppendField(text, "organisation", line.organisation);
  AppendField(text, "system", line.system);
  AppendField(text, "actor", line.actor);
  AppendField(text, "code", line.code);
  if (!line.reason.empty()) AppendField(text, "reason", line.reason);
  absl::StrAppend(&text, line.validate_only ? ",\"validate_only\":true}\n" : "}\n");
  const std::lock_guard lock(mutex_);
  if (waiting_.size() + text.size() > kMaximumLogBytes) {
    ++dropped_;
  } else {
    waiting_ += text;
  }
}

void AccessLog::Run() {
  std::unique_lock lock(mutex_);
  bool last = false;
  while (!last) {
    wake_.wait_for(lock, kFlushInterval, [this] { return stopping_; });
    last = stopping_;
    std::string batch;
    batch.swap(waiting_);
    if (dropped_ > 0) absl::StrAppend(&batch, "{\"dropped_lines\":", dropped_, "}\n");
    dropped_ = 0;
    lock.unlock();
    if (file_ != nullptr && !batch.empty()) {
      std::fwrite(batch.data(), 1, batch.size(), file_);
      std::fflush(file_);
    }
    lock.lock();
  }
}

}  // namespace ipb::server
