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
#include "common/server/admission.h"
#include "common/server/limits.h"
#include "grpcpp/grpcpp.h"

namespace ipb::server {
namespace {

absl::Time DeadlineOf(const grpc::CallbackServerContext& context, absl::Time now) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return now + kDefaultDeadline;
  return std::min(absl::FromChrono(deadline), now + kLongestDeadline);
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
    IPB_CO_ASSIGN_OR_RETURN(call::Caller caller, Admit(serving_, method_, *context_));
    caller_ = caller;
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
    serving_.in_flight->fetch_sub(1, std::memory_order_relaxed);
    serving_.metrics->InFlight(-1);
    Note(serving_, method_, caller_, status, absl::Now() - started_, validate_only_);
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
