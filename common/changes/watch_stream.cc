#include "common/changes/watch_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/changes/cursor.h"
#include "common/client/grpc_status.h"
#include "common/constraints/validator.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/server/admission.h"
#include "common/server/limits.h"

namespace ipb::changes {
namespace {

// The stream ends although nothing is wrong; the caller resumes, here or at another process.
absl::Status Resume() {
  return errors::Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STREAM_ENDED,
                      "the stream has ended: resume from the last cursor");
}

// Adds the oldest cursor to go on from: it names no position, so what is trimmed meanwhile does not outdate
// it.
async::Task<absl::Status> WithOldestCursor(const call::Environment& environment, call::Caller caller,
                                           absl::Status too_old) {
  auto asking = environment.store->Now();
  IPB_CO_ASSIGN_OR_RETURN(store::Cursor oldest, co_await asking);
  oldest.positions.assign(store::kPartitions, "");
  co_return errors::Make(
      absl::StatusCode::kOutOfRange, v1::ERROR_REASON_CURSOR_TOO_OLD, too_old.message(),
      {{"oldest_cursor", WriteCursor(*environment.claims, caller, environment.service, oldest)}});
}

}  // namespace

WatchStream::WatchStream(const server::Serving* serving, Tailer* tailer, std::atomic<int>* streams,
                         const std::atomic<bool>* draining, grpc::CallbackServerContext* context,
                         const v1::WatchRequest& request)
    : serving_(serving), tailer_(tailer), streams_(streams), draining_(draining), context_(context),
      request_(request) {}

void WatchStream::Begin() {
  async::Start(Run(), [this](absl::Status status) { Finish(client::ToGrpc(status)); });
}

void WatchStream::OnCancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (sleeping_) sleeping_->Set(async::Wake::kClosed);
}

async::Completion<async::Wake> WatchStream::Sleep() {
  async::Completion<async::Wake> sleeping = tailer_->Wait(absl::ToChronoMilliseconds(server::kStreamCheckpoint));
  const std::lock_guard lock(mutex_);
  sleeping_ = sleeping;
  if (cancelled_) sleeping.Set(async::Wake::kClosed);
  return sleeping;
}

bool WatchStream::Cancelled() {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

void WatchStream::OnDone() {
  streams_->fetch_sub(1);
  delete this;
}

async::Task<absl::Status> WatchStream::Run() {
  if (streams_->fetch_add(1) >= server::kMaximumStreams) co_return errors::TooBusy("watch streams");
  if (serving_ == nullptr) co_return errors::NotFound(absl::StrCat("service ", request_.service()));
  static const server::Method method("ipb.v1.ChangesService.Watch");
  IPB_CO_ASSIGN_OR_RETURN(call::Caller caller, server::Admit(*serving_, method, *context_));
  IPB_CO_RETURN_IF_ERROR(constraints::Validate(request_));
  const call::Environment& environment = serving_->environment;
  store::Cursor cursor;
  if (!request_.cursor().empty()) {
    IPB_CO_ASSIGN_OR_RETURN(cursor,
                            ReadCursor(*environment.claims, caller, environment.service, request_.cursor()));
  } else if (request_.from_now()) {
    auto asking = environment.store->Now();
    IPB_CO_ASSIGN_OR_RETURN(cursor, co_await asking);
  }
  auto streaming = Stream(caller, std::move(cursor));
  absl::Status ended = co_await streaming;
  if (!absl::IsOutOfRange(ended)) co_return ended;
  auto adding = WithOldestCursor(environment, std::move(caller), std::move(ended));
  co_return co_await adding;
}

async::Task<absl::Status> WatchStream::Stream(call::Caller caller, store::Cursor cursor) {
  const call::Environment& environment = serving_->environment;
  const absl::Time oldest = absl::Now() + server::kStreamAge;
  absl::Time last_sent = absl::InfinitePast();
  while (!Cancelled() && !draining_->load() && absl::Now() < oldest) {
    async::Completion<async::Wake> waiting = Sleep();
    auto tailing = environment.store->Tail(cursor, server::kTailBatch);
    IPB_CO_ASSIGN_OR_RETURN(store::TailResult tail, co_await tailing);
    cursor = tail.next;
    const bool checkpoint = absl::Now() - last_sent >= server::kStreamCheckpoint;
    if (!tail.changes.empty() || checkpoint) {
      auto rendering = Render(caller, tail);
      IPB_CO_ASSIGN_OR_RETURN(v1::WatchResponse response, co_await rendering);
      response.set_cursor(WriteCursor(*environment.claims, caller, environment.service, cursor));
      auto sending = Send(std::move(response));
      if (!co_await sending) co_return absl::OkStatus();
      last_sent = absl::Now();
    }
    if (!tail.changes.empty()) continue;
    if (co_await waiting == async::Wake::kClosed) break;
  }
  co_return Resume();
}

async::Task<absl::StatusOr<v1::WatchResponse>> WatchStream::Render(const call::Caller& caller,
                                                                   const store::TailResult& tail) {
  const call::Environment& environment = serving_->environment;
  v1::WatchResponse response;
  for (const store::Change& change : tail.changes) {
    call::Call call(environment, caller, {});
    auto loading = call.Load(change.subject);
    const absl::StatusOr<call::Subject> known = co_await loading;
    if (!known.ok() && known.status().code() == absl::StatusCode::kNotFound) continue;
    IPB_CO_RETURN_IF_ERROR(known.status());
    auto reading = environment.store->History(change.subject, change.revision - 1, 1);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<std::string> history, co_await reading);
    v1::HistoryEntry entry;
    if (!history.empty()) entry.ParseFromString(history.front());
    v1::Change* seen = response.add_changes();
    seen->set_subject(change.subject);
    seen->set_revision(change.revision);
    call::SetTime(change.time, seen->mutable_commit_time());
    *seen->mutable_resources() = entry.resources();
    seen->set_method(entry.method());
  }
  co_return response;
}

async::Task<bool> WatchStream::Send(v1::WatchResponse response) {
  async::Completion<bool> written(serving_->environment.executor);
  writing_ = std::move(response);
  written_.store(&written);
  StartWrite(&writing_);
  co_return co_await written;
}

void WatchStream::OnWriteDone(bool ok) {
  // The coroutine may resume and end as soon as the result is set; a copy of the completion outlives it.
  const async::Completion<bool> written = *written_.load();
  written.Set(ok);
}

}  // namespace ipb::changes
