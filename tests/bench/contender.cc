// What the suite is measured against: a server that answers RecordSpending and GetBalance with messages like
// the suite's and knows nothing of budgets.
//
//   --as=echo   a bare callback echo: takes the request, gives the reply.
//   --as=floor  the same after the one store call that durable work cannot do without: a commit of as many
//   records, bytes
//               and remembered replies as RecordSpending makes, or the load of what GetBalance reads. It
//               keeps revisions in memory, and so does without the load that a write of the suite begins
//               with.
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "common/client/grpc_status.h"
#include "common/errors/status_macros.h"
#include "common/store/redis_store.h"
#include "grpcpp/grpcpp.h"
#include "ipb/v1/payments_service.grpc.pb.h"
#include "tests/bench/lanes.h"
#include "tests/bench/population.h"
#include "tests/bench/sample.h"

ABSL_FLAG(std::string, as, "echo", "echo or floor");
ABSL_FLAG(int, redis_port, 0, "port of the Redis in which a payments service keeps the seeded people");
ABSL_FLAG(int64_t, subjects, 20000, "people");
ABSL_FLAG(std::string, listen, "127.0.0.1:0", "HOST:PORT to serve on");

namespace ipb::bench {
namespace {

using Context = grpc::CallbackServerContext;

class Echo final : public v1::PaymentsService::CallbackService {
 public:
  explicit Echo(Sample sample) : sample_(std::move(sample)) {}

  grpc::ServerUnaryReactor* RecordSpending(Context* context, const v1::RecordSpendingRequest*,
                                           v1::Spending* reply) override {
    *reply = sample_.spending;
    return Finish(context);
  }
  grpc::ServerUnaryReactor* GetBalance(Context* context, const v1::GetBalanceRequest*,
                                       v1::Balance* reply) override {
    *reply = sample_.balance;
    return Finish(context);
  }

 private:
  static grpc::ServerUnaryReactor* Finish(Context* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  const Sample sample_;
};

class Floor final : public v1::PaymentsService::CallbackService {
 public:
  Floor(Sample sample, std::unique_ptr<store::Store> store, const Population& population)
      : sample_(std::move(sample)),
        reply_(sample_.spending.SerializeAsString()),
        store_(std::move(store)),
        population_(population),
        states_(population.size()) {}

  // Copies what payments keeps of each person, so that both stores hold as much.
  absl::Status Fill(store::Store& payments) {
    constexpr int kLanes = 64;
    std::atomic<int> failed{0};
    RunLanes(kLanes, population_.size(),
             [&](int64_t index, int) { return FillOne(payments, index, failed); });
    if (failed > 0) return absl::UnavailableError("the people could not be copied");
    return absl::OkStatus();
  }

  grpc::ServerUnaryReactor* RecordSpending(Context* context, const v1::RecordSpendingRequest* request,
                                           v1::Spending* reply) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    async::Start(Write(*request, reply),
                 [reactor](absl::Status status) { reactor->Finish(client::ToGrpc(status)); });
    return reactor;
  }
  grpc::ServerUnaryReactor* GetBalance(Context* context, const v1::GetBalanceRequest* request,
                                       v1::Balance* reply) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    async::Start(Read(*request, reply),
                 [reactor](absl::Status status) { reactor->Finish(client::ToGrpc(status)); });
    return reactor;
  }

 private:
  // One person. Whoever sets `busy` may use the rest.
  struct State {
    std::atomic<bool> busy{false};
    store::Revision revision;
    int64_t spendings = 1;
  };

  // As long as the suite's: 16 digits.
  std::string NewCommitId() { return absl::StrCat(absl::Hex(commits_.fetch_add(1), absl::kZeroPad16)); }

  async::Task<void> FillOne(store::Store& payments, int64_t index, std::atomic<int>& failed) {
    const absl::Status copied = co_await Copy(payments, index);
    if (!copied.ok()) ++failed;
  }

  async::Task<absl::Status> Copy(store::Store& payments, int64_t index) {
    store::LoadRequest request;
    request.subject = population_.Name(index);
    auto loading = payments.Load(request);
    IPB_CO_ASSIGN_OR_RETURN(store::LoadResult loaded, co_await loading);
    auto listing = payments.List(request.subject, "", "", store::kMaximumPage);
    store::Writes writes;
    IPB_CO_ASSIGN_OR_RETURN(writes.puts, co_await listing);
    writes.commit_id = NewCommitId();
    writes.head = std::move(loaded.head);
    writes.access = std::move(loaded.access);
    writes.history = sample_.history;
    auto committing = store_->Commit(request.subject, store::Revision{}, std::move(writes), false);
    IPB_CO_ASSIGN_OR_RETURN(const store::CommitResult result, co_await committing);
    states_[index].revision = result.revision;
    co_return result.kind == store::CommitResult::Kind::kDone ? absl::OkStatus()
                                                              : absl::AbortedError("copied before");
  }

  async::Task<absl::Status> Write(const v1::RecordSpendingRequest& request, v1::Spending* reply) {
    const int64_t index = population_.IndexOf(request.parent());
    if (index < 0) co_return absl::NotFoundError("somebody else");
    State& state = states_[index];
    if (state.busy.exchange(true)) co_return absl::AbortedError("two calls for one person at the same time");
    auto committing = store_->Commit(request.parent(), state.revision, WritesFor(request, state), false);
    const absl::StatusOr<store::CommitResult> result = co_await committing;
    if (result.ok() && result->kind == store::CommitResult::Kind::kDone) {
      state.revision = result->revision;
      ++state.spendings;
    }
    state.busy = false;
    IPB_CO_RETURN_IF_ERROR(result.status());
    if (result->kind != store::CommitResult::Kind::kDone) co_return absl::AbortedError("lost a race");
    *reply = sample_.spending;
    co_return absl::OkStatus();
  }

  store::Writes WritesFor(const v1::RecordSpendingRequest& request, const State& state) {
    constexpr int kFingerprintBytes = 16;
    store::Writes writes;
    writes.commit_id = NewCommitId();
    writes.puts.reserve(sample_.records.size());
    for (const SampleRecord& record : sample_.records) {
      writes.puts.push_back({record.Name(state.spendings + 1), record.data, 0});
    }
    writes.head = sample_.head;
    writes.history = sample_.history;
    // 32 bytes, as a key of the suite has.
    writes.request_key = absl::StrCat(writes.commit_id, request.request_id().substr(20));
    writes.remember = {std::string(kFingerprintBytes, 'f'), reply_, sample_.spending.name(), 0};
    return writes;
  }

  async::Task<absl::Status> Read(const v1::GetBalanceRequest& request, v1::Balance* reply) {
    store::LoadRequest load;
    load.subject = request.name().substr(0, request.name().find("/agreements/"));
    load.names = BalanceRecords();
    auto loading = store_->Load(std::move(load));
    IPB_CO_ASSIGN_OR_RETURN(const store::LoadResult loaded, co_await loading);
    if (!loaded.records.front()) co_return absl::NotFoundError("no balance");
    *reply = sample_.balance;
    co_return absl::OkStatus();
  }

  const Sample sample_;
  const std::string reply_;
  const std::unique_ptr<store::Store> store_;
  const Population& population_;
  std::vector<State> states_;
  std::atomic<uint64_t> commits_{1};
};

// Serves until SIGTERM.
absl::Status Serve(grpc::Service& service) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(absl::GetFlag(FLAGS_listen), grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) return absl::UnavailableError("cannot serve there; is it in use?");
  std::fprintf(stderr, "serving on port %d\n", port);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown();
  return absl::OkStatus();
}

absl::Status Run(store::Engine& engine) {
  const Population population(absl::GetFlag(FLAGS_subjects));
  const std::unique_ptr<store::Store> payments = engine.Open(kPaymentsSpace);
  IPB_ASSIGN_OR_RETURN(Sample sample, async::Wait(TakeSample(*payments, population.Name(0))));
  if (absl::GetFlag(FLAGS_as) == "echo") {
    engine.Close();
    Echo echo(std::move(sample));
    return Serve(echo);
  }
  Floor floor(std::move(sample), engine.Open(kFloorSpace), population);
  IPB_RETURN_IF_ERROR(floor.Fill(*payments));
  const absl::Status served = Serve(floor);
  engine.Close();
  return served;
}

absl::Status Main() {
  // As many threads as the suite's own executor has.
  async::Executor executor(static_cast<int>(std::max(2u, std::thread::hardware_concurrency())));
  IPB_ASSIGN_OR_RETURN(const std::unique_ptr<store::Engine> engine,
                       store::OpenRedis("127.0.0.1", absl::GetFlag(FLAGS_redis_port), &executor));
  return Run(*engine);
}

}  // namespace
}  // namespace ipb::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  // Signals are waited for; every thread made below inherits the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const absl::Status status = ipb::bench::Main();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
