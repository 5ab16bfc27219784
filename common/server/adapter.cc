#include "common/server/adapter.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/client/grpc_status.h"
#include "common/constraints/redactor.h"
#include "common/constraints/validator.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/server/limits.h"
#include "grpcpp/grpcpp.h"

namespace ipb::server {
namespace {

absl::Time DeadlineOf(const grpc::CallbackServerContext& context, absl::Time now) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return now + kDefaultDeadline;
  return std::min(absl::FromChrono(deadline), now + kLongestDeadline);
}

absl::Status NotAllowed(const Method& method) {
  return errors::Make(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_CALLER_NOT_ALLOWED,
                      absl::StrCat("your kind of organisation may not use ", method.name()));
}

// An error that is not one of ours is a defect; its text stays in the log and out of the reply.
absl::Status Presentable(absl::Status status) {
  if (status.ok() || errors::ReasonOf(status) != v1::ERROR_REASON_UNSPECIFIED) return status;
  if (absl::IsInvalidArgument(status)) return errors::InvalidField("request", std::string(status.message()));
  return errors::Make(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                      "a defect of this service: tell its operators the time and the method");
}

// A preview that went well and a refusal now mean that something moved in between: ABORTED, with the refusal's details.
absl::Status AfterPreview(const call::RequestInfo& info, absl::Status status) {
  const bool refused = absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status) ||
                       absl::IsAlreadyExists(status) || absl::IsOutOfRange(status);
  if (info.preview_token.empty() || !refused || errors::ReasonOf(status) == v1::ERROR_REASON_REQUEST_ID_REUSED) {
    return status;
  }
  absl::Status stale = errors::Make(absl::StatusCode::kAborted, v1::ERROR_REASON_PREVIEW_STALE,
                                    absl::StrCat("what you previewed is refused by now: ", status.message()));
  status.ForEachPayload([&stale](absl::string_view type, const absl::Cord& payload) {
    if (!stale.GetPayload(type)) stale.SetPayload(type, payload);
  });
  return stale;
}

// Lives from the call's start until gRPC is done with it; the coroutine of the call finishes it once.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(const Serving& serving, const Method& method, grpc::CallbackServerContext* context,
            const google::protobuf::Message& request, google::protobuf::Message* reply, ErasedHandler handler)
      : serving_(serving),
        method_(method),
        context_(context),
        request_(request),
        reply_(reply),
        handler_(std::move(handler)),
        started_(absl::Now()) {}

  void Begin() {
    async::Start(Answer(), [this](absl::Status status) { End(std::move(status)); });
  }

  void OnCancel() override {
    cancelled_.store(true, std::memory_order_relaxed);
    if (call_ready_.load(std::memory_order_acquire)) call_->Cancel();
  }

  void OnDone() override { delete this; }

 private:
  async::Task<absl::Status> Answer() {
    const int in_flight = serving_.in_flight->fetch_add(1, std::memory_order_relaxed) + 1;
    serving_.metrics->InFlight(1);
    if (in_flight > kMaximumCallsInFlight) co_return errors::TooBusy("calls under way");
    IPB_CO_ASSIGN_OR_RETURN(call::Caller caller,
                            serving_.authenticator->Identify(*context_, method_.rule().mutates()));
    caller_ = caller;
    if (!method_.Allows(caller.kind)) co_return NotAllowed(method_);
    IPB_CO_RETURN_IF_ERROR(constraints::Validate(request_));
    call::RequestInfo info = method_.Read(request_);
    validate_only_ = info.validate_only;
    info.deadline = DeadlineOf(*context_, started_);
    call_.emplace(serving_.environment, std::move(caller), std::move(info));
    call_ready_.store(true, std::memory_order_release);
    if (cancelled_.load(std::memory_order_relaxed)) call_->Cancel();
    auto attempts = Attempts();
    absl::Status status = co_await attempts;
    co_return status;
  }

  async::Task<absl::Status> Attempts() {
    absl::Status status;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      call_->Reset();
      auto handling = handler_(*call_);
      status = co_await handling;
      if (!call_->lost_race()) break;
      reply_->Clear();
    }
    const bool answered_before = call_->replay().has_value();
    // One that is remembered without its reply ends as ALREADY_EXISTS.
    if (answered_before && !absl::IsAlreadyExists(status)) {
      if (!reply_->ParseFromString(call_->replay()->reply)) co_return absl::InternalError("unreadable remembered reply");
      status = absl::OkStatus();
    }
    if (!answered_before) status = AfterPreview(call_->info(), std::move(status));
    if (status.ok()) constraints::Redact(*reply_, constraints::EyesOf(caller_.kind, method_.rule().shows_bank()));
    co_return status;
  }

  void End(absl::Status status) {
    status = Presentable(std::move(status));
    const absl::Duration took = absl::Now() - started_;
    serving_.in_flight->fetch_sub(1, std::memory_order_relaxed);
    serving_.metrics->InFlight(-1);
    serving_.metrics->CallEnded(method_.name(), status.code(), took);
    const std::string reason = status.ok() ? "" : v1::ErrorReason_Name(errors::ReasonOf(status));
    serving_.access_log->Write({method_.name(), caller_.organisation, caller_.system, caller_.actor,
                                absl::StatusCodeToString(status.code()), reason, took, validate_only_});
    // After this line gRPC may delete the call.
    Finish(client::ToGrpc(status));
  }

  const Serving& serving_;
  const Method& method_;
  grpc::CallbackServerContext* const context_;
  const google::protobuf::Message& request_;
  google::protobuf::Message* const reply_;
  ErasedHandler handler_;
  const absl::Time started_;
  call::Caller caller_;
  bool validate_only_ = false;
  std::optional<call::Call> call_;
  std::atomic<bool> call_ready_{false};
  std::atomic<bool> cancelled_{false};
};

}  // namespace

grpc::ServerUnaryReactor* ServeErased(const Serving& serving, const Method& method,
                                      grpc::CallbackServerContext* context, const google::protobuf::Message& request,
                                      google::protobuf::Message* reply, ErasedHandler handler) {
  auto* call = new UnaryCall(serving, method, context, request, reply, std::move(handler));
  call->Begin();
  return call;
}

}  // namespace ipb::server
