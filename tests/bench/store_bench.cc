// Commits and loads a second of both engines, without servers: to tune the store by itself. Prints a line for
// each engine, operation and number of calls in flight; exit code 1 where a call failed.
//
// A commit is of the size that RecordSpending makes, a load of the size that it begins with.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/errors/status_macros.h"
#include "common/store/redis_store.h"
#include "common/store/sqlite_store.h"
#include "tests/bench/lanes.h"
#include "tests/bench/population.h"
#include "tests/store/redis_server.h"

ABSL_FLAG(std::string, engines, "sqlite,redis", "which to measure");
ABSL_FLAG(std::vector<std::string>, in_flight, (std::vector<std::string>{"1", "8", "128"}),
          "calls at a time");
ABSL_FLAG(int64_t, calls, 20000, "calls of each measurement with more than one in flight; a tenth with one");
ABSL_FLAG(int64_t, subjects, 20000, "people");
ABSL_FLAG(int, commit_connections, ipb::store::RedisOptions().commit_connections,
          "connections to Redis for commits and loads");

namespace ipb::bench {
namespace {

// Drives one store. Each person belongs to one lane, so that no commit conflicts.
class Bench {
 public:
  explicit Bench(store::Store& store)
      : store_(store), population_(absl::GetFlag(FLAGS_subjects)), revisions_(population_.size()) {}

  // Calls a second.
  double Commits(int lanes, int64_t calls) {
    return Rate(calls, [&] {
      RunLanes(lanes, calls, [&](int64_t index, int lane) { return Commit(PersonOf(index, lane, lanes)); });
    });
  }
  double Loads(int lanes, int64_t calls) {
    return Rate(calls, [&] {
      RunLanes(lanes, calls, [&](int64_t index, int lane) { return Load(PersonOf(index, lane, lanes)); });
    });
  }
  int64_t failed() const { return failed_; }

 private:
  int64_t PersonOf(int64_t index, int lane, int lanes) const {
    return (index / lanes * lanes + lane) % (population_.size() / lanes * lanes);
  }

  template <typename Work>
  static double Rate(int64_t calls, const Work& work) {
    const auto began = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    return static_cast<double>(calls) / took.count();
  }

  async::Task<void> Commit(int64_t person) {
    store::Revision& revision = revisions_[person];
    store::Writes writes;
    const int64_t count = commits_++;
    const std::string number = absl::StrCat(revision.counter + 1);
    writes.commit_id = absl::StrCat(absl::Hex(count, absl::kZeroPad16));
    writes.puts = {{"agreements/a1/balance", std::string(160, 'b'), 0},
                   {absl::StrCat("spendings/", number), std::string(280, 's'), 0},
                   {absl::StrCat("spendings/", number, "/explanation"), std::string(600, 'e'), 0},
                   {absl::StrCat("transactions/", number), std::string(240, 't'), 0}};
    writes.head = std::string(120, 'h');
    writes.history = std::string(330, 'y');
    writes.request_key = absl::StrCat(writes.commit_id, writes.commit_id);
    writes.remember = {std::string(16, 'f'), std::string(880, 'r'), "spendings/1", 0};
    auto committing = store_.Commit(population_.Name(person), revision, std::move(writes), false);
    const absl::StatusOr<store::CommitResult> result = co_await committing;
    if (result.ok() && result->kind == store::CommitResult::Kind::kDone) {
      revision = result->revision;
    } else {
      ++failed_;
    }
  }

  async::Task<void> Load(int64_t person) {
    store::LoadRequest request;
    request.subject = population_.Name(person);
    request.request_key = "another request that was not made";
    request.names = BalanceRecords();
    auto loading = store_.Load(std::move(request));
    const absl::StatusOr<store::LoadResult> result = co_await loading;
    if (!result.ok()) ++failed_;
  }

  store::Store& store_;
  const Population population_;
  std::vector<store::Revision> revisions_;
  std::atomic<int64_t> commits_{0};
  std::atomic<int64_t> failed_{0};
};

// True if nothing failed.
bool Measure(const char* name, store::Engine& engine) {
  const std::unique_ptr<store::Store> store = engine.Open("bench");
  Bench bench(*store);
  for (const std::string& text : absl::GetFlag(FLAGS_in_flight)) {
    const int lanes = std::clamp(std::atoi(text.c_str()), 1, static_cast<int>(absl::GetFlag(FLAGS_subjects)));
    const int64_t calls = absl::GetFlag(FLAGS_calls) / (lanes == 1 ? 10 : 1);
    const double commits = bench.Commits(lanes, calls);
    const double loads = bench.Loads(lanes, calls);
    absl::PrintF("%-8s %4d in flight %9.0f commits/s %9.0f loads/s\n", name, lanes, commits, loads);
    std::fflush(stdout);
  }
  engine.Close();
  if (bench.failed() > 0)
    std::fprintf(stderr, "%s: %ld calls failed\n", name, static_cast<long>(bench.failed()));
  return bench.failed() == 0;
}

absl::StatusOr<bool> MeasureSqlite(async::Executor& executor) {
  char folder[] = "/tmp/ipb_sqlite_XXXXXX";
  if (mkdtemp(folder) == nullptr) return absl::UnavailableError("no folder for SQLite");
  IPB_ASSIGN_OR_RETURN(const std::unique_ptr<store::Engine> engine,
                       store::OpenSqlite(absl::StrCat(folder, "/store.db"), &executor));
  const bool passed = Measure("sqlite", *engine);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return passed;
}

absl::StatusOr<bool> MeasureRedis(async::Executor& executor) {
  store::RedisServer server;
  store::RedisOptions options;
  options.commit_connections = absl::GetFlag(FLAGS_commit_connections);
  IPB_ASSIGN_OR_RETURN(const std::unique_ptr<store::Engine> engine,
                       store::OpenRedis("127.0.0.1", server.port(), &executor, options));
  return Measure("redis", *engine);
}

absl::StatusOr<bool> Main() {
  async::Executor executor(static_cast<int>(std::max(2u, std::thread::hardware_concurrency())));
  bool passed = true;
  for (const absl::string_view name : absl::StrSplit(absl::GetFlag(FLAGS_engines), ',')) {
    if (name != "sqlite" && name != "redis")
      return absl::InvalidArgumentError("--engines takes sqlite and redis");
    IPB_ASSIGN_OR_RETURN(const bool good,
                         name == "sqlite" ? MeasureSqlite(executor) : MeasureRedis(executor));
    passed = passed && good;
  }
  return passed;
}

}  // namespace
}  // namespace ipb::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::StatusOr<bool> passed = ipb::bench::Main();
  if (!passed.ok()) std::fprintf(stderr, "%s\n", passed.status().ToString().c_str());
  return passed.value_or(false) ? 0 : 1;
}
