#include "common/async/executor.h"

#include <utility>

namespace ipb::async {

Executor::Executor(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Executor::~Executor() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Executor::Post(absl::AnyInvocable<void()> work) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      queue_.push_back(std::move(work));
      work = nullptr;
      wake = WantsAnother();
    }
  }
  if (work) return work();
  if (wake) wake_.notify_one();
}

void Executor::PostAll(std::vector<absl::AnyInvocable<void()>> work) {
  if (work.empty()) return;
  if (work.size() == 1) return Post(std::move(work.front()));
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      for (auto& one : work) queue_.push_back(std::move(one));
      work.clear();
      wake = WantsAnother();
    }
  }
  for (auto& one : work) one();
  if (wake) wake_.notify_one();
}

bool Executor::WantsAnother() const { return queue_.size() > kPiecesAThread * running_; }

void Executor::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopped_ || !queue_.empty() || (stopping_ && running_ == 0); });
    if (queue_.empty()) break;
    absl::AnyInvocable<void()> work = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    const bool wake = WantsAnother();
    lock.unlock();
    if (wake) wake_.notify_one();
    work();
    work = nullptr;
    lock.lock();
    --running_;
  }
  stopped_ = true;
  wake_.notify_all();
}

}  // namespace ipb::async
