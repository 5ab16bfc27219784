#include "tests/handlers/payments/counting_store.h"

#include <utility>

#include "common/errors/errors.h"
#include "tests/support/forwarding_store.h"

namespace ipb::payments {
namespace {

using async::Task;

class CountingStore final : public testing::ForwardingStore {
 public:
  CountingStore(std::unique_ptr<store::Store> store, std::shared_ptr<StoreCounts> counts)
      : ForwardingStore(std::move(store)), counts_(std::move(counts)) {}

  Task<absl::StatusOr<store::LoadResult>> Load(store::LoadRequest request) override {
    ++counts_->loads;
    return ForwardingStore::Load(std::move(request));
  }
  Task<absl::StatusOr<std::vector<store::Record>>> List(std::string subject, std::string prefix,
                                                        std::string after, size_t limit) override {
    ++counts_->lists;
    return ForwardingStore::List(std::move(subject), std::move(prefix), std::move(after), limit);
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
  Task<absl::StatusOr<size_t>> Trim(absl::Time changes_before, absl::Time replies_before,
                                    size_t limit) override {
    ++counts_->trims;
    return ForwardingStore::Trim(changes_before, replies_before, limit);
  }

 private:
  Task<absl::StatusOr<store::CommitResult>> Pass(std::string subject, store::Revision expected,
                                                 store::Writes writes, bool check_only) {
    const bool fails = counts_->until_failure > 0 && --counts_->until_failure == 0;
    const absl::Status failure = errors::StoreUnavailable("this commit was made to fail");
    if (fails && !counts_->fails_applied) co_return failure;
    auto committing =
        ForwardingStore::Commit(std::move(subject), std::move(expected), std::move(writes), check_only);
    absl::StatusOr<store::CommitResult> result = co_await committing;
    if (fails) co_return failure;
    co_return result;
  }

  const std::shared_ptr<StoreCounts> counts_;
};

}  // namespace

std::function<std::unique_ptr<store::Engine>(std::unique_ptr<store::Engine>)> CountingEngine(
    std::string space, std::shared_ptr<StoreCounts> counts) {
  return testing::WrapStores([space, counts](std::unique_ptr<store::Store> store, const std::string& opened) {
    if (opened != space) return store;
    return std::unique_ptr<store::Store>(std::make_unique<CountingStore>(std::move(store), counts));
  });
}

}  // namespace ipb::payments
