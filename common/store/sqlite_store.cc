#include "common/store/sqlite_store.h"

#include <mutex>
#include <utility>

#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/store/in_flight.h"
#include "common/store/limits.h"
#include "common/store/sqlite_queries.h"
#include "common/store/sqlite_schema.h"
#include "common/store/sqlite_worker.h"

namespace ipb::store {
namespace {

using sqlite::Connection;
using sqlite::Worker;

// What the stores of an engine share.
struct Core {
  std::string epoch;
  std::function<absl::Time()> now;
  async::Executor* executor;
  std::unique_ptr<Worker> writer;
  std::unique_ptr<Worker> own_reader;  // null in memory, where a second connection would see another database
  Worker& reader() { return own_reader ? *own_reader : *writer; }
};

// One store's state; the calls under way hold it.
struct Space {
  std::shared_ptr<Core> core;
  std::string name;
  InFlight calls;

  void Close() {
    calls.Close();
    core->writer->Cancel(this);
    core->reader().Cancel(this);
    calls.WaitForNone();
  }
};

size_t BytesOf(const Writes& writes) {
  size_t bytes = writes.history.size() + writes.remember.reply.size() + writes.head.value_or("").size() +
                 writes.access.value_or("").size();
  for (const Record& put : writes.puts) bytes += put.data.size() + put.name.size();
  return bytes + (writes.index_adds.size() + writes.index_removes.size() + writes.deletes.size()) * 128;
}

template <typename T>
using Work = absl::AnyInvocable<absl::StatusOr<T>(Connection&)>;

// Hands the work to a worker and waits for its result.
template <typename T>
async::Task<absl::StatusOr<T>> Call(std::shared_ptr<Space> space, Worker* worker, absl::Status valid,
                                    size_t bytes, Work<T> work) {
  if (!valid.ok()) co_return valid;
  if (!space->calls.Enter()) co_return errors::StoreUnavailable("it is closed");
  async::Completion<absl::StatusOr<T>> completion(space->core->executor);
  std::unique_ptr<sqlite::Job> job = std::make_unique<sqlite::JobOf<T>>(completion, std::move(work));
  job->owner = space.get();
  job->bytes = bytes;
  const absl::Status submitted = worker->Submit(std::move(job));
  if (!submitted.ok()) {
    space->calls.Leave();
    co_return submitted;
  }
  absl::StatusOr<T> result = co_await completion;
  space->calls.Leave();
  co_return result;
}

// Work holds the space only by pointer: the call that waits for it keeps the space alive until the work is
// done.
class SqliteStore : public Store {
 public:
  explicit SqliteStore(std::shared_ptr<Space> space) : space_(std::move(space)) {}

  async::Task<absl::StatusOr<LoadResult>> Load(LoadRequest request) override {
    absl::Status valid = CheckLoad(request);
    return Read<LoadResult>(std::move(valid),
                            [space = space_.get(), request = std::move(request)](Connection& on) {
                              return sqlite::Load(on, space->name, request);
                            });
  }

  async::Task<absl::StatusOr<std::vector<Record>>> List(std::string subject, std::string prefix,
                                                        std::string after, size_t limit) override {
    absl::Status valid = CheckList(subject, prefix, after, limit);
    return Read<std::vector<Record>>(
        std::move(valid), [space = space_.get(), subject = std::move(subject), prefix = std::move(prefix),
                           after = std::move(after), limit](Connection& on) {
          return sqlite::List(on, space->name, subject, prefix, after, limit);
        });
  }

  async::Task<absl::StatusOr<std::vector<std::string>>> History(std::string subject, int64_t after,
                                                                size_t limit) override {
    absl::Status valid = CheckHistory(subject, after, limit);
    return Read<std::vector<std::string>>(
        std::move(valid), [space = space_.get(), subject = std::move(subject), after, limit](Connection& on) {
          return sqlite::History(on, space->name, subject, after, limit);
        });
  }

  async::Task<absl::StatusOr<CommitResult>> Commit(std::string subject, Revision expected, Writes writes,
                                                   bool check_only) override {
    absl::Status valid = CheckCommit(subject, expected, writes);
    const size_t bytes = BytesOf(writes);
    if (check_only) {
      return Read<CommitResult>(std::move(valid),
                                [space = space_.get(), subject = std::move(subject),
                                 expected = std::move(expected), writes = std::move(writes)](Connection& on) {
                                  return sqlite::Judge(on, space->name, subject, expected, writes).result;
                                });
    }
    return Write<CommitResult>(std::move(valid), bytes,
                               [space = space_.get(), subject = std::move(subject),
                                expected = std::move(expected), writes = std::move(writes)](Connection& on) {
                                 return sqlite::Commit(on, space->name, subject, expected, writes,
                                                       space->core->now());
                               });
  }

  async::Task<absl::StatusOr<std::vector<IndexEntry>>> Scan(std::string index, std::string from,
                                                            std::string to, std::optional<IndexEntry> after,
                                                            size_t limit) override {
    absl::Status valid = CheckScan(index, from, to, after, limit);
    return Read<std::vector<IndexEntry>>(
        std::move(valid), [space = space_.get(), index = std::move(index), from = std::move(from),
                           to = std::move(to), after = std::move(after), limit](Connection& on) {
          return sqlite::Scan(on, space->name, index, from, to, after, limit);
        });
  }

  async::Task<absl::StatusOr<TailResult>> Tail(Cursor cursor, size_t limit) override {
    absl::Status valid = CheckTail(cursor, limit);
    return Read<TailResult>(std::move(valid),
                            [space = space_.get(), cursor = std::move(cursor), limit](Connection& on) {
                              return sqlite::Tail(on, space->name, space->core->epoch, cursor, limit);
                            });
  }

  async::Task<absl::StatusOr<Cursor>> Now() override {
    return Read<Cursor>(absl::OkStatus(), [space = space_.get()](Connection& on) {
      return sqlite::Now(on, space->name, space->core->epoch);
    });
  }

  async::Task<absl::StatusOr<size_t>> Trim(absl::Time changes_before, absl::Time replies_before,
                                           size_t limit) override {
    return Write<size_t>(CheckLimit(limit), 0,
                         [space = space_.get(), changes_before, replies_before, limit](Connection& on) {
                           return sqlite::Trim(on, space->name, changes_before, replies_before, limit);
                         });
  }

  async::Task<absl::Status> Ping() override {
    auto call = Write<bool>(absl::OkStatus(), 0, [](Connection& on) {
      sqlite::Ping(on);
      return true;
    });
    const absl::StatusOr<bool> done = co_await call;
    co_return done.status();
  }

  void Close() override { space_->Close(); }

 private:
  template <typename T>
  async::Task<absl::StatusOr<T>> Read(absl::Status valid, Work<T> work) {
    return Call<T>(space_, &space_->core->reader(), std::move(valid), 0, std::move(work));
  }
  template <typename T>
  async::Task<absl::StatusOr<T>> Write(absl::Status valid, size_t bytes, Work<T> work) {
    return Call<T>(space_, space_->core->writer.get(), std::move(valid), bytes, std::move(work));
  }

  const std::shared_ptr<Space> space_;
};

class SqliteEngine : public Engine {
 public:
  explicit SqliteEngine(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  ~SqliteEngine() override { Close(); }

  std::unique_ptr<Store> Open(std::string space) override {
    auto opened = std::make_shared<Space>();
    opened->core = core_;
    opened->name = std::move(space);
    const std::lock_guard lock(mutex_);
    spaces_.push_back(opened);
    return std::make_unique<SqliteStore>(std::move(opened));
  }

  void Close() override {
    std::vector<std::weak_ptr<Space>> spaces;
    {
      const std::lock_guard lock(mutex_);
      spaces.swap(spaces_);
    }
    for (const std::weak_ptr<Space>& weak : spaces) {
      if (const std::shared_ptr<Space> space = weak.lock()) space->Close();
    }
    if (core_->own_reader) core_->own_reader->Stop();
    core_->writer->Stop();
  }

 private:
  const std::shared_ptr<Core> core_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<Space>> spaces_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> OpenSqlite(std::string file, async::Executor* executor,
                                                   SqliteOptions options) {
  if (file.empty()) return errors::InvalidField("file", "is empty");
  auto core = std::make_shared<Core>();
  core->now = std::move(options.now);
  core->executor = executor;
  IPB_ASSIGN_OR_RETURN(std::unique_ptr<Connection> writer, Connection::Open(file));
  IPB_ASSIGN_OR_RETURN(core->epoch, sqlite::Prepare(file, *writer));
  if (file != ":memory:") {
    IPB_ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader, Connection::Open(file));
    IPB_ASSIGN_OR_RETURN(core->epoch, sqlite::Prepare(file, *reader));
    core->own_reader = std::make_unique<Worker>(std::move(reader), "BEGIN", executor);
  }
  core->writer = std::make_unique<Worker>(std::move(writer), "BEGIN IMMEDIATE", executor);
  return std::make_unique<SqliteEngine>(std::move(core));
}

}  // namespace ipb::store
