#include "tests/support/forwarding_store.h"

#include <utility>

namespace ipb::testing {
namespace {

using async::Task;
using Wrap = std::function<std::unique_ptr<store::Store>(std::unique_ptr<store::Store>, const std::string&)>;

class WrappingEngine final : public store::Engine {
 public:
  WrappingEngine(std::unique_ptr<store::Engine> engine, Wrap wrap)
      : engine_(std::move(engine)), wrap_(std::move(wrap)) {}
  std::unique_ptr<store::Store> Open(std::string space) override {
    std::unique_ptr<store::Store> store = engine_->Open(space);
    return wrap_(std::move(store), space);
  }
  void Close() override { engine_->Close(); }

 private:
  const std::unique_ptr<store::Engine> engine_;
  const Wrap wrap_;
};

}  // namespace

ForwardingStore::ForwardingStore(std::unique_ptr<store::Store> store) : store_(std::move(store)) {}

Task<absl::StatusOr<store::LoadResult>> ForwardingStore::Load(store::LoadRequest request) {
  return store_->Load(std::move(request));
}
Task<absl::StatusOr<std::vector<store::Record>>> ForwardingStore::List(std::string subject,
                                                                       std::string prefix, std::string after,
                                                                       size_t limit) {
  return store_->List(std::move(subject), std::move(prefix), std::move(after), limit);
}
Task<absl::StatusOr<store::CommitResult>> ForwardingStore::Commit(std::string subject,
                                                                  store::Revision expected,
                                                                  store::Writes writes, bool check_only) {
  return store_->Commit(std::move(subject), std::move(expected), std::move(writes), check_only);
}
Task<absl::StatusOr<std::vector<std::string>>> ForwardingStore::History(std::string subject, int64_t after,
                                                                        size_t limit) {
  return store_->History(std::move(subject), after, limit);
}
Task<absl::StatusOr<std::vector<store::IndexEntry>>> ForwardingStore::Scan(
    std::string index, std::string from, std::string to, std::optional<store::IndexEntry> after,
    size_t limit) {
  return store_->Scan(std::move(index), std::move(from), std::move(to), std::move(after), limit);
}
Task<absl::StatusOr<store::TailResult>> ForwardingStore::Tail(store::Cursor cursor, size_t limit) {
  return store_->Tail(std::move(cursor), limit);
}
Task<absl::StatusOr<store::Cursor>> ForwardingStore::Now() { return store_->Now(); }
Task<absl::StatusOr<size_t>> ForwardingStore::Trim(absl::Time changes_before, absl::Time replies_before,
                                                   size_t limit) {
  return store_->Trim(changes_before, replies_before, limit);
}
Task<absl::Status> ForwardingStore::Ping() { return store_->Ping(); }
void ForwardingStore::Close() { store_->Close(); }

std::function<std::unique_ptr<store::Engine>(std::unique_ptr<store::Engine>)> WrapStores(Wrap wrap) {
  return [wrap = std::move(wrap)](std::unique_ptr<store::Engine> engine) {
    return std::make_unique<WrappingEngine>(std::move(engine), wrap);
  };
}

}  // namespace ipb::testing
