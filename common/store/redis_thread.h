// A thread with a libev loop on which connections to Redis live: one wake-up serves all that have something
// to do.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct ev_loop;

namespace ipb::store {

class RedisThread {
 public:
  RedisThread();
  // Joins the thread. What used its loop has stopped its events before.
  ~RedisThread();
  RedisThread(const RedisThread&) = delete;
  RedisThread& operator=(const RedisThread&) = delete;

  // Its events are started and stopped on the thread only.
  struct ev_loop* loop() {
    return loop_;
  }

  // Runs the work on the thread, soon, and returns when it has run. Thread-safe; not to be called on the
  // thread.
  void RunOn(std::function<void()> work);

 private:
  struct Events;

  void Run();
  void Take();

  std::mutex mutex_;
  std::vector<std::function<void()>> work_;  // mutex_
  bool ending_ = false;                      // mutex_
  struct ev_loop* const loop_;
  const std::unique_ptr<Events> events_;
  std::thread thread_;
};

}  // namespace ipb::store
