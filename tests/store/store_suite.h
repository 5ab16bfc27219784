// The one behavioural suite that holds every engine to the contract of common/store/store.h.
//
// An engine's test instantiates it:
//   INSTANTIATE_TEST_SUITE_P(SqliteFile, StoreSuite, testing::Values(BackendCase{"file", MakeFile}), NameOf);
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/async/executor.h"
#include "common/store/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/async/wait.h"

namespace ipb::store {

// What the suite needs of an engine: where its data is, and how to come by it again.
class Backend {
 public:
  virtual ~Backend() = default;
  // Opens the data of this backend, empty at first. Called again, after the engine before was closed and
  // destroyed, to see what lasted. The suite never has two open at once.
  virtual std::unique_ptr<Engine> Open(async::Executor* executor) = 0;
  // Whether data lasts from one Open to the next.
  virtual bool Durable() const = 0;
  // Moves the engine's clock on by at least two milliseconds, or returns when it has moved.
  virtual void AdvanceClock() = 0;
};

struct BackendCase {
  std::string name;
  std::function<std::unique_ptr<Backend>()> make;
};

inline std::string NameOf(const testing::TestParamInfo<BackendCase>& info) { return info.param.name; }

class StoreSuite : public testing::TestWithParam<BackendCase> {
 protected:
  StoreSuite() : backend_(GetParam().make()) { OpenAll(); }
  ~StoreSuite() override { CloseAll(); }

  void OpenAll() {
    executor_ = std::make_unique<async::Executor>(2);
    engine_ = backend_->Open(executor_.get());
    store_ = engine_->Open("payments");
    other_ = engine_->Open("reviews");
  }
  void CloseAll() {
    if (engine_) engine_->Close();
    executor_.reset();
    other_.reset();
    store_.reset();
    engine_.reset();
  }
  void Reopen() {
    CloseAll();
    OpenAll();
  }

  // Calls that wait for the answer and fail the test if it is not OK.
  LoadResult Load(const std::string& subject, std::vector<std::string> names = {},
                  const std::string& request_key = "");
  std::vector<Record> List(const std::string& subject, const std::string& prefix, const std::string& after,
                           size_t limit);
  std::vector<std::string> History(const std::string& subject, int64_t after = 0,
                                   size_t limit = kMaximumPage);
  CommitResult Commit(const std::string& subject, const Revision& expected, Writes writes,
                      bool check_only = false);
  std::vector<IndexEntry> Scan(const std::string& index, const std::string& from = "",
                               const std::string& to = "", std::optional<IndexEntry> after = std::nullopt,
                               size_t limit = kMaximumPage);
  TailResult Tail(const Cursor& cursor, size_t limit = kMaximumPage);
  Cursor Now();
  // Every change after a cursor, read in pages of `limit`.
  std::vector<Change> TailAll(Cursor cursor, size_t limit);

  // Commits a put of `name` = `data` on top of whatever the subject is at.
  Revision Put(const std::string& subject, const std::string& name, const std::string& data);

  Backend& backend() { return *backend_; }
  async::Executor* executor() { return executor_.get(); }
  Engine& engine() { return *engine_; }
  Store& store() { return *store_; }
  Store& other() { return *other_; }

 private:
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<async::Executor> executor_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Store> other_;
};

// The value of an answer, which must be OK.
template <typename T>
T Value(absl::StatusOr<T> result) {
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : T{};
}

// Writes with a new commit id and a history entry that names it, ready to be added to.
Writes NewWrites();

inline void PrintTo(const Record& record, std::ostream* out) {
  *out << record.name << "=" << record.data << "@" << record.revision;
}

inline void PrintTo(const IndexEntry& entry, std::ostream* out) {
  *out << entry.index << "/" << entry.key << "/" << entry.subject << "/" << entry.name;
}

}  // namespace ipb::store
