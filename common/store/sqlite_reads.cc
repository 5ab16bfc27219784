#include <algorithm>
#include <array>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "common/store/limits.h"
#include "common/store/sqlite_queries.h"

namespace ipb::store::sqlite {
namespace {

constexpr char kSelectSubject[] =
    "SELECT id, counter, commit_id, head, access FROM subjects WHERE space = ? AND subject = ?";
constexpr char kSelectRecord[] = "SELECT revision, data FROM records WHERE subject = ? AND name = ?";
constexpr char kSelectReply[] =
    "SELECT fingerprint, reply, name, revision FROM replies WHERE subject = ? AND request_key = ?";
constexpr char kSelectRecords[] =
    "SELECT name, data, revision FROM records WHERE subject = ? AND name >= ? AND name < ? ORDER BY name "
    "LIMIT ?";
constexpr char kSelectHistory[] =
    "SELECT entry FROM history WHERE subject = ? AND revision > ? ORDER BY revision LIMIT ?";
constexpr char kSelectCommitId[] = "SELECT commit_id FROM history WHERE subject = ? AND revision = ?";
constexpr char kSelectEntries[] =
    "SELECT key, subject, name FROM entries WHERE space = ? AND list = ? AND (key, subject, name) > (?, ?, "
    "?) "
    "ORDER BY key, subject, name LIMIT ?";
constexpr char kSelectStreams[] = "SELECT part, last, trimmed FROM streams WHERE space = ?";
constexpr char kSelectChanges[] =
    "SELECT changes.position, subjects.subject, changes.revision, changes.time FROM changes "
    "JOIN subjects ON subjects.id = changes.subject "
    "WHERE changes.space = ? AND changes.part = ? AND changes.position > ? ORDER BY changes.position LIMIT ?";

// A subject's row; `id` is 0 if it was never written.
struct Subject {
  int64_t id = 0;
  Revision revision;
  std::string head;
  std::string access;
};

Subject FindSubject(Connection& connection, absl::string_view space, absl::string_view subject) {
  Statement select = connection.Use(kSelectSubject);
  if (!select.Bind(space).Bind(subject).Row()) return {};
  return {select.Integer(0), {select.Integer(1), select.Bytes(2)}, select.Bytes(3), select.Bytes(4)};
}

std::optional<Remembered> FindReply(Connection& connection, int64_t subject, absl::string_view request_key) {
  if (request_key.empty()) return std::nullopt;
  Statement select = connection.Use(kSelectReply);
  if (!select.Bind(subject).Bind(request_key).Row()) return std::nullopt;
  return Remembered{select.Bytes(0), select.Bytes(1), select.Bytes(2), select.Integer(3)};
}

// Sorts after every name that starts with `prefix`, and not after any other name that does.
std::string EndOfPrefix(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return std::string(kMaximumNameBytes + 1, '\xff');
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

struct Stream {
  int64_t last = 0;
  int64_t trimmed = 0;
};

std::array<Stream, kPartitions> ReadStreams(Connection& connection, absl::string_view space) {
  std::array<Stream, kPartitions> streams;
  Statement select = connection.Use(kSelectStreams);
  select.Bind(space);
  while (select.Row()) streams.at(select.Integer(0)) = {select.Integer(1), select.Integer(2)};
  return streams;
}

// Where to read on in a stream.
absl::StatusOr<int64_t> PositionIn(const Stream& stream, const std::string& text) {
  if (text.empty()) return stream.trimmed;
  int64_t position = 0;
  if (!absl::SimpleAtoi(text, &position)) {
    return errors::InvalidField("cursor.positions", "are not of this engine");
  }
  if (position < stream.trimmed) {
    return CursorTooOld("older ones are no longer kept; the oldest kept follow an empty cursor");
  }
  if (position > stream.last) return CursorTooOld("the cursor is ahead of this store");
  return position;
}

}  // namespace

LoadResult Load(Connection& connection, absl::string_view space, const LoadRequest& request) {
  LoadResult result;
  result.records.resize(request.names.size());
  Subject subject = FindSubject(connection, space, request.subject);
  if (subject.id == 0) return result;
  result.remembered = FindReply(connection, subject.id, request.request_key);
  for (size_t i = 0; i < request.names.size(); ++i) {
    Statement select = connection.Use(kSelectRecord);
    if (!select.Bind(subject.id).Bind(request.names[i]).Row()) continue;
    result.records[i] = Record{request.names[i], select.Bytes(1), select.Integer(0)};
  }
  result.revision = std::move(subject.revision);
  result.head = std::move(subject.head);
  result.access = std::move(subject.access);
  return result;
}

std::vector<Record> List(Connection& connection, absl::string_view space, absl::string_view subject,
                         absl::string_view prefix, absl::string_view after, size_t limit) {
  // The least name after `after`: names have no zero bytes.
  const std::string from =
      after < prefix || after.empty() ? std::string(prefix) : absl::StrCat(after, std::string(1, '\0'));
  const std::string to = EndOfPrefix(prefix);
  std::vector<Record> records;
  Statement select = connection.Use(kSelectRecords);
  select.Bind(FindSubject(connection, space, subject).id)
      .Bind(from)
      .Bind(to)
      .Bind(static_cast<int64_t>(limit));
  while (select.Row()) records.push_back({select.Bytes(0), select.Bytes(1), select.Integer(2)});
  return records;
}

std::vector<std::string> History(Connection& connection, absl::string_view space, absl::string_view subject,
                                 int64_t after, size_t limit) {
  std::vector<std::string> entries;
  Statement select = connection.Use(kSelectHistory);
  select.Bind(FindSubject(connection, space, subject).id).Bind(after).Bind(static_cast<int64_t>(limit));
  while (select.Row()) entries.push_back(select.Bytes(0));
  return entries;
}

std::vector<IndexEntry> Scan(Connection& connection, absl::string_view space, const std::string& index,
                             const std::string& from, const std::string& to,
                             const std::optional<IndexEntry>& after, size_t limit) {
  // No entry has an empty subject, so (from, "", "") is before all that have the key `from`.
  std::tuple<std::string, std::string, std::string> start{from, "", ""};
  if (after) start = std::max(start, {after->key, after->subject, after->name});
  const auto& [key, subject, name] = start;
  std::vector<IndexEntry> entries;
  Statement select = connection.Use(kSelectEntries);
  select.Bind(space).Bind(index).Bind(key).Bind(subject).Bind(name).Bind(static_cast<int64_t>(limit));
  while (select.Row()) {
    std::string found = select.Bytes(0);
    if (!to.empty() && found >= to) break;
    entries.push_back({index, std::move(found), select.Bytes(1), select.Bytes(2)});
  }
  return entries;
}

absl::StatusOr<TailResult> Tail(Connection& connection, absl::string_view space, const std::string& epoch,
                                const Cursor& cursor, size_t limit) {
  if (!cursor.epoch.empty() && cursor.epoch != epoch) {
    return CursorTooOld("the cursor is of another store");
  }
  const std::array<Stream, kPartitions> streams = ReadStreams(connection, space);
  std::array<int64_t, kPartitions> positions;
  int64_t ahead = 0;
  for (int part = 0; part < kPartitions; ++part) {
    const absl::StatusOr<int64_t> position =
        PositionIn(streams[part], cursor.positions.empty() ? "" : cursor.positions[part]);
    if (!position.ok()) return position.status();
    positions[part] = *position;
    ahead += *position < streams[part].last;
  }
  // An equal share for each partition that has something, so that a busy one does not hold up the others.
  const int64_t share = std::max<int64_t>(1, static_cast<int64_t>(limit) / std::max<int64_t>(1, ahead));
  TailResult result;
  for (int part = 0; part < kPartitions; ++part) {
    if (positions[part] == streams[part].last) continue;
    Statement select = connection.Use(kSelectChanges);
    select.Bind(space).Bind(part).Bind(positions[part]).Bind(share);
    while (select.Row()) {
      positions[part] = select.Integer(0);
      result.changes.push_back({select.Bytes(1), select.Integer(2), absl::FromUnixMicros(select.Integer(3))});
    }
  }
  result.next.epoch = epoch;
  for (const int64_t position : positions) result.next.positions.push_back(absl::StrCat(position));
  return result;
}

Cursor Now(Connection& connection, absl::string_view space, const std::string& epoch) {
  Cursor cursor;
  cursor.epoch = epoch;
  for (const Stream& stream : ReadStreams(connection, space)) {
    cursor.positions.push_back(absl::StrCat(stream.last));
  }
  return cursor;
}

Verdict Judge(Connection& connection, absl::string_view space, absl::string_view subject,
              const Revision& expected, const Writes& writes) {
  Verdict verdict;
  CommitResult& result = verdict.result;
  Subject found = FindSubject(connection, space, subject);
  verdict.subject_id = found.id;
  const int64_t made = expected.counter + 1;
  if (found.revision == Revision{made, writes.commit_id}) {
    result.revision = std::move(found.revision);
    return verdict;
  }
  if (found.revision.counter > made) {
    Statement select = connection.Use(kSelectCommitId);
    if (select.Bind(found.id).Bind(made).Row() && select.Bytes(0) == writes.commit_id) {
      result.revision = {made, writes.commit_id};
      return verdict;
    }
  }
  result.remembered = FindReply(connection, found.id, writes.request_key);
  if (result.remembered) {
    result.kind = CommitResult::Kind::kRepeated;
  } else if (found.revision != expected) {
    result.kind = CommitResult::Kind::kConflict;
  } else {
    found.revision = {made, writes.commit_id};
    verdict.write = true;
  }
  result.revision = std::move(found.revision);
  return verdict;
}

}  // namespace ipb::store::sqlite
