// SQLite in a temporary file or in memory, for tests of whatever needs a store.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "common/store/sqlite_store.h"
#include "tests/store/store_suite.h"

namespace ipb::store {

// A folder that is deleted with what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ipb-XXXXXX").string();
    if (!mkdtemp(pattern.data())) abort();
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string File(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

class SqliteBackend : public Backend {
 public:
  explicit SqliteBackend(bool in_memory) : file_(in_memory ? ":memory:" : folder_.File("store.db")) {}

  std::unique_ptr<Engine> Open(async::Executor* executor) override {
    SqliteOptions options;
    options.now = [this] { return absl::FromUnixMillis(milliseconds_.load()); };
    auto engine = OpenSqlite(file_, executor, std::move(options));
    EXPECT_TRUE(engine.ok()) << engine.status();
    return *std::move(engine);
  }
  bool Durable() const override { return file_ != ":memory:"; }
  void AdvanceClock() override { milliseconds_ += 2; }

 private:
  TemporaryFolder folder_;
  const std::string file_;
  std::atomic<int64_t> milliseconds_{1775433600000};
};

inline std::unique_ptr<Backend> SqliteInFile() { return std::make_unique<SqliteBackend>(false); }
inline std::unique_ptr<Backend> SqliteInMemory() { return std::make_unique<SqliteBackend>(true); }

}  // namespace ipb::store
