#include "common/server/conversation.h"

#include "common/constraints/redactor.h"
#include "common/constraints/validator.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/server/admission.h"
#include "common/server/limits.h"

namespace ipb::server {
namespace {

absl::Status TooLong(absl::string_view why) {
  return errors::Make(absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_STREAM_ENDED, why);
}

}  // namespace

Talk::Talk(const Serving& serving, const Method& method, OpenConversations& open,
           grpc::CallbackServerContext* context)
    : serving_(serving), method_(method), open_(open), context_(context) {}

Talk::~Talk() { open_.fetch_sub(1, std::memory_order_relaxed); }

void Talk::Begin() {
  async::Start(Converse(), [this](absl::Status status) { End(std::move(status)); });
}

void Talk::Hear(bool ok) {
  // The conversation may go on and end as soon as this is set, so it is not set under its lock.
  const async::Completion<Heard> waiting = ear_->Waiting();
  waiting.Set(ok ? Heard::kDone : Heard::kClosed);
}

async::Completion<Heard> Talk::Listen() {
  async::Completion<Heard> waiting(serving_.environment.executor);
  const std::lock_guard lock(ear_->mutex);
  ear_->waiting = waiting;
  ++ear_->waits;
  return waiting;
}

async::Task<absl::Status> Talk::WatchForSilence(async::Timer* timer, std::shared_ptr<Ear> ear) {
  int64_t before = -1;
  while (true) {
    auto sleeping = timer->Sleep(absl::ToChronoMilliseconds(kConversationSilence));
    const async::Wake woken = co_await sleeping;
    const std::lock_guard lock(ear->mutex);
    if (ear->over) co_return absl::OkStatus();
    if (woken == async::Wake::kClosed || ear->waits == before) {
      ear->waiting.Set(Heard::kSilence);
      co_return absl::OkStatus();
    }
    before = ear->waits;
  }
}

async::Task<absl::Status> Talk::Converse() {
  if (open_.fetch_add(1, std::memory_order_relaxed) >= kMaximumConversations) {
    co_return errors::TooBusy("conversations under way");
  }
  IPB_CO_ASSIGN_OR_RETURN(caller_, Admit(serving_, method_, *context_));
  Open(caller_);
  auto answering = AnswerAll();
  absl::Status status = co_await answering;
  co_return status;
}

async::Task<absl::Status> Talk::AnswerAll() {
  const constraints::Eyes eyes = constraints::EyesOf(caller_.kind, method_.rule().shows_bank());
  bool watched = false;
  while (absl::Now() - started_ < kConversationAge) {
    const async::Completion<Heard> reading = Listen();
    if (!watched) async::Start(WatchForSilence(serving_.environment.timer, ear_), [](absl::Status) {});
    watched = true;
    Read();
    const Heard read = co_await reading;
    if (read == Heard::kClosed) co_return absl::OkStatus();
    if (read == Heard::kSilence) co_return TooLong("nothing was sent for too long: begin again");
    auto yielding = serving_.environment.bulk_executor->Yield();
    co_await yielding;
    IPB_CO_RETURN_IF_ERROR(constraints::Validate(request()));
    auto answering = Answer();
    IPB_CO_RETURN_IF_ERROR(co_await answering);
    constraints::Redact(reply(), eyes);
    const async::Completion<Heard> writing = Listen();
    Write();
    const Heard written = co_await writing;
    if (written == Heard::kClosed) co_return absl::OkStatus();
    if (written == Heard::kSilence) co_return TooLong("the reply was not read for too long: begin again");
  }
  co_return TooLong("the conversation has taken too long: begin again with what is left");
}

void Talk::End(absl::Status status) {
  {
    const std::lock_guard lock(ear_->mutex);
    ear_->over = true;
  }
  status = Presentable(std::move(status));
  Note(serving_, method_, caller_, status, absl::Now() - started_, false);
  // After this line gRPC may delete the conversation.
  Close(status);
}

}  // namespace ipb::server
