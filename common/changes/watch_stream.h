// One Watch stream, from admission to its end.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "common/async/completion.h"
#include "common/changes/tailer.h"
#include "common/server/adapter.h"
#include "grpcpp/grpcpp.h"
#include "ipb/v1/changes_service.pb.h"

namespace ipb::changes {

// Deletes itself when gRPC is done with it. `serving` and `tailer` are null where the service asked for is not here.
class WatchStream final : public grpc::ServerWriteReactor<v1::WatchResponse> {
 public:
  WatchStream(const server::Serving* serving, Tailer* tailer, std::atomic<int>* streams,
              const std::atomic<bool>* draining, grpc::CallbackServerContext* context,
              const v1::WatchRequest& request);

  void Begin();
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  async::Task<absl::Status> Run();
  async::Task<absl::Status> Stream(call::Caller caller, store::Cursor cursor);
  // The changes that the caller may see, as the contract has them.
  async::Task<absl::StatusOr<v1::WatchResponse>> Render(const call::Caller& caller, const store::TailResult& tail);
  // A wait for new changes that also ends when the caller goes away.
  async::Completion<async::Wake> Sleep();
  bool Cancelled();
  async::Task<bool> Send(v1::WatchResponse response);

  const server::Serving* const serving_;
  Tailer* const tailer_;
  std::atomic<int>* const streams_;
  const std::atomic<bool>* const draining_;
  grpc::CallbackServerContext* const context_;
  const v1::WatchRequest& request_;
  v1::WatchResponse writing_;
  std::atomic<async::Completion<bool>*> written_{nullptr};
  std::mutex mutex_;
  bool cancelled_ = false;
  // What the stream sleeps on; woken when the caller goes away.
  std::optional<async::Completion<async::Wake>> sleeping_;
};

}  // namespace ipb::changes
