// StatementsService, the same on every server, over the services that the process hosts.
#pragma once

#include <map>
#include <set>
#include <string>

#include "common/server/adapter.h"
#include "ipb/v1/statements_service.grpc.pb.h"

namespace ipb::statements {

// A hosted service, and which services to its left are configured as its upstreams.
struct Listener {
  const server::Serving* serving = nullptr;
  std::set<std::string> configured;
};
using Listeners = std::map<std::string, Listener>;

// Thread-safe once all services are added.
class StatementsService final : public v1::StatementsService::CallbackService {
 public:
  // Adds a service, before the server starts.
  void Add(const server::Serving& serving, std::set<std::string> configured);

  grpc::ServerUnaryReactor* RecordStatement(grpc::CallbackServerContext* context,
                                            const v1::RecordStatementRequest* request,
                                            v1::UpstreamStatement* reply) override;
  grpc::ServerUnaryReactor* ListStatements(grpc::CallbackServerContext* context,
                                           const v1::ListStatementsRequest* request,
                                           v1::ListStatementsResponse* reply) override;

 private:
  Listeners listeners_;
};

}  // namespace ipb::statements
