// The store as one decision found it: answers with the decision's facts and takes what is written, to be
// looked at.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/store/store.h"
#include "google/protobuf/any.pb.h"
#include "ipb/v1/decisions_service.pb.h"

namespace ipb::decisions {

// Serves one call; not thread-safe. Of other subjects than the decision's it knows nothing.
class PastStore final : public store::Store {
 public:
  explicit PastStore(const v1::Decision& decision);

  async::Task<absl::StatusOr<store::LoadResult>> Load(store::LoadRequest request) override;
  async::Task<absl::StatusOr<std::vector<store::Record>>> List(std::string subject, std::string prefix,
                                                               std::string after, size_t limit) override;
  // Always kDone.
  async::Task<absl::StatusOr<store::CommitResult>> Commit(std::string subject, store::Revision expected,
                                                          store::Writes writes, bool check_only) override;
  // A decision asks for nothing else: UNIMPLEMENTED.
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
  void Close() override {}

  // The resources written, in order, each with its explanation.
  std::vector<google::protobuf::Any> Outcome() const;

 private:
  // Keeps a fact as the records that the decision read: the resource, and its explanation if it read that
  // too.
  void Keep(const v1::DecisionFact& fact);

  const std::string subject_;
  const std::string decision_;  // the record of the decision itself
  const int64_t revision_;      // that its commit made
  store::LoadResult loaded_;
  std::map<std::string, store::Record> facts_;  // by name
  store::Writes writes_;
};

}  // namespace ipb::decisions
