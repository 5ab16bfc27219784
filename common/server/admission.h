// What every RPC has at its two ends, however many messages it has between: who calls and whether they may, and what is
// told and noted when it ends.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/call/caller.h"
#include "common/server/method.h"

namespace grpc {
class CallbackServerContext;
}

namespace ipb::server {

struct Serving;

// The caller, who may use the method. UNAUTHENTICATED, INVALID_ARGUMENT or PERMISSION_DENIED otherwise.
absl::StatusOr<call::Caller> Admit(const Serving& serving, const Method& method,
                                   const grpc::CallbackServerContext& context);

// An error that is not one of ours is a defect; its text stays in the log and out of the reply.
absl::Status Presentable(absl::Status status);

// Counts and logs a call that has ended.
void Note(const Serving& serving, const Method& method, const call::Caller& caller, const absl::Status& status,
          absl::Duration took, bool validate_only);

}  // namespace ipb::server
