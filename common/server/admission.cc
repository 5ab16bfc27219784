#include "common/server/admission.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/server/adapter.h"
#include "grpcpp/grpcpp.h"

namespace ipb::server {

absl::StatusOr<call::Caller> Admit(const Serving& serving, const Method& method,
                                   const grpc::CallbackServerContext& context) {
  IPB_ASSIGN_OR_RETURN(call::Caller caller, serving.authenticator->Identify(context, method.rule().mutates()));
  if (method.Allows(caller.kind)) return caller;
  return errors::Make(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_CALLER_NOT_ALLOWED,
                      absl::StrCat("your kind of organisation may not use ", method.name()));
}

absl::Status Presentable(absl::Status status) {
  if (status.ok() || errors::ReasonOf(status) != v1::ERROR_REASON_UNSPECIFIED) return status;
  if (absl::IsInvalidArgument(status)) return errors::InvalidField("request", std::string(status.message()));
  return errors::Make(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                      "a defect of this service: tell its operators the time and the method");
}

void Note(const Serving& serving, const Method& method, const call::Caller& caller, const absl::Status& status,
          absl::Duration took, bool validate_only) {
  serving.metrics->CallEnded(method.name(), status.code(), took);
  const std::string reason = status.ok() ? "" : v1::ErrorReason_Name(errors::ReasonOf(status));
  serving.access_log->Write({method.name(), caller.organisation, caller.system, caller.actor,
                             absl::StatusCodeToString(status.code()), reason, took, validate_only});
}

}  // namespace ipb::server
