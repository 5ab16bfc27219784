#include "common/process/process.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/changes/changes_service.h"
#include "common/client/access_source.h"
#include "common/clock/clock.h"
#include "common/decisions/decisions_service.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "common/process/claim_keys.h"
#include "common/process/credentials.h"
#include "common/process/flags.h"
#include "common/process/open_store.h"
#include "common/process/policy_service.h"
#include "common/process/trimmer.h"
#include "common/server/limits.h"
#include "common/statements/statements_service.h"
#include "common/watch/access_mirror.h"
#include "grpc/health/v1/health.pb.h"
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
    const std::shared_ptr<grpc::ChannelCredentials> credentials = ChannelCredentials(flags_);
    for (auto& [name, connect] : wanted_) {
      const auto address = flags_.upstreams.find(name);
      if (address != flags_.upstreams.end()) {
        connect(client::MakeChannel(address->second, credentials));
      } else if (std::find(hosted_.begin(), hosted_.end(), name) != hosted_.end()) {
        connect(here);
      }
    }
  }

  bool Configured(const std::string& name) const override {
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
  std::unique_ptr<watch::AccessMirror> access_mirror;
  std::unique_ptr<HostedService> service;
  std::unique_ptr<work::Worker> worker;
  std::unique_ptr<Trimmer> trimmer;
};

}  // namespace

struct Process::Parts {
  explicit Parts(Flags given) : flags(std::move(given)) {}

  absl::Status Start(const std::vector<ServiceFactory>& factories, Substitutes substitutes);
  absl::Status Open(Substitutes substitutes);
  void Add(const ServiceFactory& factory, Connections& connections, bool mirror_access);
  void Register(grpc::ServerBuilder& builder);
  absl::Status Serve();
  async::Task<void> WatchReadiness();
  void SetReady(bool ready);
  void Stop();
  Hosted* Find(const std::string& service);

  const Flags flags;
  async::Executor executor{static_cast<int>(std::max(2u, std::thread::hardware_concurrency()))};
  async::Executor bulk_executor{1};
  async::Timer timer{&executor};
  std::unique_ptr<clock::Clock> clock;
  std::shared_ptr<const policy::Policy> policy;
  std::unique_ptr<identifiers::Claims> claims;
  std::unique_ptr<store::Engine> engine;
  std::unique_ptr<server::Authenticator> authenticator;
  std::unique_ptr<server::AccessLog> access_log;
  server::Metrics metrics;
  std::atomic<int> in_flight{0};
  std::vector<std::unique_ptr<Hosted>> hosted;
  changes::ChangesService changes;
  decisions::DecisionsService decisions;
  statements::StatementsService statements;
  std::unique_ptr<PolicyService> policy_service;
  std::unique_ptr<grpc::Server> server;
  // Has the same services for calls from here alone, so that those under way find them while `server` drains: once a
  // server shuts down, its own channel must not be called any more.
  std::unique_ptr<grpc::Server> inside;
  int port = 0;
  std::mutex readiness_mutex;
  bool stopping = false;
  std::promise<void> readiness_ended;
};

Hosted* Process::Parts::Find(const std::string& service) {
  for (const auto& one : hosted) {
    if (one->serving->environment.service == service) return one.get();
  }
  return nullptr;
}

absl::Status Process::Parts::Open(Substitutes substitutes) {
  IPB_ASSIGN_OR_RETURN(policy, policy::Load(flags.policy));
  IPB_ASSIGN_OR_RETURN(clock, OpenClock(flags.clock_file));
  if (substitutes.clock != nullptr) clock = std::move(substitutes.clock);
  IPB_ASSIGN_OR_RETURN(claims, ReadClaimKeys(flags.claim_keys));
  IPB_ASSIGN_OR_RETURN(access_log, OpenAccessLog(flags.access_log));
  IPB_RETURN_IF_ERROR(metrics.Start(flags.metrics));
  authenticator = std::make_unique<server::Authenticator>(flags.insecure, policy, clock.get());
  IPB_ASSIGN_OR_RETURN(engine, OpenStore(flags, &executor));
  if (substitutes.wrap_engine) engine = substitutes.wrap_engine(std::move(engine));
  return absl::OkStatus();
}

void Process::Parts::Add(const ServiceFactory& factory, Connections& connections, bool mirror_access) {
  auto added = std::make_unique<Hosted>();
  added->store = engine->Open(factory.name);
  added->serving = std::make_unique<server::Serving>();
  server::Serving& serving = *added->serving;
  serving.environment.service = factory.name;
  serving.environment.rule_set_version = factory.rule_set_version;
  serving.environment.store = added->store.get();
  serving.environment.executor = &executor;
  serving.environment.bulk_executor = &bulk_executor;
  serving.environment.timer = &timer;
  serving.environment.clock = clock.get();
  serving.environment.policy = policy;
  serving.environment.claims = claims.get();
  serving.environment.test_people = flags.test_people;
  serving.environment.refuses_merged = factory.name == "people";
  if (factory.name != "people" && connections.Configured("people")) {
    added->people = connections.Peer<v1::PeopleService>(factory.name, "people");
    added->access_source = std::make_unique<client::PeopleAccessSource>(added->people);
    serving.environment.access_source = added->access_source.get();
    if (mirror_access) {
      added->access_mirror = std::make_unique<watch::AccessMirror>(
          serving.environment, added->people, connections.Peer<v1::ChangesService>(factory.name, "people"));
    }
  }
  serving.authenticator = authenticator.get();
  serving.access_log = access_log.get();
  serving.metrics = &metrics;
  serving.in_flight = &in_flight;
  added->service = factory.make(serving, connections);
  decisions::Deciders deciders = added->service->deciders();
  serving.environment.keeps_decisions = !deciders.empty();
  decisions.Add(serving, std::move(deciders));
  added->worker = std::make_unique<work::Worker>(serving.environment, added->service->jobs());
  serving.environment.work = added->worker.get();
  added->trimmer = std::make_unique<Trimmer>(serving);
  changes.Add(serving);
  std::set<std::string> configured;
  for (const char* owner : {"people", "eligibility", "allocation", "careplanning", "payments"}) {
    if (connections.Configured(owner)) configured.insert(owner);
  }
  statements.Add(serving, std::move(configured));
  hosted.push_back(std::move(added));
}

void Process::Parts::Register(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(server::kMaximumMessageBytes);
  builder.SetMaxSendMessageSize(server::kMaximumMessageBytes);
  for (const auto& one : hosted) builder.RegisterService(one->service->grpc_service());
  builder.RegisterService(&changes);
  builder.RegisterService(&decisions);
  builder.RegisterService(&statements);
  builder.RegisterService(policy_service->grpc_service());
}

absl::Status Process::Parts::Serve() {
  IPB_ASSIGN_OR_RETURN(std::shared_ptr<grpc::ServerCredentials> credentials, ServerCredentials(flags));
  grpc::EnableDefaultHealthCheckService(true);
  // Linked so that reflection can describe the health service, which it lists.
  google::protobuf::LinkMessageReflection<grpc::health::v1::HealthCheckRequest>();
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(flags.listen, std::move(credentials), &port);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, server::kMinimumPingIntervalMs);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  Register(builder);
  server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrCat("--listen=", flags.listen, ": cannot serve there; is it in use?"));
  }
  server->GetHealthCheckService()->SetServingStatus(kReady, false);
  grpc::ServerBuilder builder_inside;
  Register(builder_inside);
  inside = builder_inside.BuildAndStart();
  return inside == nullptr ? absl::InternalError("cannot serve inside the process") : absl::OkStatus();
}

absl::Status Process::Parts::Start(const std::vector<ServiceFactory>& factories, Substitutes substitutes) {
  const bool mirror_access = substitutes.mirror_access;
  const bool work_by_itself = substitutes.work_by_itself;
  IPB_RETURN_IF_ERROR(Open(std::move(substitutes)));
  std::vector<std::string> names;
  for (const ServiceFactory& factory : factories) names.push_back(factory.name);
  Connections connections(&executor, flags, names);
  for (const ServiceFactory& factory : factories) Add(factory, connections, mirror_access);
  policy_service = std::make_unique<PolicyService>(*hosted.front()->serving);
  const absl::Status serving = Serve();
  if (!serving.ok()) {
    engine->Close();
    return serving;
  }
  connections.Connect(*inside);
  for (const auto& one : hosted) {
    if (work_by_itself) one->worker->Start();
    one->trimmer->Start();
    if (one->access_mirror != nullptr) one->access_mirror->Start();
    one->service->Started();
  }
  async::Start(WatchReadiness(), [this] { readiness_ended.set_value(); });
  return absl::OkStatus();
}

async::Task<void> Process::Parts::WatchReadiness() {
  while (true) {
    auto pinging = hosted.front()->store->Ping();
    const absl::Status store = co_await pinging;
    SetReady(store.ok());
    metrics.StoreReady(store.ok());
    async::Completion<async::Wake> sleeping = timer.Sleep(absl::ToChronoMilliseconds(server::kReadinessInterval));
    if (co_await sleeping == async::Wake::kClosed) co_return;
  }
}

// Once the process is stopping, a store that answers does not make it ready again.
void Process::Parts::SetReady(bool ready) {
  const std::lock_guard lock(readiness_mutex);
  server->GetHealthCheckService()->SetServingStatus(kReady, ready && !stopping);
}

// In this order every call still finds what it needs.
void Process::Parts::Stop() {
  {
    const std::lock_guard lock(readiness_mutex);
    stopping = true;
  }
  SetReady(false);
  changes.Drain();
  for (const auto& one : hosted) {
    if (one->access_mirror != nullptr) one->access_mirror->Stop();
    one->service->Stopping();
  }
  timer.Close();
  readiness_ended.get_future().wait();
  for (const auto& one : hosted) {
    one->worker->Stop();
    one->trimmer->Stop();
  }
  server->Shutdown(absl::ToChronoTime(absl::Now() + server::kDrain));
  server->Wait();
  inside->Shutdown(absl::ToChronoTime(absl::Now() + server::kDrain));
  inside->Wait();
  engine->Close();
}

Process::Process(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Process::~Process() { parts_->Stop(); }

absl::StatusOr<std::unique_ptr<Process>> Process::Start(Flags flags, const std::vector<ServiceFactory>& factories,
                                                        Substitutes substitutes) {
  auto parts = std::make_unique<Parts>(std::move(flags));
  IPB_RETURN_IF_ERROR(parts->Start(factories, std::move(substitutes)));
  return std::unique_ptr<Process>(new Process(std::move(parts)));
}

int Process::port() const { return parts_->port; }

std::shared_ptr<grpc::Channel> Process::InProcessChannel() { return parts_->server->InProcessChannel({}); }

store::Store* Process::StoreOf(const std::string& service) {
  Hosted* found = parts_->Find(service);
  return found == nullptr ? nullptr : found->store.get();
}

work::Worker* Process::WorkerOf(const std::string& service) {
  Hosted* found = parts_->Find(service);
  return found == nullptr ? nullptr : found->worker.get();
}

Trimmer* Process::TrimmerOf(const std::string& service) {
  Hosted* found = parts_->Find(service);
  return found == nullptr ? nullptr : found->trimmer.get();
}

namespace {

bool Makes(const std::vector<ServiceFactory>& factories, const std::string& service) {
  return std::any_of(factories.begin(), factories.end(),
                     [&](const ServiceFactory& factory) { return factory.name == service; });
}

}  // namespace

int Main(int argc, char** argv, std::vector<ServiceFactory> factories, std::optional<ServiceFactory> people,
         HostPeople host_people) {
  absl::StatusOr<Flags> flags = ReadFlags(argc, argv);
  if (!flags.ok()) {
    std::fprintf(stderr, "%s\n", std::string(flags.status().message()).c_str());
    return 2;
  }
  const bool nowhere_else = host_people == HostPeople::kUnlessElsewhere && flags->upstreams.count("people") == 0;
  if (flags->host_people && !people && !Makes(factories, "people")) {
    std::fprintf(stderr, "--host_people: this program cannot host them; give --people\n");
    return 2;
  }
  if (people && (flags->host_people || nowhere_else)) factories.insert(factories.begin(), *std::move(people));
  // Signals are taken by this thread alone, outside any handler; every thread made below inherits the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // On in Debian's build; its bookkeeping costs a few per cent of every call.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::StatusOr<std::unique_ptr<Process>> process = Process::Start(*std::move(flags), factories);
  if (!process.ok()) {
    std::fprintf(stderr, "%s\n", std::string(process.status().message()).c_str());
    return 1;
  }
  std::fprintf(stderr, "serving on port %d\n", (*process)->port());
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace ipb::process
