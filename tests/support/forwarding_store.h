// A store that passes every call on to another, for tests that do something of their own to a few of them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/store/store.h"

namespace ipb::testing {

class ForwardingStore : public store::Store {
 public:
  explicit ForwardingStore(std::unique_ptr<store::Store> store);

  async::Task<absl::StatusOr<store::LoadResult>> Load(store::LoadRequest request) override;
  async::Task<absl::StatusOr<std::vector<store::Record>>> List(std::string subject, std::string prefix,
                                                               std::string after, size_t limit) override;
  async::Task<absl::StatusOr<store::CommitResult>> Commit(std::string subject, store::Revision expected,
                                                          store::Writes writes, bool check_only) override;
  async::Task<absl::StatusOr<std::vector<std::string>>> History(std::string subject, int64_t after,
                                                                size_t limit) override;
  async::Task<absl::StatusOr<std::vector<store::IndexEntry>>> Scan(std::string index, std::string from,
                                                                   std::string to,
                                                                   std::optional<store::IndexEntry> after,
                                                                   size_t limit) override;
  async::Task<absl::StatusOr<store::TailResult>> Tail(store::Cursor cursor, size_t limit) override;
  async::Task<absl::StatusOr<store::Cursor>> Now() override;
  async::Task<absl::StatusOr<size_t>> Trim(absl::Time changes_before, absl::Time replies_before,
                                           size_t limit) override;
  async::Task<absl::Status> Ping() override;
  void Close() override;

 private:
  const std::unique_ptr<store::Store> store_;
};

// What `substitutes.wrap_engine` takes: each store of the engine, wrapped by its space.
std::function<std::unique_ptr<store::Engine>(std::unique_ptr<store::Engine>)> WrapStores(
    std::function<std::unique_ptr<store::Store>(std::unique_ptr<store::Store>, const std::string& space)>
        wrap);

}  // namespace ipb::testing
