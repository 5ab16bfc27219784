// The calls of RedisStore that go over all partitions: Scan, Tail, Now and Trim.
#include <algorithm>
#include <queue>
#include <utility>

#include "common/errors/status_macros.h"
#include "common/store/limits.h"
#include "common/store/redis_core.h"
#include "common/store/redis_functions.h"

namespace ipb::store {
namespace {

// How many entries a partition is first asked for, so that an even spread fills a page in one round.
size_t FirstPage(size_t limit) { return std::min(limit, limit / 16 + 4); }

// What one partition has of a scan.
struct Source {
  std::vector<std::string> members;
  size_t at = 0;
  bool more = true;
};

// The entries of all partitions in order, taken from where each partition's smallest is.
class Merge {
 public:
  Merge() : sources_(kPartitions) {}

  // Adds what a partition answered to a request for `asked` entries.
  absl::Status Fill(int partition, const redisReply& reply, size_t asked) {
    IPB_RETURN_IF_ERROR(ExpectArray(reply));
    Source& source = sources_[partition];
    source.members.clear();
    source.at = 0;
    source.more = reply.elements == asked;
    for (size_t i = 0; i < reply.elements; ++i) source.members.emplace_back(TextOf(*reply.element[i]));
    if (!source.members.empty()) heads_.push({source.members.front(), partition});
    return absl::OkStatus();
  }

  // Takes entries until there are `limit` or a partition must be asked for more, whose number is then given.
  absl::StatusOr<std::optional<int>> Take(absl::string_view index, size_t limit,
                                          std::vector<IndexEntry>& entries) {
    while (entries.size() < limit && !heads_.empty()) {
      const auto [member, partition] = heads_.top();
      heads_.pop();
      IPB_ASSIGN_OR_RETURN(IndexEntry entry, ReadIndexMember(index, member));
      entries.push_back(std::move(entry));
      Source& source = sources_[partition];
      if (++source.at < source.members.size()) {
        heads_.push({source.members[source.at], partition});
      } else if (source.more) {
        last_ = source.members.back();
        return partition;
      }
    }
    return std::nullopt;
  }

  // The last entry of the partition that Take named.
  const std::string& last() const { return last_; }

 private:
  using Head = std::pair<std::string, int>;
  std::vector<Source> sources_;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
  std::string last_;
};

Command ScanCommand(const std::string& key, absl::string_view low, absl::string_view high, size_t limit) {
  Command command;
  command.Add("ZRANGE").Add(key).Add(low).Add(high).Add("BYLEX").Add("LIMIT").Add("0").AddNumber(limit);
  return command;
}

// How far a partition's changes are trimmed; {0, 0} if never.
absl::StatusOr<StreamId> FloorOf(const redisReply& reply) {
  IPB_RETURN_IF_ERROR(StatusOf(reply));
  if (IsNil(reply)) return StreamId{};
  const std::optional<StreamId> id = ReadStreamId(TextOf(reply));
  if (!id) return UnexpectedReply();
  return *id;
}

// The id and the field and value of a stream's entry.
struct Entry {
  StreamId id;
  absl::string_view field;
  absl::string_view value;
};

absl::StatusOr<Entry> EntryOf(const redisReply& reply) {
  IPB_RETURN_IF_ERROR(ExpectArray(reply, 2));
  const std::optional<StreamId> id = ReadStreamId(TextOf(*reply.element[0]));
  IPB_RETURN_IF_ERROR(ExpectArray(*reply.element[1], 2));
  if (!id) return UnexpectedReply();
  return Entry{*id, TextOf(*reply.element[1]->element[0]), TextOf(*reply.element[1]->element[1])};
}

// The end of a stream: its last entry, or how far it is trimmed if that is later.
absl::StatusOr<StreamId> EndOf(const redisReply& last, const redisReply& trimmed) {
  IPB_RETURN_IF_ERROR(ExpectArray(last));
  IPB_ASSIGN_OR_RETURN(StreamId end, FloorOf(trimmed));
  if (last.elements > 0) {
    IPB_ASSIGN_OR_RETURN(const Entry entry, EntryOf(*last.element[0]));
    end = std::max(end, entry.id);
  }
  return end;
}

// Adds the changes of one partition and moves its position; the replies are to XRANGE, then XREVRANGE, then
// HGET.
absl::Status TakeChanges(const Reply* replies, std::string& position, std::vector<Change>& changes) {
  const std::optional<StreamId> from = ReadStreamId(position);
  if (!from) return CursorTooOld("the cursor is not one of this store");
  IPB_ASSIGN_OR_RETURN(const StreamId floor, FloorOf(*replies[2]));
  IPB_ASSIGN_OR_RETURN(const StreamId end, EndOf(*replies[1], *replies[2]));
  if (*from < floor)
    return CursorTooOld("older ones are no longer kept; the oldest kept follow an empty cursor");
  if (*from > end) return CursorTooOld("the cursor is ahead of this store");
  IPB_RETURN_IF_ERROR(ExpectArray(*replies[0]));
  for (size_t i = 0; i < replies[0]->elements; ++i) {
    IPB_ASSIGN_OR_RETURN(const Entry entry, EntryOf(*replies[0]->element[i]));
    IPB_ASSIGN_OR_RETURN(const Revision written, ReadRevision(entry.value));
    changes.push_back(
        {std::string(entry.field), written.counter, absl::FromUnixMillis(entry.id.milliseconds)});
    position = WriteStreamId(entry.id);
  }
  return absl::OkStatus();
}

Command LastCommand(const std::string& changes) {
  return std::move(Command().Add("XREVRANGE").Add(changes).Add("+").Add("-").Add("COUNT").Add("1"));
}

Command FloorCommand(const std::string& trimmed) {
  return std::move(Command().Add("HGET").Add(trimmed).Add("c"));
}

// The last millisecond before an instant.
int64_t LastMillisecondBefore(absl::Time time) {
  return std::max<int64_t>(0, absl::ToUnixMillis(time - absl::Nanoseconds(1)));
}

}  // namespace

async::Task<absl::StatusOr<std::vector<IndexEntry>>> RedisStore::Scan(std::string index, std::string from,
                                                                      std::string to,
                                                                      std::optional<IndexEntry> after,
                                                                      size_t limit) {
  IPB_CO_RETURN_IF_ERROR(CheckScan(index, from, to, after, limit));
  const std::string high = to.empty() ? "+" : absl::StrCat("(", to);
  std::string low = absl::StrCat("[", from);
  if (after && after->key >= from) {
    low = absl::StrCat("(", WriteIndexMember(after->key, after->subject, after->name));
  }
  const size_t page = FirstPage(limit);
  Commands commands;
  for (int p = 0; p < kPartitions; ++p)
    commands.push_back(ScanCommand(keys_.Index(p, index), low, high, page));
  auto answer = Read(std::move(commands));
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  Merge merge;
  for (int p = 0; p < kPartitions; ++p) IPB_CO_RETURN_IF_ERROR(merge.Fill(p, *replies[p], page));
  std::vector<IndexEntry> entries;
  while (true) {
    IPB_CO_ASSIGN_OR_RETURN(const std::optional<int> partition, merge.Take(index, limit, entries));
    if (!partition || entries.size() == limit) break;
    const size_t rest = limit - entries.size();
    auto next =
        Read(ScanCommand(keys_.Index(*partition, index), absl::StrCat("(", merge.last()), high, rest));
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> more, co_await next);
    IPB_CO_RETURN_IF_ERROR(merge.Fill(*partition, *more.front(), rest));
  }
  co_return entries;
}

async::Task<absl::StatusOr<TailResult>> RedisStore::Tail(Cursor cursor, size_t limit) {
  IPB_CO_RETURN_IF_ERROR(CheckTail(cursor, limit));
  TailResult result;
  result.next.epoch = core_->identity->epoch();
  if (!cursor.epoch.empty() && cursor.epoch != result.next.epoch) {
    co_return CursorTooOld("the cursor is of another store");
  }
  result.next.positions = std::move(cursor.positions);
  std::vector<std::string>& positions = result.next.positions;
  positions.resize(kPartitions);
  if (std::find(positions.begin(), positions.end(), "") != positions.end()) {
    Commands commands;
    for (int p = 0; p < kPartitions; ++p) commands.push_back(FloorCommand(keys_.Trimmed(p)));
    auto answer = Read(std::move(commands));
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> floors, co_await answer);
    for (int p = 0; p < kPartitions; ++p) {
      IPB_CO_ASSIGN_OR_RETURN(const StreamId floor, FloorOf(*floors[p]));
      if (positions[p].empty()) positions[p] = WriteStreamId(floor);
    }
  }
  // The floor is read last: what it does not cover was there to be read.
  const size_t each = std::max<size_t>(1, limit / kPartitions);
  Commands commands;
  for (int p = 0; p < kPartitions; ++p) {
    Command range;
    range.Add("XRANGE").Add(keys_.Changes(p)).Add("(", positions[p]).Add("+").Add("COUNT").AddNumber(each);
    commands.push_back(std::move(range));
    commands.push_back(LastCommand(keys_.Changes(p)));
    commands.push_back(FloorCommand(keys_.Trimmed(p)));
  }
  auto answer = Read(std::move(commands));
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  for (int p = 0; p < kPartitions; ++p) {
    IPB_CO_RETURN_IF_ERROR(TakeChanges(&replies[3 * p], positions[p], result.changes));
  }
  co_return result;
}

async::Task<absl::StatusOr<Cursor>> RedisStore::Now() {
  Commands commands;
  for (int p = 0; p < kPartitions; ++p) {
    commands.push_back(LastCommand(keys_.Changes(p)));
    commands.push_back(FloorCommand(keys_.Trimmed(p)));
  }
  auto answer = Read(std::move(commands));
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  Cursor cursor;
  cursor.epoch = core_->identity->epoch();
  for (int p = 0; p < kPartitions; ++p) {
    IPB_CO_ASSIGN_OR_RETURN(const StreamId end, EndOf(*replies[2 * p], *replies[2 * p + 1]));
    cursor.positions.push_back(WriteStreamId(end));
  }
  co_return cursor;
}

async::Task<absl::StatusOr<size_t>> RedisStore::Trim(absl::Time changes_before, absl::Time replies_before,
                                                     size_t limit) {
  IPB_CO_RETURN_IF_ERROR(CheckLimit(limit));
  const int64_t changes_to = LastMillisecondBefore(changes_before);
  const int64_t replies_to = LastMillisecondBefore(replies_before);
  size_t dropped = 0, cut = 0;
  for (int p = 0; p < kPartitions && (dropped < limit || cut < limit);) {
    const size_t may_drop = limit - dropped, may_cut = limit - cut;
    Command command;
    command.Add("FCALL").Add(TrimFunction()).Add("2").Add(keys_.Changes(p)).Add(keys_.Trimmed(p));
    command.AddNumber(may_drop > 0 ? changes_to : 0).AddNumber(may_cut > 0 ? replies_to : 0);
    command.AddNumber(std::max<size_t>(1, may_drop)).AddNumber(std::max<size_t>(1, may_cut));
    command.Add(keys_.SubjectPrefix(p));
    auto answer = Read(std::move(command));
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
    IPB_CO_RETURN_IF_ERROR(ExpectArray(*replies.front(), 3));
    const size_t now_dropped = replies.front()->element[0]->integer;
    const size_t looked_at = replies.front()->element[2]->integer;
    dropped += now_dropped;
    cut += replies.front()->element[1]->integer;
    const bool more = (may_drop > 0 && now_dropped == may_drop) || (may_cut > 0 && looked_at == may_cut);
    if (!more) ++p;
  }
  co_return dropped + cut;
}

}  // namespace ipb::store
