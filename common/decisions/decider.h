// How a method is decided again: the handler itself, with its types erased.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "common/errors/errors.h"
#include "common/server/adapter.h"
#include "google/protobuf/any.pb.h"

namespace ipb::decisions {

// Runs a handler on a request of its type; what it writes goes to the store of the call. INVALID_ARGUMENT for
// a request of another type.
using Decider = std::function<async::Task<absl::Status>(call::Call&, const google::protobuf::Any& request)>;

// The deciders of a service, by method: "EligibilityService.RecordDetermination".
using Deciders = std::map<std::string, Decider>;

// The decider of a handler. `upstreams` outlives it.
template <typename Upstreams, typename Request, typename Reply>
Decider DeciderOf(server::Handler<Upstreams, Request, Reply> handler, const Upstreams& upstreams) {
  return [handler, &upstreams](call::Call& call,
                               const google::protobuf::Any& packed) -> async::Task<absl::Status> {
    Request request;
    if (!packed.UnpackTo(&request)) co_return errors::InvalidField("request", "is of another type");
    Reply reply;
    auto handling = server::Handle<Upstreams, Request, Reply>(handler, upstreams, call, request, &reply);
    absl::Status status = co_await handling;
    co_return status;
  };
}

}  // namespace ipb::decisions

// An entry of Deciders for a method of a class that has the member kService. `upstreams` asks no other
// service: what the decision read of others is among its facts, as if it had been stated.
#define IPB_DECIDES_BY(Method, upstreams)                              \
  {                                                                    \
    std::string(kService).substr(sizeof("ipb.v1.") - 1) + "." #Method, \
        decisions::DeciderOf(&handlers::Method, upstreams)             \
  }
// The same for a class whose member upstreams_ has nobody to ask.
#define IPB_DECIDES(Method) IPB_DECIDES_BY(Method, upstreams_)
