// Finishing what spans services, subjects or time. A commit enqueues a work item in its own subject
// (call::Subject::Enqueue); the worker of that service claims it when it is due, runs its job, and tries again later,
// with longer waits, until the job is done. Two workers may run the same item: a job's outgoing calls carry request ids
// made from the item, and its own commit removes the item, so that it takes effect once.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/async/task.h"
#include "common/call/call.h"

namespace ipb::work {

// How long a claimed item is left alone by other workers.
inline constexpr absl::Duration kLease = absl::Seconds(10);
// How often due items are looked for when nobody says that there are any.
inline constexpr absl::Duration kPollInterval = absl::Milliseconds(500);
// Waits after failures: doubling from the first to the last.
inline constexpr absl::Duration kFirstWait = absl::Milliseconds(500);
inline constexpr absl::Duration kLongestWait = absl::Minutes(10);
// Items claimed at once by one worker.
inline constexpr size_t kBatch = 64;

// One item, as its job sees it.
struct Item {
  std::string subject;
  std::string id;
  state::v1::WorkItem content;
  // The request id of the n-th outgoing call of this item: the same on every try, by every worker.
  std::string RequestId(int n) const;
};

// Does the work. Runs as the caller who asked for it, by way of a Call of its own. Must commit the item's removal
// (Subject::FinishWork) with what it changes; OK means that this was done. Any error: it is tried again later.
struct Job {
  std::string kind;
  std::function<async::Task<absl::Status>(call::Call&, Item)> run;
};

// Adds to the subject the work item that a call asks for, on behalf of its caller, due at `due`.
void Enqueue(const call::Call& call, call::Subject& subject, absl::string_view id, absl::string_view kind,
             const std::string& payload, absl::Time due);

// One a service and process. Thread-safe.
class Worker final : public call::WorkRunner {
 public:
  Worker(const call::Environment& environment, std::vector<Job> jobs);
  ~Worker() override;

  // Looks for due items now and then, until Stop.
  void Start();
  // Runs what is due now, once; gives how many items were finished. For tests, and for a handler that wants its own
  // item tried at once.
  async::Task<absl::StatusOr<int>> RunDue();
  // Tries one item now, whoever has claimed it. OK also where it is gone.
  async::Task<absl::Status> RunNow(std::string subject, std::string id) override;
  // Claims nothing new and waits until what runs has ended.
  void Stop();

 private:
  struct Loop;
  async::Task<absl::StatusOr<bool>> Claim(std::string subject, std::string record);
  async::Task<absl::Status> Run(Item item);
  async::Task<absl::Status> Postpone(Item item, absl::Status failure);

  const call::Environment& environment_;
  const std::vector<Job> jobs_;
  std::shared_ptr<Loop> loop_;
};

}  // namespace ipb::work
