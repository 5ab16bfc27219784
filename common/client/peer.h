// Calling another service of the suite from a handler.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/async/task.h"
#include "common/call/caller.h"
#include "common/client/grpc_status.h"
#include "common/errors/errors.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/credentials.h"

namespace ipb::client {

// On whose behalf a call is made, and how long it may take.
struct OnBehalfOf {
  call::Caller caller;
  absl::Time deadline = absl::InfiniteFuture();
  bool validate_only = false;
};

// Prepares a context: the original caller as metadata, the calling service's identity, the deadline.
void Prepare(grpc::ClientContext& context, const std::string& service, const OnBehalfOf& behalf);

// The same for a stream that a service reads for itself: no deadline, since a stream lasts.
void PrepareStream(grpc::ClientContext& context, const std::string& service);

// A channel to HOST:PORT with the suite's keep-alive and retry settings.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address,
                                           std::shared_ptr<grpc::ChannelCredentials> credentials);

// One service to the left. Unconfigured until Connect; a service that runs without this upstream works from stored
// statements instead. Thread-safe after Connect.
template <typename Service>
class Peer {
 public:
  // `self` is the name of the calling service, `name` that of the service called.
  Peer(std::string self, std::string name, async::Executor* executor)
      : self_(std::move(self)), name_(std::move(name)), executor_(executor) {}

  void Connect(std::shared_ptr<grpc::Channel> channel) { stub_ = Service::NewStub(std::move(channel)); }
  bool configured() const { return stub_ != nullptr; }

  // For streams, which Call does not make: the stub, null where unconfigured, and the name of the calling service.
  typename Service::StubInterface* stub() const { return stub_.get(); }
  const std::string& self() const { return self_; }

  // Calls one method: `peer.Call(&Async::GetPerson, behalf, request)`. The upstream's refusals come back whole; its
  // absence is UNAVAILABLE (UPSTREAM_UNAVAILABLE).
  using Async = typename Service::StubInterface::async_interface;
  template <typename Request, typename Reply>
  async::Task<absl::StatusOr<Reply>> Call(void (Async::*method)(grpc::ClientContext*, const Request*, Reply*,
                                                                std::function<void(grpc::Status)>),
                                          OnBehalfOf behalf, Request request) {
    if (stub_ == nullptr) co_return errors::UpstreamUnavailable(name_, "it is not configured here");
    // The operation belongs to gRPC until it calls back, not to this frame.
    struct Operation {
      grpc::ClientContext context;
      Request request;
      Reply reply;
    };
    auto operation = std::make_shared<Operation>();
    operation->request = std::move(request);
    Prepare(operation->context, self_, behalf);
    async::Completion<grpc::Status> done(executor_);
    (stub_->async()->*method)(&operation->context, &operation->request, &operation->reply,
                              [done, held = operation](grpc::Status status) mutable {
                                // The context holds the channel: as its last holder, gRPC's thread
                                // would wait for itself.
                                held.reset();
                                done.Set(std::move(status));
                              });
    const grpc::Status status = co_await done;
    if (status.ok()) co_return std::move(operation->reply);
    const absl::Status refusal = FromGrpc(status);
    // An error without a reason did not come from a handler: the service or the way to it is away.
    if (errors::ReasonOf(refusal) == v1::ERROR_REASON_UNSPECIFIED) {
      co_return errors::UpstreamUnavailable(name_, status.error_message());
    }
    co_return refusal;
  }

 private:
  const std::string self_;
  const std::string name_;
  async::Executor* const executor_;
  std::unique_ptr<typename Service::StubInterface> stub_;
};

}  // namespace ipb::client
