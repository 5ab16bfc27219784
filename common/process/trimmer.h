// Letting go of what a service has kept long enough: changes, and the bodies of remembered replies. How long
// that is, is policy (RetentionPolicy); histories, resources and decisions are never trimmed.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/server/adapter.h"
#include "ipb/v1/retention_policy.pb.h"

namespace ipb::process {

// One a service and process; several processes may trim one store at the same time. Thread-safe.
class Trimmer {
 public:
  // `serving` must outlive it.
  explicit Trimmer(const server::Serving& serving);
  // Stops.
  ~Trimmer();
  Trimmer(const Trimmer&) = delete;
  Trimmer& operator=(const Trimmer&) = delete;

  // Runs rounds at intervals until Stop; once.
  void Start();
  // One round, of a bounded number of steps: true where more may be left. FAILED_PRECONDITION "no rate for"
  // where policy says of some kind not how long it is kept today, after a round over the other kinds.
  async::Task<absl::StatusOr<bool>> RunRound();
  // Begins no new step, and returns when nothing runs any more; the timer must be closed. Not on the
  // executor's threads.
  void Stop();

 private:
  // What the clock and the time of day were at the same moment.
  struct Moment {
    absl::Time clock;
    absl::Time day;
  };

  // What one round came to.
  struct Round {
    absl::Status status;
    int64_t trimmed = 0;
    bool more = false;  // more may be left
  };

  async::Task<void> RunRounds();
  async::Task<Round> Trim(absl::Time changes_before, absl::Time replies_before);
  absl::StatusOr<absl::Time> KeptFrom(v1::RetainedKind kind, absl::Time now);
  void Remember(const Moment& now);
  absl::Time DayAt(absl::Time clock);
  bool Stopping();

  const server::Serving& serving_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  bool stopping_ = false;
  std::deque<Moment> moments_;
};

}  // namespace ipb::process
