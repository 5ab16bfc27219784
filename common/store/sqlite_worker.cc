#include "common/store/sqlite_worker.h"

#include <algorithm>
#include <iterator>

#include "common/errors/errors.h"

namespace ipb::store::sqlite {
namespace {

constexpr size_t kMaximumWaiting = 8192;
constexpr size_t kMaximumWaitingBytes = 256 << 20;
// Of one transaction: what comes later is not held up for long, and readers do not pin old snapshots.
constexpr size_t kMaximumBatch = 512;
constexpr size_t kMaximumBatchBytes = 32 << 20;

}  // namespace

Worker::Worker(std::unique_ptr<Connection> connection, const char* begin, async::Executor* executor)
    : connection_(std::move(connection)), begin_(begin), executor_(executor), thread_([this] { Run(); }) {}

Worker::~Worker() { Stop(); }

absl::Status Worker::Submit(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return errors::StoreUnavailable("it is closed");
    if (waiting_.size() >= kMaximumWaiting) return errors::TooBusy("calls waiting for the store");
    if (waiting_bytes_ + job->bytes > kMaximumWaitingBytes)
      return errors::TooBusy("bytes waiting for the store");
    waiting_bytes_ += job->bytes;
    waiting_.push_back(std::move(job));
  }
  wake_.notify_one();
  return absl::OkStatus();
}

void Worker::Cancel(const void* owner) {
  Jobs cancelled;
  {
    const std::lock_guard lock(mutex_);
    const auto first = std::stable_partition(waiting_.begin(), waiting_.end(),
                                             [&](const auto& job) { return job->owner != owner; });
    for (auto job = first; job != waiting_.end(); ++job) {
      waiting_bytes_ -= (*job)->bytes;
      cancelled.push_back(std::move(*job));
    }
    waiting_.erase(first, waiting_.end());
  }
  FinishAll(cancelled, errors::StoreUnavailable("it is closed"));
}

void Worker::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  FinishAll({std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end())},
            errors::StoreUnavailable("it is closed"));
  waiting_.clear();
}

void Worker::Run() {
  while (true) {
    const Jobs jobs = Take();
    if (jobs.empty()) return;
    Work(jobs);
    connection_->Checkpoint();
  }
}

Worker::Jobs Worker::Take() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  Jobs jobs;
  if (stopping_) return jobs;
  size_t bytes = 0;
  while (!waiting_.empty() && jobs.size() < kMaximumBatch && bytes < kMaximumBatchBytes) {
    bytes += waiting_.front()->bytes;
    jobs.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  waiting_bytes_ -= bytes;
  return jobs;
}

void Worker::Work(const Jobs& jobs) {
  connection_->Execute(begin_);
  for (const auto& job : jobs) {
    if (!connection_->ok()) break;
    job->Run(*connection_);
  }
  connection_->Execute("COMMIT");
  const absl::Status error = connection_->TakeError();
  if (!error.ok()) connection_->Rollback();
  FinishAll(jobs, error);
}

void Worker::FinishAll(const Jobs& jobs, const absl::Status& error) {
  std::vector<absl::AnyInvocable<void()>> resumptions;
  for (const auto& job : jobs) {
    absl::AnyInvocable<void()> resumption = job->Finish(error);
    if (resumption) resumptions.push_back(std::move(resumption));
  }
  if (!resumptions.empty()) executor_->PostAll(std::move(resumptions));
}

}  // namespace ipb::store::sqlite
