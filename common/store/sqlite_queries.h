// What the embedded engine reads and writes, each within the transaction that is under way on the connection.
// Errors of the database stick to the connection; the errors returned are those of the contract. Arguments
// are checked already (limits.h).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/store/sqlite_connection.h"
#include "common/store/store.h"

namespace ipb::store::sqlite {

LoadResult Load(Connection& connection, absl::string_view space, const LoadRequest& request);

std::vector<Record> List(Connection& connection, absl::string_view space, absl::string_view subject,
                         absl::string_view prefix, absl::string_view after, size_t limit);

std::vector<std::string> History(Connection& connection, absl::string_view space, absl::string_view subject,
                                 int64_t after, size_t limit);

std::vector<IndexEntry> Scan(Connection& connection, absl::string_view space, const std::string& index,
                             const std::string& from, const std::string& to,
                             const std::optional<IndexEntry>& after, size_t limit);

absl::StatusOr<TailResult> Tail(Connection& connection, absl::string_view space, const std::string& epoch,
                                const Cursor& cursor, size_t limit);

Cursor Now(Connection& connection, absl::string_view space, const std::string& epoch);

// What a commit answers, and whether there is anything to write for that.
struct Verdict {
  CommitResult result;
  bool write = false;
  int64_t subject_id = 0;  // 0 for a subject never written
};
Verdict Judge(Connection& connection, absl::string_view space, absl::string_view subject,
              const Revision& expected, const Writes& writes);

// Judges, and writes what the verdict allows.
CommitResult Commit(Connection& connection, absl::string_view space, absl::string_view subject,
                    const Revision& expected, const Writes& writes, absl::Time now);

size_t Trim(Connection& connection, absl::string_view space, absl::Time changes_before,
            absl::Time replies_before, size_t limit);

// Writes something of no meaning, so that a full disk shows.
void Ping(Connection& connection);

}  // namespace ipb::store::sqlite
