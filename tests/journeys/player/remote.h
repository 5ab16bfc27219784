// A server as the player sees it: JSON in, JSON or an error out.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/journeys/player/journey.h"
#include "tests/journeys/player/outcome.h"
#include "tests/journeys/player/schema.h"

namespace ipb::journey {

// One address. For use by one thread.
class Remote {
 public:
  explicit Remote(const std::string& address);
  // Through a channel that is there already, for tests.
  explicit Remote(std::shared_ptr<grpc::Channel> channel);

  // Waits until the server is connected and its health service says that it serves (`ready`, or the whole
  // server where it has no such name). DEADLINE_EXCEEDED after `patience`.
  absl::Status AwaitReady(absl::Duration patience);

  // Calls a unary method with a request written in JSON and waits at most 10 seconds for what comes of it.
  // `request_id` is sent where the method takes one and the request has none.
  // INVALID_ARGUMENT where the method is not there, is a stream, or does not take the request: the journey is
  // wrong about the contract.
  absl::StatusOr<Outcome> Call(const Step& step, const Caller& caller, const Json& request,
                               const std::string& request_id);

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  Schema schema_;
};

}  // namespace ipb::journey
