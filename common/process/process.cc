#include "common/process/process.h"

#include <csignal>
#include <algorithm>
#include <cstdio>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/changes/changes_service.h"
#include "common/clock/clock.h"
#include "common/client/access_source.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "common/process/claim_keys.h"
#include "common/process/credentials.h"
#include "common/process/flags.h"
#include "common/server/limits.h"
#include "common/process/open_store.h"
#include "common/process/policy_service.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"

namespace ipb::process {
namespace {

constexpr char kReady[] = "ready";

// Connects each peer that was asked for when the server stands.
class Connections final : public Upstreams {
 public:
  Connections(async::Executor* executor, const Flags& flags, std::vector<std::string> hosted)
      : executor_(executor), flags_(flags), hosted_(std::move(hosted)) {}

  void Connect(grpc::Server& server) {
    const std::shared_ptr<grpc::Channel> here = server.InProcessChannel({});
    for (auto& [name, connect] : wanted_) {
      const auto address = flags_.upstreams.find(name);
      if (address != flags_.upstreams.end()) {
        connect(client::MakeChannel(address->second, ChannelCredentials(flags_)));
      } else if (std::find(hosted_.begin(), hosted_.end(), name) != hosted_.end()) {
        connect(here);
      }
    }
  }

  bool Configured(const std::string& name) const {
    return flags_.upstreams.count(name) > 0 || std::find(hosted_.begin(), hosted_.end(), name) != hosted_.end();
  }

 private:
  async::Executor* executor() override { return executor_; }
  void Want(const std::string& name, std::function<void(std::shared_ptr<grpc::Channel>)> connect) override {
    wanted_.emplace_back(name, std::move(connect));
  }

  async::Executor* const executor_;
  const Flags& flags_;
  const std::vector<std::string> hosted_;
  std::vector<std::pair<std::string, std::function<void(std::shared_ptr<grpc::Channel>)>>> wanted_;
};

absl::StatusOr<std::unique_ptr<clock::Clock>> OpenClock(const std::string& file) {
  if (file.empty()) return std::make_unique<clock::SystemClock>();
  return clock::FileClock::Open(file);
}

// One hosted service with what it stands on, in the order in which it is taken down.
struct Hosted {
  std::unique_ptr<store::Store> store;
  std::shared_ptr<client::Peer<v1::PeopleService>> people;
  std::unique_ptr<client::PeopleAccessSource> access_source;
  std::unique_ptr<server::Serving> serving;
  std::unique_ptr<HostedService> service;
  std::unique_ptr<work::Worker> worker;
};

class Process {
 public:
  explicit Process(Flags flags) : flags_(std::move(flags)) {}

  absl::Status Start(const std::vector<ServiceFactory>& factories);
  void WaitForSignal(const sigset_t& signals);
  void Stop();

 private:
  void Add(const ServiceFactory& factory, Connections& connections);
  async::Task<void> WatchReadiness();

  const Flags flags_;
  async::Executor executor_{static_cast<int>(std::max(2u, std::thread::hardware_concurrency()))};
  async::Executor bulk_executor_{1};
  async::Timer timer_{&executor_};
  std::unique_ptr<clock::Clock> clock_;
  std::shared_ptr<const policy::Policy> policy_;
  std::unique_ptr<identifiers::Claims> claims_;
  std::unique_ptr<store::Engine> engine_;
  std::unique_ptr<server::Authenticator> authenticator_;
  std::unique_ptr<server::AccessLog> access_log_;
  server::Metrics metrics_;
  std::atomic<int> in_flight_{0};
  std::vector<std::unique_ptr<Hosted>> hosted_;
  std::unique_ptr<changes::ChangesService> changes_;
  std::unique_ptr<PolicyService> policy_service_;
  std::unique_ptr<grpc::Server> server_;
  std::promise<void> readiness_ended_;
};

void Process::Add(const ServiceFactory& factory, Connections& connections) {
  auto hosted = std::make_unique<Hosted>();
  hosted->store = engine_->Open(factory.name);
  hosted->serving = std::make_unique<server::Serving>();
  server::Serving& serving = *hosted->serving;
  serving.environment.service = factory.name;
  serving.environment.rule_set_version = factory.rule_set_version;
  serving.environment.store = hosted->store.get();
  serving.environment.executor = &executor_;
  serving.environment.bulk_executor = &bulk_executor_;
  serving.environment.timer = &timer_;
  serving.environment.clock = clock_.get();
  serving.environment.policy = policy_;
  serving.environment.claims = claims_.get();
  serving.environment.test_people = flags_.test_people;
  if (factory.name != "people" && connections.Configured("people")) {
    hosted->people = connections.Peer<v1::PeopleService>(factory.name, "people");
    hosted->access_source = std::make_unique<client::PeopleAccessSource>(hosted->people);
    serving.environment.access_source = hosted->access_source.get();
  }
  serving.authenticator = authenticator_.get();
  serving.access_log = access_log_.get();
  serving.metrics = &metrics_;
  serving.in_flight = &in_flight_;
  hosted->service = factory.make(serving, connections);
  hosted->worker = std::make_unique<work::Worker>(serving.environment, hosted->service->jobs());
  serving.environment.work = hosted->worker.get();
  changes_->Add(serving);
  hosted_.push_back(std::move(hosted));
}

absl::Status Process::Start(const std::vector<ServiceFactory>& factories) {
  IPB_ASSIGN_OR_RETURN(policy_, policy::Load(flags_.policy));
  IPB_ASSIGN_OR_RETURN(clock_, OpenClock(flags_.clock_file));
  IPB_ASSIGN_OR_RETURN(claims_, ReadClaimKeys(flags_.claim_keys));
  IPB_ASSIGN_OR_RETURN(engine_, OpenStore(flags_, &executor_));
  IPB_ASSIGN_OR_RETURN(std::shared_ptr<grpc::ServerCredentials> credentials, ServerCredentials(flags_));
  IPB_RETURN_IF_ERROR(metrics_.Start(flags_.metrics));
  authenticator_ = std::make_unique<server::Authenticator>(flags_.insecure, policy_, clock_.get());
  IPB_ASSIGN_OR_RETURN(access_log_, OpenAccessLog(flags_.access_log));
  std::vector<std::string> names;
  for (const ServiceFactory& factory : factories) names.push_back(factory.name);
  Connections connections(&executor_, flags_, names);
  changes_ = std::make_unique<changes::ChangesService>();
  for (const ServiceFactory& factory : factories) Add(factory, connections);
  policy_service_ = std::make_unique<PolicyService>(*hosted_.front()->serving);

  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(flags_.listen, std::move(credentials), &port);
  builder.SetMaxReceiveMessageSize(server::kMaximumMessageBytes);
  builder.SetMaxSendMessageSize(server::kMaximumMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, server::kMinimumPingIntervalMs);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  for (const auto& hosted : hosted_) builder.RegisterService(hosted->service->grpc_service());
  builder.RegisterService(changes_.get());
  builder.RegisterService(policy_service_->grpc_service());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrCat("--listen=", flags_.listen, ": cannot serve there; is it in use?"));
  }
  server_->GetHealthCheckService()->SetServingStatus(kReady, false);
  connections.Connect(*server_);
  for (const auto& hosted : hosted_) {
    hosted->worker->Start();
    hosted->service->Started();
  }
  async::Start(WatchReadiness(), [this] { readiness_ended_.set_value(); });
  std::fprintf(stderr, "serving on port %d, policy %s\n", port, policy_->version().c_str());
  return absl::OkStatus();
}

async::Task<void> Process::WatchReadiness() {
  while (true) {
    auto pinging = hosted_.front()->store->Ping();
    const absl::Status store = co_await pinging;
    server_->GetHealthCheckService()->SetServingStatus(kReady, store.ok());
    metrics_.StoreReady(store.ok());
    async::Completion<async::Wake> sleeping = timer_.Sleep(absl::ToChronoMilliseconds(server::kReadinessInterval));
    if (co_await sleeping == async::Wake::kClosed) co_return;
  }
}

void Process::WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

// Readiness off, streams, work, server, store, threads: in this order every call still finds what it needs.
void Process::Stop() {
  server_->GetHealthCheckService()->SetServingStatus(kReady, false);
  changes_->Drain();
  timer_.Close();
  readiness_ended_.get_future().wait();
  for (const auto& hosted : hosted_) hosted->worker->Stop();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + server::kDrain));
  server_->Wait();
  engine_->Close();
}

}  // namespace

int Main(int argc, char** argv, std::vector<ServiceFactory> services) {
  absl::StatusOr<Flags> flags = ReadFlags(argc, argv);
  if (!flags.ok()) {
    std::fprintf(stderr, "%s\n", std::string(flags.status().message()).c_str());
    return 2;
  }
  // Signals are taken by this thread alone, outside any handler; every thread made below inherits the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  Process process(*std::move(flags));
  const absl::Status started = process.Start(services);
  if (!started.ok()) {
    std::fprintf(stderr, "%s\n", std::string(started.message()).c_str());
    return 1;
  }
  process.WaitForSignal(signals);
  process.Stop();
  return 0;
}

}  // namespace ipb::process
