#include "common/store/sqlite_queries.h"

namespace ipb::store::sqlite {
namespace {

constexpr char kInsertSubject[] =
    "INSERT INTO subjects (space, subject, counter, commit_id, head, access) VALUES (?, ?, 0, x'', x'', x'') "
    "RETURNING id";
constexpr char kUpdateSubject[] =
    "UPDATE subjects SET counter = ?, commit_id = ?, head = coalesce(?, head), access = coalesce(?, access) "
    "WHERE id = ?";
constexpr char kDeleteRecord[] = "DELETE FROM records WHERE subject = ? AND name = ?";
constexpr char kPutRecord[] =
    "INSERT INTO records (subject, name, revision, data) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (subject, name) DO UPDATE SET revision = excluded.revision, data = excluded.data";
constexpr char kRemoveEntry[] =
    "DELETE FROM entries WHERE space = ? AND list = ? AND key = ? AND subject = ? AND name = ?";
constexpr char kAddEntry[] =
    "INSERT OR IGNORE INTO entries (space, list, key, subject, name) VALUES (?, ?, ?, ?, ?)";
constexpr char kAppendHistory[] =
    "INSERT INTO history (subject, revision, commit_id, entry) VALUES (?, ?, ?, ?)";
constexpr char kRemember[] =
    "INSERT INTO replies (subject, request_key, space, revision, time, fingerprint, name, reply) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr char kNextPosition[] =
    "INSERT INTO streams (space, part, last, trimmed) VALUES (?, ?, 1, 0) "
    "ON CONFLICT (space, part) DO UPDATE SET last = last + 1 RETURNING last";
constexpr char kAppendChange[] =
    "INSERT INTO changes (space, part, position, subject, revision, time) VALUES (?, ?, ?, ?, ?, ?)";

constexpr char kOldestChanges[] =
    "SELECT position, time FROM changes WHERE space = ? AND part = ? ORDER BY position LIMIT ?";
constexpr char kDropChanges[] = "DELETE FROM changes WHERE space = ? AND part = ? AND position <= ?";
constexpr char kMarkTrimmed[] = "UPDATE streams SET trimmed = ? WHERE space = ? AND part = ?";
constexpr char kTrimReplies[] =
    "UPDATE replies SET reply = NULL WHERE id IN (SELECT id FROM replies WHERE space = ? AND time < ? "
    "AND reply IS NOT NULL ORDER BY time LIMIT ?) RETURNING id";
constexpr char kPing[] = "UPDATE meta SET value = value + 1 WHERE key = 'pings'";

Statement& BindOptional(Statement& statement, const std::optional<std::string>& bytes) {
  return bytes ? statement.Bind(*bytes) : statement.BindNull();
}

void WriteSubject(Connection& connection, int64_t id, const Revision& revision, const Writes& writes) {
  Statement update = connection.Use(kUpdateSubject);
  update.Bind(revision.counter).Bind(revision.commit_id);
  BindOptional(BindOptional(update, writes.head), writes.access).Bind(id).Run();
}

void WriteRecords(Connection& connection, int64_t id, int64_t revision, const Writes& writes) {
  for (const std::string& name : writes.deletes) connection.Use(kDeleteRecord).Bind(id).Bind(name).Run();
  for (const Record& put : writes.puts) {
    connection.Use(kPutRecord).Bind(id).Bind(put.name).Bind(revision).Bind(put.data).Run();
  }
}

void WriteEntries(Connection& connection, absl::string_view space, absl::string_view subject,
                  const Writes& writes) {
  const auto each = [&](const char* sql, const std::vector<IndexEntry>& entries) {
    for (const IndexEntry& entry : entries) {
      connection.Use(sql).Bind(space).Bind(entry.index).Bind(entry.key).Bind(subject).Bind(entry.name).Run();
    }
  };
  each(kRemoveEntry, writes.index_removes);
  each(kAddEntry, writes.index_adds);
}

void WriteReply(Connection& connection, absl::string_view space, int64_t id, int64_t revision,
                const Writes& writes, int64_t time) {
  if (writes.request_key.empty()) return;
  const Remembered& remember = writes.remember;
  connection.Use(kRemember)
      .Bind(id)
      .Bind(writes.request_key)
      .Bind(space)
      .Bind(revision)
      .Bind(time)
      .Bind(remember.fingerprint)
      .Bind(remember.name)
      .Bind(remember.reply)
      .Run();
}

void WriteChange(Connection& connection, absl::string_view space, int part, int64_t id, int64_t revision,
                 int64_t time) {
  Statement next = connection.Use(kNextPosition);
  if (!next.Bind(space).Bind(part).Row()) return;
  const int64_t position = next.Integer(0);
  connection.Use(kAppendChange)
      .Bind(space)
      .Bind(part)
      .Bind(position)
      .Bind(id)
      .Bind(revision)
      .Bind(time)
      .Run();
}

// Drops from the beginning of one partition; gives how many.
size_t TrimPartition(Connection& connection, absl::string_view space, int part, int64_t before,
                     size_t limit) {
  size_t count = 0;
  int64_t trimmed = 0;
  {
    Statement select = connection.Use(kOldestChanges);
    select.Bind(space).Bind(part).Bind(static_cast<int64_t>(limit));
    while (select.Row() && select.Integer(1) < before) {
      trimmed = select.Integer(0);
      ++count;
    }
  }
  if (count == 0) return 0;
  connection.Use(kDropChanges).Bind(space).Bind(part).Bind(trimmed).Run();
  connection.Use(kMarkTrimmed).Bind(trimmed).Bind(space).Bind(part).Run();
  return count;
}

}  // namespace

CommitResult Commit(Connection& connection, absl::string_view space, absl::string_view subject,
                    const Revision& expected, const Writes& writes, absl::Time now) {
  Verdict verdict = Judge(connection, space, subject, expected, writes);
  if (!verdict.write) return std::move(verdict.result);
  int64_t id = verdict.subject_id;
  if (id == 0) {
    Statement insert = connection.Use(kInsertSubject);
    if (insert.Bind(space).Bind(subject).Row()) id = insert.Integer(0);
  }
  const Revision& revision = verdict.result.revision;
  const int64_t time = absl::ToUnixMicros(now);
  WriteSubject(connection, id, revision, writes);
  WriteRecords(connection, id, revision.counter, writes);
  WriteEntries(connection, space, subject, writes);
  WriteReply(connection, space, id, revision.counter, writes, time);
  if (writes.unrecorded) return std::move(verdict.result);
  connection.Use(kAppendHistory)
      .Bind(id)
      .Bind(revision.counter)
      .Bind(writes.commit_id)
      .Bind(writes.history)
      .Run();
  WriteChange(connection, space, PartitionOf(subject), id, revision.counter, time);
  return std::move(verdict.result);
}

size_t Trim(Connection& connection, absl::string_view space, absl::Time changes_before,
            absl::Time replies_before, size_t limit) {
  size_t changes = 0;
  const int64_t before = absl::ToUnixMicros(changes_before);
  for (int part = 0; part < kPartitions && changes < limit; ++part) {
    changes += TrimPartition(connection, space, part, before, limit - changes);
  }
  size_t replies = 0;
  Statement trim = connection.Use(kTrimReplies);
  trim.Bind(space).Bind(absl::ToUnixMicros(replies_before)).Bind(static_cast<int64_t>(limit));
  while (trim.Row()) ++replies;
  return changes + replies;
}

void Ping(Connection& connection) { connection.Use(kPing).Run(); }

}  // namespace ipb::store::sqlite
