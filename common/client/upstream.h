// Reading a resource of a service to the left: from the service where it is configured, else from what an organisation
// stated about it (RecordStatement).
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/call/call.h"
#include "common/client/peer.h"
#include "common/errors/status_macros.h"

namespace ipb::client {

// The caller of a call, for calls made on its behalf.
inline OnBehalfOf Behalf(const call::Call& call) {
  return {call.caller(), call.info().deadline, call.info().validate_only};
}

// The record in which a service keeps what was stated about a resource of another.
inline std::string StatedRecordOf(absl::string_view resource_name) {
  return absl::StrCat("stated/", call::RecordOf(resource_name));
}

// The resource of that name as stated to this service; NOT_FOUND where nobody stated it.
template <typename Resource>
async::Task<absl::StatusOr<Resource>> ReadStated(call::Call& call, std::string name) {
  auto loading = call.Load(name, {StatedRecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  std::optional<Resource> stated = subject.FindRecord<Resource>(StatedRecordOf(name));
  if (!stated) co_return errors::NotFound(name);
  co_return *std::move(stated);
}

// Reads by `method`, whose request has only a name: `Read<v1::Plan>(call, *upstreams.careplanning, &Async::GetPlan, name)`.
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
  request.set_name(std::move(name));
  auto calling = peer.Call(method, Behalf(call), std::move(request));
  co_return co_await calling;
}

}  // namespace ipb::client
