// The calls of one store that are under way, so that Close can wait for them.
#pragma once

#include <condition_variable>
#include <mutex>

namespace ipb::store {

// Thread-safe.
class InFlight {
 public:
  // False if closed.
  bool Enter() {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++count_;
    return true;
  }
  void Leave() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  // From now on Enter gives false.
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  void WaitForNone() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int count_ = 0;
  bool closed_ = false;
};

}  // namespace ipb::store
