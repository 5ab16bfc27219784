// Reading a resource of a service to the left: from the service where it is configured, else from what an organisation
// stated about it (RecordStatement).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "common/call/call.h"
#include "common/client/peer.h"
#include "common/errors/status_macros.h"

namespace ipb::client {

// The caller of a call, for calls made on its behalf.
inline OnBehalfOf Behalf(const call::Call& call) {
  return {call.caller(), call.info().deadline, call.info().validate_only};
}

// The resource of that name as stated to this service; NOT_FOUND where nobody stated it. A decision that is made again
// finds here what it read, wherever it had it from.
template <typename Resource>
async::Task<absl::StatusOr<Resource>> ReadStated(call::Call& call, std::string name) {
  auto loading = call.Load(name, {call::StatedRecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  std::optional<Resource> stated = subject.FindRecord<Resource>(call::StatedRecordOf(name));
  if (!stated) co_return errors::NotFound(name);
  call.NoteUpstream(name, *stated);
  co_return *std::move(stated);
}

// Reads by `method`, whose request has only a name: `Read<v1::Plan>(call, *upstreams.careplanning, &Async::GetPlan, name)`.
// What it gives is kept with what the call decides.
template <typename Resource, typename Service, typename Request>
async::Task<absl::StatusOr<Resource>> Read(call::Call& call, Peer<Service>& peer,
                                           void (Peer<Service>::Async::*method)(grpc::ClientContext*, const Request*,
                                                                                Resource*,
                                                                                std::function<void(grpc::Status)>),
                                           std::string name) {
  if (!peer.configured()) {
    auto stated = ReadStated<Resource>(call, std::move(name));
    co_return co_await stated;
  }
  Request request;
  request.set_name(name);
  auto calling = peer.Call(method, Behalf(call), std::move(request));
  absl::StatusOr<Resource> resource = co_await calling;
  if (resource.ok()) call.NoteUpstream(name, *resource);
  co_return resource;
}

}  // namespace ipb::client
