// Notices that a store has new changes, for all who watch it: one poll, however many watch.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "common/async/timer.h"
#include "common/store/store.h"

namespace ipb::changes {

// Thread-safe. Polls only while somebody waits. Must outlive its waiters; Close before the store closes.
class Tailer {
 public:
  Tailer(store::Store* store, async::Timer* timer);
  ~Tailer();

  // A wait that ends with new changes or after `longest`. Take it before looking at the store, so that a change between
  // the look and the wait is not missed.
  async::Completion<async::Wake> Wait(std::chrono::milliseconds longest);
  // Ends all waits as kClosed, now and from now on, and polls no more.
  void Close();

 private:
  struct State;
  static async::Task<void> Poll(std::shared_ptr<State> state);
  const std::shared_ptr<State> state_;
};

}  // namespace ipb::changes
