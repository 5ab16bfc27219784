#include "common/client/change_stream.h"

#include <mutex>
#include <optional>
#include <utility>

#include "common/client/grpc_status.h"
#include "common/errors/errors.h"

namespace ipb::client {

// Belongs to gRPC from Open until OnDone, whoever else has let go of it.
class ChangeStream::Reader final : public grpc::ClientReadReactor<v1::WatchResponse>,
                                   public std::enable_shared_from_this<Reader> {
 public:
  Reader(const std::string& self, async::Executor* executor, async::Timer* timer, v1::WatchRequest request)
      : timer_(timer), request_(std::move(request)), done_(executor) {
    PrepareStream(context_, self);
  }

  void Open(v1::ChangesService::StubInterface& stub) {
    itself_ = shared_from_this();
    stub.async()->Watch(&context_, &request_, this);
    // Until Finish: an ended call would otherwise go away under a read that is begun later.
    AddHold();
    StartCall();
  }

  async::Task<std::optional<v1::WatchResponse>> Next() {
    const async::Completion<async::Wake> waiting = timer_->Sleep(absl::ToChronoMilliseconds(kLongestSilence));
    {
      const std::lock_guard lock(mutex_);
      waiting_ = waiting;
      read_ = Read::kUnderWay;
    }
    StartRead(&response_);
    co_await waiting;
    const std::lock_guard lock(mutex_);
    if (read_ != Read::kDone) co_return std::nullopt;
    co_return std::move(response_);
  }

  async::Task<absl::Status> Finish() {
    bool cancel = false;
    {
      const std::lock_guard lock(mutex_);
      cancel = read_ != Read::kEnded;
    }
    // A stream that ended by itself is not cancelled, so that its own status is seen.
    if (cancel) context_.TryCancel();
    RemoveHold();
    const grpc::Status status = co_await done_;
    if (status.ok())
      co_return errors::UpstreamUnavailable(request_.service(), "its stream of changes has ended");
    co_return FromGrpc(status);
  }

  void Cancel() { context_.TryCancel(); }

  void OnReadDone(bool ok) override {
    std::optional<async::Completion<async::Wake>> waiting;
    {
      const std::lock_guard lock(mutex_);
      read_ = ok ? Read::kDone : Read::kEnded;
      waiting = waiting_;
    }
    waiting->Set(async::Wake::kElapsed);
  }

  void OnDone(const grpc::Status& status) override {
    const async::Completion<grpc::Status> done = done_;
    // Whoever waits for this holds the reader. Let go of on this thread at last, its context would take the channel
    // along, and gRPC's thread wait for itself.
    itself_.reset();
    done.Set(status);
  }

 private:
  enum class Read { kNone, kUnderWay, kDone, kEnded };

  async::Timer* const timer_;
  const v1::WatchRequest request_;
  const async::Completion<grpc::Status> done_;
  grpc::ClientContext context_;
  v1::WatchResponse response_;
  std::shared_ptr<Reader> itself_;
  std::mutex mutex_;
  std::optional<async::Completion<async::Wake>> waiting_;
  Read read_ = Read::kNone;
};

ChangeStream::ChangeStream(const Peer<v1::ChangesService>& changes, async::Executor* executor,
                           async::Timer* timer, const v1::WatchRequest& request)
    : reader_(std::make_shared<Reader>(changes.self(), executor, timer, request)) {
  reader_->Open(*changes.stub());
}

ChangeStream::~ChangeStream() = default;

async::Task<std::optional<v1::WatchResponse>> ChangeStream::Next() { return reader_->Next(); }

async::Task<absl::Status> ChangeStream::Finish() { return reader_->Finish(); }

void ChangeStream::Cancel() { reader_->Cancel(); }

}  // namespace ipb::client
