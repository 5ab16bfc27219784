// One process: its flags, what its services stand on, and its life from start to drained stop. A service's main is
//
//   int main(int argc, char** argv) { return ipb::process::Main(argc, argv, {ipb::eligibility::Factory()}); }
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/client/peer.h"
#include "common/server/adapter.h"
#include "common/work/worker.h"

namespace grpc {
class Service;
}

namespace ipb::process {

// Where the other services are, as the flags say: at an address, in this process, or nowhere.
class Upstreams {
 public:
  virtual ~Upstreams() = default;

  // A peer for the service `name` ("people"), called by the service `self`; connected before the first call arrives, or
  // left unconfigured where the flags name none.
  template <typename Service>
  std::shared_ptr<client::Peer<Service>> Peer(const std::string& self, const std::string& name) {
    auto peer = std::make_shared<client::Peer<Service>>(self, name, executor());
    Want(name, [peer](std::shared_ptr<grpc::Channel> channel) { peer->Connect(std::move(channel)); });
    return peer;
  }

 protected:
  virtual async::Executor* executor() = 0;
  virtual void Want(const std::string& name, std::function<void(std::shared_ptr<grpc::Channel>)> connect) = 0;
};

// What a process hosts of one service. Destroyed after its last call has ended.
class HostedService {
 public:
  virtual ~HostedService() = default;
  // The gRPC service to register.
  virtual grpc::Service* grpc_service() = 0;
  // The jobs that finish its work items.
  virtual std::vector<work::Job> jobs() { return {}; }
  // Called once, when calls can be made and answered; for what the service does by itself, such as watching.
  virtual void Started() {}
};

// How to make a service of this process.
struct ServiceFactory {
  std::string name;              // "people"
  std::string rule_set_version;  // "people/1"
  std::function<std::unique_ptr<HostedService>(const server::Serving&, Upstreams&)> make;
};

// Reads the flags, starts, serves until SIGTERM or SIGINT, drains and stops. Gives the exit code; a start that fails says
// why on standard error.
int Main(int argc, char** argv, std::vector<ServiceFactory> services);

}  // namespace ipb::process
