// The one contract of durable state. Two engines implement it, SQLite and Redis; one behavioural suite holds
// them to it.
//
// State is kept in subjects (for example "people/7q2m..."): the unit of consistency and of sharding. Each
// service has its own space, so the same subject of two services shares nothing. A subject has a revision, an
// access record, named records, remembered replies and a history; a Commit changes all of them at once or
// none.
//
// All calls are thread-safe and never block: each gives a Task that resumes on the executor the store was
// opened with. Every call ends: with its result, or UNAVAILABLE when the engine cannot be reached in time or
// the store is closed. An UNAVAILABLE Commit has an unknown outcome; the same Commit (same subject, expected
// revision, writes and commit_id) may be sent again, and is applied once whatever happened, also when others
// have committed since. Strings are bytes and compare bytewise. What goes beyond the limits below is
// INVALID_ARGUMENT (limits.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/async/task.h"

namespace ipb::store {

// A subject's version. The counter is 0 before the first commit and grows by one a commit. The commit id
// tells apart two commits with the same counter, as happens when a fail-over lost one.
struct Revision {
  int64_t counter = 0;
  std::string commit_id;
  friend bool operator==(const Revision&, const Revision&) = default;
};

// A named piece of a subject: the serialised form of a contract's message and the revision counter that wrote
// it.
struct Record {
  std::string name;
  std::string data;
  int64_t revision = 0;
  friend bool operator==(const Record&, const Record&) = default;
};

// The reply remembered for a request. `reply` is empty once it has been trimmed to its fingerprint.
struct Remembered {
  std::string fingerprint;  // of the request's body
  std::string reply;        // serialised
  std::string name;         // of the resource it made or changed
  int64_t revision = 0;     // of the commit
};

// What to load of one subject in one consistent snapshot.
struct LoadRequest {
  std::string subject;
  // Key of the remembered reply to look for; empty for none.
  std::string request_key;
  // Exact names of records, at most kMaximumLoadNames.
  std::vector<std::string> names;
};

struct LoadResult {
  Revision revision;
  std::string head;    // opaque to the store: kept beside the revision, replaced by each commit that sets it
  std::string access;  // the access record; empty if there is none
  std::optional<Remembered> remembered;
  // In the order of the names asked for; nullopt where there is none.
  std::vector<std::optional<Record>> records;
};

// An entry of an ordered index: entries sort by key bytewise, then by subject and name.
struct IndexEntry {
  std::string index;  // for example "work"
  std::string key;    // sort key without zero bytes, for example "2026-04-06T00:00:00Z"
  std::string subject;
  std::string name;  // of the record it points to
  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

// Everything one commit changes. Deletes come before puts and index_removes before index_adds, so that moving
// an entry to where it was keeps it; deleting or removing what is not there is nothing.
struct Writes {
  std::string commit_id;               // random, made once for each decision; 1 to kMaximumCommitIdBytes
  std::vector<Record> puts;            // `revision` is filled in by the store
  std::vector<std::string> deletes;    // names
  std::optional<std::string> access;   // a new access record
  std::optional<std::string> head;     // see LoadResult::head
  std::vector<IndexEntry> index_adds;  // of this subject; `subject` is filled in by the store
  std::vector<IndexEntry> index_removes;
  std::string history;      // one entry, appended at index = new revision counter; empty only if `unrecorded`
  std::string request_key;  // where to remember the reply; empty for none
  Remembered remember;      // `revision` is filled in by the store
  // Leaves neither history nor change, and remembers no reply: for bookkeeping that is replaced all the time,
  // whose subject stays as small as its records. Only the last such commit is known when it is sent again;
  // an earlier one is kConflict. A subject that was once committed to like this is never recorded again.
  bool unrecorded = false;
};

// The outcome of a commit.
struct CommitResult {
  enum class Kind {
    kDone,      // written now, or before under the same commit_id; `revision` is the one this commit made
    kConflict,  // the subject is at another revision; nothing was written
    kRepeated,  // the request_key is remembered already; nothing was written; see `remembered`
  };
  Kind kind = Kind::kDone;
  Revision revision;  // made by this commit if kDone, else of the subject as it is
  std::optional<Remembered> remembered;
};

// One entry of a partition's change stream.
struct Change {
  std::string subject;
  int64_t revision = 0;  // of the commit; the history entry of that index says what happened
  absl::Time time;       // when the engine wrote it, to the millisecond or finer
};

// Positions in the change streams of all partitions, and the epoch of the store they belong to. Those that
// Tail and Now give have kPartitions positions and none of them empty.
struct Cursor {
  std::string epoch;
  std::vector<std::string> positions;  // one a partition; empty text is the oldest retained
};

struct TailResult {
  std::vector<Change> changes;  // per partition in order; partitions are not ordered against each other
  Cursor next;
};

// Limits of the contract; beyond them calls give INVALID_ARGUMENT.
inline constexpr int kPartitions = 64;
inline constexpr size_t kMaximumLoadNames = 256;
inline constexpr size_t kMaximumPage = 1000;  // of a `limit`, which is at least 1
// Of a record, head, access record, history entry or remembered reply.
inline constexpr size_t kMaximumRecordBytes = 1 << 20;
inline constexpr size_t kMaximumWrites = 512;  // puts, deletes, index_adds and index_removes together
inline constexpr size_t kMaximumCommitBytes = 16 << 20;  // of all that a commit writes
inline constexpr size_t kMaximumCommitIdBytes = 64;
// Of subjects, names of records, indexes and their keys, request keys: 1 to this many bytes, none of them
// zero.
inline constexpr size_t kMaximumNameBytes = 512;

// The partition of a subject, the same on every engine and for ever: FNV-1a 64 of the subject's bytes,
// modulo 64.
int PartitionOf(absl::string_view subject);

class Store {
 public:
  virtual ~Store() = default;

  // One consistent snapshot of a subject. A subject that was never written has revision 0 and nothing else.
  virtual async::Task<absl::StatusOr<LoadResult>> Load(LoadRequest request) = 0;

  // Records whose name starts with `prefix`, names greater than `after`, in bytewise order, at most `limit`.
  // An empty `prefix` is every name, an empty `after` the beginning.
  virtual async::Task<absl::StatusOr<std::vector<Record>>> List(std::string subject, std::string prefix,
                                                                std::string after, size_t limit) = 0;

  // History entries of a subject with index > after, in order, at most `limit`. Index 1 is the first commit.
  virtual async::Task<absl::StatusOr<std::vector<std::string>>> History(std::string subject, int64_t after,
                                                                        size_t limit) = 0;

  // Applies all writes if the subject is at `expected` (Revision{} for a subject never written), else none.
  // Checked in this order: the commit that made counter `expected.counter + 1` has this commit_id -> kDone;
  // the request_key is remembered -> kRepeated; another revision -> kConflict. So a commit sent again is
  // known by its place in the history, whoever committed after it. `check_only` gives the same answer and
  // writes nothing.
  virtual async::Task<absl::StatusOr<CommitResult>> Commit(std::string subject, Revision expected,
                                                           Writes writes, bool check_only) = 0;

  // Entries of one index over all subjects with from <= key < to (an empty `to` is no upper bound), in order,
  // strictly after `after` (in the order of entries; it need not exist), at most `limit`. Not a snapshot: an
  // entry added or removed meanwhile may or may not be seen.
  virtual async::Task<absl::StatusOr<std::vector<IndexEntry>>> Scan(std::string index, std::string from,
                                                                    std::string to,
                                                                    std::optional<IndexEntry> after,
                                                                    size_t limit) = 0;

  // Changes after a cursor, at most `limit` or one a partition, whichever is more; an empty result means none
  // yet. A default Cursor starts at the oldest retained. OUT_OF_RANGE if a change after the cursor was
  // trimmed, or the cursor is of another epoch or beyond the end.
  virtual async::Task<absl::StatusOr<TailResult>> Tail(Cursor cursor, size_t limit) = 0;

  // A cursor after which only changes to come are seen.
  virtual async::Task<absl::StatusOr<Cursor>> Now() = 0;

  // Drops changes older than `changes_before` (each partition from its oldest, up to the first that is not
  // older) and cuts replies remembered before `replies_before` down to all but the reply, at most `limit` of
  // each. Gives how many it touched; 0 means nothing is left to do.
  virtual async::Task<absl::StatusOr<size_t>> Trim(absl::Time changes_before, absl::Time replies_before,
                                                   size_t limit) = 0;

  // OK while commits can be made.
  virtual async::Task<absl::Status> Ping() = 0;

  // Ends every call under way, with its result if that is at hand, else as UNAVAILABLE, and refuses new ones
  // as UNAVAILABLE. Returns when each of them has resumed. Must not be called on the executor's threads. The
  // store must outlive its callers: close it, let the executor finish, then destroy it.
  virtual void Close() = 0;
};

// One connection to one engine, shared by the stores of all services in a process.
class Engine {
 public:
  virtual ~Engine() = default;
  // The store of one service. Spaces are short lower-case words such as "payments". The engine must outlive
  // it.
  virtual std::unique_ptr<Store> Open(std::string space) = 0;
  // Closes every store and joins the engine's threads.
  virtual void Close() = 0;
};

}  // namespace ipb::store
