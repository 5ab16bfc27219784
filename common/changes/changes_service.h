// ChangesService, the same on every server: Watch and ListHistory over the services that the process hosts.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "common/changes/tailer.h"
#include "common/server/adapter.h"
#include "ipb/v1/changes_service.grpc.pb.h"

namespace ipb::changes {

// Thread-safe once all services are added.
class ChangesService final : public v1::ChangesService::CallbackService {
 public:
  // What the process has of one service.
  struct Source {
    const server::Serving* serving;
    std::unique_ptr<Tailer> tailer;
  };
  using Sources = std::map<std::string, Source>;

  // Adds a service, before the server starts.
  void Add(const server::Serving& serving);
  // Ends every stream with a cursor to resume from, and refuses new ones.
  void Drain();

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                     const v1::WatchRequest* request) override;
  grpc::ServerUnaryReactor* ListHistory(grpc::CallbackServerContext* context,
                                        const v1::ListHistoryRequest* request,
                                        v1::ListHistoryResponse* reply) override;

 private:
  Sources sources_;
  std::atomic<int> streams_{0};
  std::atomic<bool> draining_{false};
};

}  // namespace ipb::changes
