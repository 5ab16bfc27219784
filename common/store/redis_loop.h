// Commands to one Redis server over one connection: it pipelines whatever callers hand it, reconnects by
// itself, and sees to it that every command ends. Several may share a thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/completion.h"
#include "common/async/executor.h"
#include "common/store/redis_thread.h"
#include "common/store/redis_wire.h"

namespace ipb::store {

// A group of calls that is closed together.
struct Session {
  std::atomic<bool> closed{false};
  // Commands handed to a loop whose callers have not been resumed yet. Notified when it reaches 0.
  std::atomic<int> under_way{0};
};

// One exchange after connecting, before the connection is used.
struct PrimingStep {
  Command command;
  // OK goes on with the next step. FAILED_PRECONDITION means that this server must not be used as it is.
  std::function<absl::Status(const redisReply& reply)> check;
};

struct RedisLoopOptions {
  std::string host = "127.0.0.1";
  int port = 6379;
  absl::Duration deadline = absl::Seconds(5);       // of a command, from Submit to its end
  absl::Duration connect_limit = absl::Seconds(2);  // from connecting to ready
  absl::Duration silence_limit =
      absl::Seconds(3);  // without a reply while one is due: the connection is dropped
  absl::Duration ping_interval = absl::Seconds(1);  // without commands: a PING
  absl::Duration backoff_minimum = absl::Milliseconds(20);
  absl::Duration backoff_maximum = absl::Seconds(1);
  absl::Duration replicas_limit = absl::Seconds(1);  // to wait for the replicas; less than silence_limit
  int replicas = 0;                                  // that must have a durable command before it is answered
  size_t maximum_calls = 8192;                       // handed over and not ended
  size_t maximum_bytes = 128 << 20;                  // of those; one call is always accepted
  absl::string_view function_library;                // loaded again when a function is missing
};

class RedisLoop {
 public:
  // One reply for each command.
  using Result = absl::StatusOr<std::vector<Reply>>;

  struct Call {
    absl::InlinedVector<Command, 1> commands;
    // Safe to send again when its outcome is unknown: done, within the deadline, before it ends as
    // UNAVAILABLE.
    bool resubmit = false;
    // Answered only when `replicas` replicas have all that was written before its reply.
    bool durable = false;
  };

  // `steps` is called on the thread, which must outlive it, for each new connection.
  RedisLoop(RedisThread& thread, RedisLoopOptions options, std::function<std::vector<PrimingStep>()> steps,
            async::Executor* executor);
  ~RedisLoop();

  // Waits for the first Ready. FAILED_PRECONDITION if the server must not be used, UNAVAILABLE if time runs
  // out.
  absl::Status WaitReady(absl::Duration limit);

  // Thread-safe, never blocks. Ends with the replies (which may be errors of Redis), RESOURCE_EXHAUSTED at
  // once when too much is under way, or UNAVAILABLE: at once while there is no connection, else when the
  // outcome is unknown.
  async::Completion<Result> Submit(Call call, std::shared_ptr<Session> session);

  // OK while commands can be sent, else why not.
  absl::Status Ready();

  // Ends the calls of closed sessions soon after.
  void EndClosed();

  // Ends all calls; nothing of it happens on the thread any more.
  void Close();

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace ipb::store
