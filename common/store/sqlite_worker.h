// A thread that works through a bounded queue of jobs on one connection, many jobs in one transaction.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/store/sqlite_connection.h"

namespace ipb::store::sqlite {

class Job {
 public:
  virtual ~Job() = default;
  // Does the job within the transaction under way and keeps the result.
  virtual void Run(Connection& connection) = 0;
  // Gives the result, or the error if it is one, to who waits. What is to be posted to the executor.
  virtual absl::AnyInvocable<void()> Finish(const absl::Status& error) = 0;

  const void* owner = nullptr;  // the store it is of
  size_t bytes = 0;             // how much it holds in memory, about
};

template <typename T>
class JobOf : public Job {
 public:
  JobOf(async::Completion<absl::StatusOr<T>> completion,
        absl::AnyInvocable<absl::StatusOr<T>(Connection&)> work)
      : completion_(std::move(completion)), work_(std::move(work)) {}

  void Run(Connection& connection) override { result_.emplace(work_(connection)); }
  absl::AnyInvocable<void()> Finish(const absl::Status& error) override {
    return completion_.SetLater(error.ok() ? *std::move(result_) : absl::StatusOr<T>(error));
  }

 private:
  async::Completion<absl::StatusOr<T>> completion_;
  absl::AnyInvocable<absl::StatusOr<T>(Connection&)> work_;
  std::optional<absl::StatusOr<T>> result_;
};

// Thread-safe. Each transaction begins after its jobs were submitted, so it sees all that was acknowledged
// before; results are given after it has been committed.
class Worker {
 public:
  // `begin` is the statement that begins a transaction.
  Worker(std::unique_ptr<Connection> connection, const char* begin, async::Executor* executor);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // RESOURCE_EXHAUSTED if too much is waiting, UNAVAILABLE if stopped.
  absl::Status Submit(std::unique_ptr<Job> job);
  // Ends the jobs of an owner that are still waiting.
  void Cancel(const void* owner);
  // Ends the jobs that are still waiting, and joins the thread.
  void Stop();

 private:
  using Jobs = std::vector<std::unique_ptr<Job>>;

  void Run();
  Jobs Take();
  void Work(const Jobs& jobs);
  void FinishAll(const Jobs& jobs, const absl::Status& error);

  const std::unique_ptr<Connection> connection_;
  const char* const begin_;
  async::Executor* const executor_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Job>> waiting_;
  size_t waiting_bytes_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ipb::store::sqlite
