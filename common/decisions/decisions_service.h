// DecisionsService, the same on every server, over the services that the process hosts.
#pragma once

#include <map>
#include <string>

#include "common/decisions/decider.h"
#include "common/server/adapter.h"
#include "ipb/v1/decisions_service.grpc.pb.h"

namespace ipb::decisions {

// Thread-safe once all services are added.
class DecisionsService final : public v1::DecisionsService::CallbackService {
 public:
  // What the process has of one service.
  struct Source {
    const server::Serving* serving;
    Deciders deciders;
  };
  using Sources = std::map<std::string, Source>;

  // Adds a service, before the server starts.
  void Add(const server::Serving& serving, Deciders deciders);

  grpc::ServerUnaryReactor* GetDecision(grpc::CallbackServerContext* context,
                                        const v1::GetDecisionRequest* request, v1::Decision* reply) override;
  grpc::ServerUnaryReactor* ReplayDecision(grpc::CallbackServerContext* context,
                                           const v1::ReplayDecisionRequest* request,
                                           v1::ReplayDecisionResponse* reply) override;

 private:
  const server::Serving& Admits(const std::string& service) const;

  Sources sources_;
};

}  // namespace ipb::decisions
