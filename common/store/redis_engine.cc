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
    core_->commits.Close();
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

RedisCore::RedisCore(RedisLoopOptions options, const PrimingOptions& priming, async::Executor* executor)
    : waits_for_replicas(options.replicas > 0),
      commits(options, Steps(priming, identity), executor),
      reads(options, Steps(priming, identity), executor) {}

void CloseSession(RedisCore& core, Session& session) {
  session.closed = true;
  core.commits.EndClosed();
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
  auto core = std::make_shared<RedisCore>(loop, priming, executor);
  const absl::Time limit = absl::Now() + options.start_limit;
  IPB_RETURN_IF_ERROR(core->commits.WaitReady(options.start_limit));
  IPB_RETURN_IF_ERROR(core->reads.WaitReady(std::max(absl::Milliseconds(1), limit - absl::Now())));
  return std::make_unique<RedisEngine>(std::move(core));
}

}  // namespace ipb::store
