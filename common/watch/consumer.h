// Following the changes of another service: every change is handled at least once, in order for each person,
// from where this service left off, whatever ends in between.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/async/task.h"
#include "common/call/call.h"
#include "common/client/change_stream.h"

namespace ipb::watch {

// Waits after a failure, doubling from the first to the longest.
inline constexpr absl::Duration kFirstWait = absl::Milliseconds(100);
inline constexpr absl::Duration kLongestWait = absl::Seconds(10);
// Changes of different people that are handled at the same time.
inline constexpr size_t kLanes = 8;

// Handles one change; runs for several people at once, and again for changes it has seen. Any error: the same
// change is handled again later, and those of the same batch wait; so whatever concerns one person alone is
// better left to a work item, and only what concerns all, such as a service that is away, given back.
using Handler = std::function<async::Task<absl::Status>(v1::Change)>;

// What is followed, by whom.
struct Subscription {
  std::string consumer;  // names the cursor; unique within the following service: "plans"
  std::string source;    // the service that is followed: "careplanning"
  Handler handle;
};

// A call that a service makes on its own behalf; `purpose` is what its history says of it, "watch/plans".
call::Caller ServiceItself(const call::Environment& environment);
call::RequestInfo Watching(absl::string_view purpose);

// One subscription of one process. Its cursor is the record "." of the subject `consumers/{consumer}` in the
// service's own store, replaced after each batch and without history, so that it stays one record. Where
// several processes follow under one name, each handles every change. Changes to the followed service's own
// cursors, as stores of before may have, are passed over. Thread-safe.
class Consumer {
 public:
  // `environment` must outlive it; `changes` must be connected before Start, or it follows nothing.
  Consumer(const call::Environment& environment, std::shared_ptr<client::Peer<v1::ChangesService>> changes,
           Subscription subscription);
  // Stops.
  ~Consumer();
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  // Begins to follow; once.
  void Start();
  // Ends the stream, lets handlers under way end, and returns when nothing runs any more. Not on the
  // executor's threads.
  void Stop();

 private:
  struct Life;
  async::Task<void> Run();
  async::Task<absl::Status> Follow(std::string cursor, int* failures);
  async::Task<bool> HandleAll(const v1::WatchResponse& batch);
  async::Task<bool> HandleLane(std::vector<const v1::Change*> lane);
  async::Task<bool> HandleOne(const v1::Change& change);
  async::Task<absl::StatusOr<std::string>> LoadCursor();
  async::Task<absl::Status> SaveCursor(std::string cursor);
  // Waits; false where it is time to stop.
  async::Task<bool> Pause(int failures);

  const call::Environment& environment_;
  const std::shared_ptr<client::Peer<v1::ChangesService>> changes_;
  const Subscription subscription_;
  const std::string subject_;
  const std::shared_ptr<Life> life_;
};

}  // namespace ipb::watch
