// Mutual TLS from files that are read again when they change, or none on loopback.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/process/flags.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace ipb::process {

// Callers must present a certificate that chains to the roots. INVALID_ARGUMENT where a file cannot be read.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(const Flags& flags);

// This process's own certificate, for calls to other services.
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(const Flags& flags);

}  // namespace ipb::process
