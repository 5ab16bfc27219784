#include <algorithm>
#include <mutex>
#include <utility>

#include "common/errors/status_macros.h"
#include "common/store/redis_core.h"
#include "common/store/redis_functions.h"
#include "common/store/redis_store.h"

namespace ipb::store {
namespace {

class RedisEngine : public Engine {
 public:
  explicit RedisEngine(std::shared_ptr<RedisCore> core) : core_(std::move(core)) {}
  ~RedisEngine() override { Close(); }

  std::unique_ptr<Store> Open(std::string space) override {
    auto session = std::make_shared<Session>();
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [](const std::weak_ptr<Session>& known) { return known.expired(); });
    sessions_.push_back(session);
    return std::make_unique<RedisStore>(core_, std::move(session), std::move(space));
  }

  void Close() override {
    std::vector<std::weak_ptr<Session>> sessions;
    {
      const std::lock_guard lock(mutex_);
      sessions.swap(sessions_);
    }
    for (const std::weak_ptr<Session>& known : sessions) {
      if (const std::shared_ptr<Session> session = known.lock()) CloseSession(*core_, *session);
    }
    for (const auto& loop : core_->commit_loops) loop->Close();
    core_->reads.Close();
  }

 private:
  const std::shared_ptr<RedisCore> core_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<Session>> sessions_;
};

std::function<std::vector<PrimingStep>()> Steps(const PrimingOptions& options,
                                                std::shared_ptr<RedisIdentity> identity) {
  return [options, identity] { return MakePrimingSteps(options, identity); };
}

}  // namespace

RedisCore::RedisCore(const RedisLoopOptions& options, int connections, const PrimingOptions& priming,
                     async::Executor* executor)
    : waits_for_replicas(options.replicas > 0),
      reads(read_thread, options, Steps(priming, identity), executor) {
  for (int i = 0; i < std::max(1, connections); ++i) {
    commit_loops.push_back(
        std::make_unique<RedisLoop>(commit_thread, options, Steps(priming, identity), executor));
  }
}

void CloseSession(RedisCore& core, Session& session) {
  session.closed = true;
  for (const auto& loop : core.commit_loops) loop->EndClosed();
  core.reads.EndClosed();
  for (int count = session.under_way; count != 0; count = session.under_way) session.under_way.wait(count);
}

absl::StatusOr<std::unique_ptr<Engine>> OpenRedis(const std::string& host, int port,
                                                  async::Executor* executor, const RedisOptions& options) {
  RedisLoopOptions loop;
  loop.host = host;
  loop.port = port;
  loop.deadline = options.deadline;
  loop.silence_limit = options.silence_limit;
  loop.replicas = options.replicas;
  loop.replicas_limit = std::min(loop.replicas_limit, options.silence_limit / 2);
  loop.maximum_calls = options.maximum_calls;
  loop.function_library = FunctionLibrary();
  const PrimingOptions priming{options.password, !options.allow_losing_acknowledged_writes};
  auto core = std::make_shared<RedisCore>(loop, options.commit_connections, priming, executor);
  const absl::Time limit = absl::Now() + options.start_limit;
  const auto rest = [limit] { return std::max(absl::Milliseconds(1), limit - absl::Now()); };
  for (const auto& commits : core->commit_loops) IPB_RETURN_IF_ERROR(commits->WaitReady(rest()));
  IPB_RETURN_IF_ERROR(core->reads.WaitReady(rest()));
  return std::make_unique<RedisEngine>(std::move(core));
}

}  // namespace ipb::store
