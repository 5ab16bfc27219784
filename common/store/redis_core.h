// What the stores of one Redis engine share, and the store itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/store/redis_keys.h"
#include "common/store/redis_loop.h"
#include "common/store/redis_priming.h"
#include "common/store/store.h"

namespace ipb::store {

// The connections to one server: some for Load and Commit, one for what may be long. Redis takes at most 16
// to 32 KiB from a connection before it writes and syncs its log, so one connection would have it sync for
// every few commits.
struct RedisCore {
  RedisCore(const RedisLoopOptions& options, int connections, const PrimingOptions& priming,
            async::Executor* executor);

  const std::shared_ptr<RedisIdentity> identity = std::make_shared<RedisIdentity>();
  // A subject always uses the same connection.
  RedisLoop& commits(absl::string_view subject) {
    return *commit_loops[PartitionOf(subject) % commit_loops.size()];
  }

  const bool waits_for_replicas;
  // What may be long is kept from the thread of what is short.
  RedisThread commit_thread;
  RedisThread read_thread;
  std::vector<std::unique_ptr<RedisLoop>> commit_loops;
  RedisLoop reads;
};

class RedisStore : public Store {
 public:
  RedisStore(std::shared_ptr<RedisCore> core, std::shared_ptr<Session> session, std::string space)
      : core_(std::move(core)), session_(std::move(session)), keys_(std::move(space)) {}
  ~RedisStore() override { Close(); }

  async::Task<absl::StatusOr<LoadResult>> Load(LoadRequest request) override;
  async::Task<absl::StatusOr<std::vector<Record>>> List(std::string subject, std::string prefix,
                                                        std::string after, size_t limit) override;
  async::Task<absl::StatusOr<std::vector<std::string>>> History(std::string subject, int64_t after,
                                                                size_t limit) override;
  async::Task<absl::StatusOr<CommitResult>> Commit(std::string subject, Revision expected, Writes writes,
                                                   bool check_only) override;
  async::Task<absl::StatusOr<std::vector<IndexEntry>>> Scan(std::string index, std::string from,
                                                            std::string to, std::optional<IndexEntry> after,
                                                            size_t limit) override;
  async::Task<absl::StatusOr<TailResult>> Tail(Cursor cursor, size_t limit) override;
  async::Task<absl::StatusOr<Cursor>> Now() override;
  async::Task<absl::StatusOr<size_t>> Trim(absl::Time changes_before, absl::Time replies_before,
                                           size_t limit) override;
  async::Task<absl::Status> Ping() override;
  void Close() override;

 private:
  using Commands = absl::InlinedVector<Command, 1>;

  async::Completion<RedisLoop::Result> Read(Commands commands) {
    return core_->reads.Submit({.commands = std::move(commands)}, session_);
  }
  async::Completion<RedisLoop::Result> Read(Command command);

  const std::shared_ptr<RedisCore> core_;
  const std::shared_ptr<Session> session_;
  const RedisKeys keys_;
};

// Ends the calls of a session as UNAVAILABLE and waits until all have resumed.
void CloseSession(RedisCore& core, Session& session);

}  // namespace ipb::store
