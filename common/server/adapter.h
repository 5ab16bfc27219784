// Around every RPC: the way of one request (limits, caller, form, handler, rendering), so that a service's methods are
// one line each:
//
//   IPB_SERVE(GetPerson, GetPersonRequest, Person)
//
// It overrides the method of that name in the generated callback service and hands the call to handlers::GetPerson. The
// class has the members serving_, upstreams_ and kService, the contract's full name of the service.
#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "common/server/access_log.h"
#include "common/server/authenticator.h"
#include "common/server/method.h"
#include "common/server/metrics.h"

namespace grpc {
class CallbackServerContext;
class ServerUnaryReactor;
}  // namespace grpc

namespace ipb::server {

// What the adapter needs of the process, for one service. Outlives every call.
struct Serving {
  call::Environment environment;
  const Authenticator* authenticator = nullptr;
  AccessLog* access_log = nullptr;
  Metrics* metrics = nullptr;
  std::atomic<int>* in_flight = nullptr;
};

// A handler with its types erased: fills the reply or gives an error.
using ErasedHandler = absl::AnyInvocable<async::Task<absl::Status>(call::Call&)>;

// Answers one call. The reply must be empty; it is filled before the returned reactor finishes.
grpc::ServerUnaryReactor* ServeErased(const Serving& serving, const Method& method,
                                      grpc::CallbackServerContext* context, const google::protobuf::Message& request,
                                      google::protobuf::Message* reply, ErasedHandler handler);

template <typename Upstreams, typename Request, typename Reply>
using Handler = async::Task<absl::StatusOr<Reply>> (*)(const Upstreams&, call::Call&, const Request&);

template <typename Upstreams, typename Request, typename Reply>
async::Task<absl::Status> Handle(Handler<Upstreams, Request, Reply> handler, const Upstreams& upstreams,
                                 call::Call& call, const Request& request, Reply* reply) {
  auto handling = handler(upstreams, call, request);
  absl::StatusOr<Reply> answer = co_await handling;
  if (!answer.ok()) co_return answer.status();
  *reply = *std::move(answer);
  co_return absl::OkStatus();
}

// `service` is the contract's full name of the service, `name` the method's.
template <auto handler, typename Upstreams, typename Request, typename Reply>
grpc::ServerUnaryReactor* Serve(const Serving& serving, const Upstreams& upstreams, const char* service,
                                const char* name, grpc::CallbackServerContext* context, const Request* request,
                                Reply* reply) {
  static const Method method(absl::StrCat(service, ".", name));
  return ServeErased(serving, method, context, *request, reply, [&upstreams, request, reply](call::Call& call) {
    return Handle<Upstreams, Request, Reply>(handler, upstreams, call, *request, reply);
  });
}

}  // namespace ipb::server

#define IPB_SERVE(Method, Request, Reply)                                                                        \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context, const v1::Request* request,             \
                                   v1::Reply* reply) override {                                                  \
    return server::Serve<handlers::Method>(serving_, upstreams_, kService, #Method, context, request, reply);    \
  }
