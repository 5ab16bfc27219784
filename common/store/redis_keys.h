// The names of the keys in Redis and the form of the values in them: a contract with stored data, so final.
// How they fit together is told at the top of redis_store.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"

namespace ipb::store {

// The hash tag of a partition, 0 to kPartitions - 1. The CRC16 slot of tag p is 256 p + 128, the middle of
// the p-th of 64 equal ranges of the 16384 slots: any even split of the slots over masters splits the
// partitions evenly.
absl::string_view TagOf(int partition);

// Where one space keeps its data. Thread-safe.
class RedisKeys {
 public:
  explicit RedisKeys(std::string space) : space_(std::move(space)) {}

  std::string Subject(absl::string_view subject) const { return OfSubject('s', subject); }
  std::string Names(absl::string_view subject) const { return OfSubject('n', subject); }
  std::string History(absl::string_view subject) const { return OfSubject('h', subject); }
  std::string Index(int partition, absl::string_view index) const { return Of(partition, 'i', index); }
  std::string Changes(int partition) const { return Of(partition, 'c', ""); }
  std::string Trimmed(int partition) const { return Of(partition, 't', ""); }
  // What Subject() puts before the subject.
  std::string SubjectPrefix(int partition) const { return Of(partition, 's', ""); }

 private:
  std::string OfSubject(char kind, absl::string_view subject) const {
    return Of(PartitionOf(subject), kind, subject);
  }
  std::string Of(int partition, char kind, absl::string_view rest) const;

  const std::string space_;
};

// The key of what a store is: its epoch and its number of partitions.
std::string IdentityKey();

// Fields of a subject's hash.
inline constexpr absl::string_view kRevisionField = "m";
inline constexpr absl::string_view kHeadField = "h";
inline constexpr absl::string_view kAccessField = "a";
inline constexpr char kRecordFieldPrefix = 'r';
inline constexpr char kReplyFieldPrefix = 'q';

// Values. Each Read gives DATA_LOSS for bytes that its writer cannot have written.
std::string WriteRevision(const Revision& revision);  // empty for Revision{}
absl::StatusOr<Revision> ReadRevision(absl::string_view value);
absl::StatusOr<Record> ReadRecord(absl::string_view name, absl::string_view value);
std::string WriteReply(const Remembered& remembered);
absl::StatusOr<Remembered> ReadReply(absl::string_view value);
std::string WriteHistory(absl::string_view commit_id, absl::string_view entry);
absl::StatusOr<std::string> ReadHistory(absl::string_view value);
std::string WriteIndexMember(absl::string_view key, absl::string_view subject, absl::string_view name);
absl::StatusOr<IndexEntry> ReadIndexMember(absl::string_view index, absl::string_view member);
std::string WriteChange(int64_t revision, absl::string_view request_key);

// A position in a change stream, as Redis writes it: "<milliseconds>-<number>".
struct StreamId {
  int64_t milliseconds = 0;
  int64_t number = 0;
  friend auto operator<=>(const StreamId&, const StreamId&) = default;
};
std::optional<StreamId> ReadStreamId(absl::string_view text);
std::string WriteStreamId(const StreamId& id);

}  // namespace ipb::store
