// One process: what its services stand on, and its life from start to drained stop. A service's main is
//
//   int main(int argc, char** argv) { return ipb::process::Main(argc, argv, {ipb::eligibility::Factory()}); }
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/client/peer.h"
#include "common/decisions/decider.h"
#include "common/process/flags.h"
#include "common/server/adapter.h"
#include "common/work/worker.h"

namespace grpc {
class Channel;
class Service;
}  // namespace grpc

namespace ipb::process {

class Trimmer;

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
  // Whether calls to that service can be made.
  virtual bool Configured(const std::string& name) const = 0;

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
  // How its methods that decide are decided again. A service that has some keeps what each decision was made from.
  virtual decisions::Deciders deciders() { return {}; }
  // Called once, when calls can be made and answered; for what the service does by itself, such as watching.
  virtual void Started() {}
  // Called once, before the server stops: ends what Started began, and returns when it has ended.
  virtual void Stopping() {}
};

// How to make a service of this process.
struct ServiceFactory {
  std::string name;              // "people"
  std::string rule_set_version;  // "people/1"
  std::function<std::unique_ptr<HostedService>(const server::Serving&, Upstreams&)> make;
};

// What a test puts in the place of what the flags would make.
struct Substitutes {
  std::unique_ptr<clock::Clock> clock;
  // Wraps the engine that the flags name, to add faults.
  std::function<std::unique_ptr<store::Engine>(std::unique_ptr<store::Engine>)> wrap_engine;
  // Services copy who is responsible for whom from people as it changes, beside asking for people they have not met.
  bool mirror_access = true;
  // Workers do what is due by themselves; else it is done when a call tries it, or when its worker is told to.
  bool work_by_itself = true;
};

// A process that serves. Not thread-safe itself.
class Process {
 public:
  // Serves when it returns. An error says in one line what stands in the way.
  static absl::StatusOr<std::unique_ptr<Process>> Start(Flags flags, const std::vector<ServiceFactory>& factories,
                                                        Substitutes substitutes = {});
  // Readiness off, streams, work, server, store, threads.
  ~Process();

  // The port it listens on.
  int port() const;
  // A channel to it without a network.
  std::shared_ptr<grpc::Channel> InProcessChannel();
  // The store of a hosted service.
  store::Store* StoreOf(const std::string& service);
  // The worker of a hosted service.
  work::Worker* WorkerOf(const std::string& service);
  // The trimmer of a hosted service.
  Trimmer* TrimmerOf(const std::string& service);

 private:
  struct Parts;
  explicit Process(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// When a process hosts people besides its own services.
enum class HostPeople {
  // With --host_people.
  kWhenAsked,
  // With --host_people, and wherever --people names no other place.
  kUnlessElsewhere,
};

// Reads the flags, serves until SIGTERM or SIGINT, drains and stops. Gives the exit code; a start that fails says why on
// standard error. `people` is how to make people where it is hosted as well.
int Main(int argc, char** argv, std::vector<ServiceFactory> factories,
         std::optional<ServiceFactory> people = std::nullopt, HostPeople host_people = HostPeople::kWhenAsked);

}  // namespace ipb::process
