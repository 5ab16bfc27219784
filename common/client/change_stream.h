// Reading another service's changes as they are committed (ChangesService.Watch), by a coroutine.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/async/timer.h"
#include "common/client/peer.h"
#include "ipb/v1/changes_service.grpc.pb.h"

namespace ipb::client {

// A stream that is silent for longer is given up; its server says something three times as often.
inline constexpr absl::Duration kLongestSilence = absl::Seconds(60);

// One stream, opened by the service for itself. Next and Finish belong to one coroutine; Cancel is for any
// thread.
class ChangeStream {
 public:
  // `changes` must be configured, and outlive the stream as `timer` must.
  ChangeStream(const Peer<v1::ChangesService>& changes, async::Executor* executor, async::Timer* timer,
               const v1::WatchRequest& request);
  ~ChangeStream();
  ChangeStream(const ChangeStream&) = delete;
  ChangeStream& operator=(const ChangeStream&) = delete;

  // The next batch, or nothing once the stream has ended, was cancelled or has been silent for too long.
  async::Task<std::optional<v1::WatchResponse>> Next();
  // Ends the stream if it has not ended, and says why it did; never OK. Nothing of it runs after that. Once,
  // at last.
  async::Task<absl::Status> Finish();
  // Makes Next give nothing, now and from now on.
  void Cancel();

 private:
  class Reader;
  const std::shared_ptr<Reader> reader_;
};

}  // namespace ipb::client
