#include "tests/handlers/payments/counting_store.h"

#include <utility>

#include "common/errors/errors.h"

namespace ipb::payments {
namespace {

using async::Task;

class CountingStore final : public store::Store {
 public:
  CountingStore(std::unique_ptr<store::Store> store, std::shared_ptr<StoreCounts> counts)
      : store_(std::move(store)), counts_(std::move(counts)) {}

  Task<absl::StatusOr<store::LoadResult>> Load(store::LoadRequest request) override {
    ++counts_->loads;
    return store_->Load(std::move(request));
  }
  Task<absl::StatusOr<std::vector<store::Record>>> List(std::string subject, std::string prefix,
                                                        std::string after, size_t limit) override {
    ++counts_->lists;
    return store_->List(std::move(subject), std::move(prefix), std::move(after), limit);
  }
  Task<absl::StatusOr<store::CommitResult>> Commit(std::string subject, store::Revision expected,
                                                   store::Writes writes, bool check_only) override {
    ++counts_->commits;
    if (writes.remember.reply.empty())
      return Pass(std::move(subject), std::move(expected), std::move(writes), check_only);
    counts_->puts = static_cast<int>(writes.puts.size());
    size_t bytes = writes.history.size() + writes.remember.fingerprint.size() + writes.remember.reply.size();
    bytes += writes.head.value_or("").size() + writes.access.value_or("").size();
    for (const store::Record& put : writes.puts) bytes += put.data.size();
    counts_->bytes = static_cast<int64_t>(bytes);
    return Pass(std::move(subject), std::move(expected), std::move(writes), check_only);
  }
  Task<absl::StatusOr<std::vector<std::string>>> History(std::string subject, int64_t after,
                                                         size_t limit) override {
    return store_->History(std::move(subject), after, limit);
  }
  Task<absl::StatusOr<std::vector<store::IndexEntry>>> Scan(std::string index, std::string from,
                                                            std::string to,
                                                            std::optional<store::IndexEntry> after,
                                                            size_t limit) override {
    return store_->Scan(std::move(index), std::move(from), std::move(to), std::move(after), limit);
  }
  Task<absl::StatusOr<store::TailResult>> Tail(store::Cursor cursor, size_t limit) override {
    return store_->Tail(std::move(cursor), limit);
  }
  Task<absl::StatusOr<store::Cursor>> Now() override { return store_->Now(); }
  Task<absl::StatusOr<size_t>> Trim(absl::Time changes_before, absl::Time replies_before,
                                    size_t limit) override {
    ++counts_->trims;
    return store_->Trim(changes_before, replies_before, limit);
  }
  Task<absl::Status> Ping() override { return store_->Ping(); }
  void Close() override { store_->Close(); }

 private:
  Task<absl::StatusOr<store::CommitResult>> Pass(std::string subject, store::Revision expected,
                                                 store::Writes writes, bool check_only) {
    const bool fails = counts_->until_failure > 0 && --counts_->until_failure == 0;
    const absl::Status failure = errors::StoreUnavailable("this commit was made to fail");
    if (fails && !counts_->fails_applied) co_return failure;
    auto committing = store_->Commit(std::move(subject), std::move(expected), std::move(writes), check_only);
    absl::StatusOr<store::CommitResult> result = co_await committing;
    if (fails) co_return failure;
    co_return result;
  }

  const std::unique_ptr<store::Store> store_;
  const std::shared_ptr<StoreCounts> counts_;
};

class Engine final : public store::Engine {
 public:
  Engine(std::unique_ptr<store::Engine> engine, std::string space, std::shared_ptr<StoreCounts> counts)
      : engine_(std::move(engine)), space_(std::move(space)), counts_(std::move(counts)) {}
  std::unique_ptr<store::Store> Open(std::string space) override {
    std::unique_ptr<store::Store> store = engine_->Open(space);
    if (space != space_) return store;
    return std::make_unique<CountingStore>(std::move(store), counts_);
  }
  void Close() override { engine_->Close(); }

 private:
  const std::unique_ptr<store::Engine> engine_;
  const std::string space_;
  const std::shared_ptr<StoreCounts> counts_;
};

}  // namespace

std::function<std::unique_ptr<store::Engine>(std::unique_ptr<store::Engine>)> CountingEngine(
    std::string space, std::shared_ptr<StoreCounts> counts) {
  return [space = std::move(space), counts = std::move(counts)](std::unique_ptr<store::Engine> engine) {
    return std::make_unique<Engine>(std::move(engine), space, counts);
  };
}

}  // namespace ipb::payments
