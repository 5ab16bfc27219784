// Between absl::Status with google.rpc payloads and grpc::Status with details. The only such place.
#pragma once

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace ipb::client {

// The payloads become the details of a google.rpc.Status.
grpc::Status ToGrpc(const absl::Status& status);

// The details become payloads, so that an upstream's refusal reaches our caller whole.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace ipb::client
