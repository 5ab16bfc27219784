#include "common/store/redis_store.h"

#include <map>
#include <utility>

#include "common/errors/status_macros.h"
#include "common/store/limits.h"
#include "common/store/redis_core.h"
#include "common/store/redis_functions.h"

namespace ipb::store {
namespace {

const absl::string_view kRecord(&kRecordFieldPrefix, 1);
const absl::string_view kReply(&kReplyFieldPrefix, 1);

// The index entries of a commit, by index.
struct IndexWrites {
  std::vector<std::string> removes;
  std::vector<std::string> adds;
};

std::string TextOrEmpty(const redisReply& reply) { return std::string(IsText(reply) ? TextOf(reply) : ""); }

absl::StatusOr<Revision> RevisionOf(const redisReply& reply) {
  if (IsNil(reply) || TextOf(reply).empty()) return Revision{};
  return ReadRevision(TextOf(reply));
}

Command LoadCommand(const RedisKeys& keys, const LoadRequest& request) {
  Command command;
  command.Add("HMGET")
      .Add(keys.Subject(request.subject))
      .Add(kRevisionField)
      .Add(kHeadField)
      .Add(kAccessField);
  if (!request.request_key.empty()) command.Add(kReply, request.request_key);
  for (const std::string& name : request.names) command.Add(kRecord, name);
  return command;
}

absl::StatusOr<LoadResult> DecodeLoad(const LoadRequest& request, const redisReply& reply) {
  size_t at = request.request_key.empty() ? 3 : 4;
  IPB_RETURN_IF_ERROR(ExpectArray(reply, at + request.names.size()));
  LoadResult result;
  IPB_ASSIGN_OR_RETURN(result.revision, RevisionOf(*reply.element[0]));
  result.head = TextOrEmpty(*reply.element[1]);
  result.access = TextOrEmpty(*reply.element[2]);
  if (at == 4 && !IsNil(*reply.element[3])) {
    IPB_ASSIGN_OR_RETURN(result.remembered, ReadReply(TextOf(*reply.element[3])));
  }
  result.records.reserve(request.names.size());
  for (const std::string& name : request.names) {
    const redisReply& value = *reply.element[at++];
    std::optional<Record>& record = result.records.emplace_back();
    if (IsNil(value)) continue;
    IPB_ASSIGN_OR_RETURN(record, ReadRecord(name, TextOf(value)));
  }
  return result;
}

std::map<absl::string_view, IndexWrites> ByIndex(absl::string_view subject, const Writes& writes) {
  std::map<absl::string_view, IndexWrites> indexes;
  for (const IndexEntry& entry : writes.index_removes) {
    indexes[entry.index].removes.push_back(WriteIndexMember(entry.key, subject, entry.name));
  }
  for (const IndexEntry& entry : writes.index_adds) {
    indexes[entry.index].adds.push_back(WriteIndexMember(entry.key, subject, entry.name));
  }
  return indexes;
}

// Field and value of all that goes into the subject's hash, the records first.
void AddPairs(const Writes& writes, const Revision& next, Command& command) {
  const std::string prefix = absl::StrCat(next.counter, " ");
  for (const Record& put : writes.puts) command.Add(kRecord, put.name).Add(prefix, put.data);
  command.Add(kRevisionField).Add(WriteRevision(next));
  if (writes.head) command.Add(kHeadField).Add(*writes.head);
  if (writes.access) command.Add(kAccessField).Add(*writes.access);
  if (writes.request_key.empty()) return;
  Remembered remember = writes.remember;
  remember.revision = next.counter;
  command.Add(kReply, writes.request_key).Add(WriteReply(remember));
}

// About how long the command of a commit is: its data, and some for each argument's length and for the keys.
size_t BytesOf(absl::string_view subject, const Writes& writes) {
  constexpr size_t kPerArgument = 32, kArguments = 16;
  size_t bytes = (subject.size() + kPerArgument) * kArguments + writes.history.size() + writes.remember.reply.size();
  for (const Record& put : writes.puts) bytes += put.name.size() + put.data.size() + 2 * kPerArgument;
  return bytes + (writes.index_adds.size() + writes.index_removes.size()) * (subject.size() + 4 * kPerArgument);
}

// The call of commit.lua, whose comment tells the order.
Command CommitCommand(const RedisKeys& keys, absl::string_view subject, const Revision& expected,
                      const Writes& writes, bool check_only) {
  const Revision next{expected.counter + 1, writes.commit_id};
  const int partition = PartitionOf(subject);
  const bool remembers = !writes.request_key.empty();
  const auto indexes = ByIndex(subject, writes);
  Command command(BytesOf(subject, writes));
  command.Add("FCALL").Add(check_only ? CheckFunction() : CommitFunction()).AddNumber(4 + indexes.size());
  command.Add(keys.Subject(subject))
      .Add(keys.Names(subject))
      .Add(keys.History(subject))
      .Add(keys.Changes(partition));
  for (const auto& [index, entries] : indexes) command.Add(keys.Index(partition, index));
  command.Add(WriteRevision(expected)).Add(WriteRevision(next));
  command.Add(writes.unrecorded ? std::string() : WriteHistory(writes.commit_id, writes.history));
  command.Add(remembers ? kReply : absl::string_view(), writes.request_key);
  command.Add(subject).Add(WriteChange(next.counter, writes.request_key));
  command.AddNumber(writes.puts.size());
  command.AddNumber(writes.puts.size() + 1 + writes.head.has_value() + writes.access.has_value() + remembers);
  command.AddNumber(writes.deletes.size());
  AddPairs(writes, next, command);
  for (const std::string& name : writes.deletes) command.Add(kRecord, name);
  for (const auto& [index, entries] : indexes) {
    command.AddNumber(entries.removes.size()).AddNumber(entries.adds.size());
    for (const std::string& member : entries.removes) command.Add(member);
    for (const std::string& member : entries.adds) command.Add("0").Add(member);
  }
  return command;
}

absl::StatusOr<CommitResult> DecodeCommit(const Revision& next, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER) return CommitResult{CommitResult::Kind::kDone, next, std::nullopt};
  IPB_RETURN_IF_ERROR(ExpectArray(reply));
  if (reply.elements < 2) return UnexpectedReply();
  const absl::string_view kind = TextOf(*reply.element[0]);
  CommitResult result;
  IPB_ASSIGN_OR_RETURN(result.revision, RevisionOf(*reply.element[1]));
  if (kind == "conflict") {
    result.kind = CommitResult::Kind::kConflict;
  } else if (kind == "repeated" && reply.elements == 3) {
    result.kind = CommitResult::Kind::kRepeated;
    IPB_ASSIGN_OR_RETURN(result.remembered, ReadReply(TextOf(*reply.element[2])));
  } else if (kind != "done") {
    return UnexpectedReply();
  }
  return result;
}

// The bytes just above all that start with `prefix`, which begins with the letter of records.
std::string After(std::string prefix) {
  while (prefix.back() == '\xff') prefix.pop_back();
  ++prefix.back();
  return prefix;
}

Command ListCommand(const RedisKeys& keys, absl::string_view subject, absl::string_view prefix,
                    absl::string_view after, size_t limit) {
  Command command;
  command.Add("FCALL_RO")
      .Add(ListFunction())
      .AddNumber(2)
      .Add(keys.Subject(subject))
      .Add(keys.Names(subject));
  if (!after.empty() && after >= prefix) {
    command.Add("(", kRecord, after);
  } else {
    command.Add("[", kRecord, prefix);
  }
  return std::move(command.Add("(", After(absl::StrCat(kRecord, prefix))).AddNumber(limit));
}

absl::StatusOr<std::vector<Record>> DecodeList(const redisReply& reply) {
  IPB_RETURN_IF_ERROR(ExpectArray(reply, 2));
  const redisReply& fields = *reply.element[0];
  const redisReply& values = *reply.element[1];
  IPB_RETURN_IF_ERROR(ExpectArray(fields));
  IPB_RETURN_IF_ERROR(ExpectArray(values, fields.elements));
  std::vector<Record> records(fields.elements);
  for (size_t i = 0; i < records.size(); ++i) {
    IPB_ASSIGN_OR_RETURN(records[i],
                         ReadRecord(TextOf(*fields.element[i]).substr(1), TextOf(*values.element[i])));
  }
  return records;
}

absl::StatusOr<std::vector<std::string>> DecodeHistory(const redisReply& reply) {
  IPB_RETURN_IF_ERROR(ExpectArray(reply));
  std::vector<std::string> entries(reply.elements);
  for (size_t i = 0; i < entries.size(); ++i) {
    IPB_ASSIGN_OR_RETURN(entries[i], ReadHistory(TextOf(*reply.element[i])));
  }
  return entries;
}

}  // namespace

async::Completion<RedisLoop::Result> RedisStore::Read(Command command) {
  Commands commands;
  commands.push_back(std::move(command));
  return Read(std::move(commands));
}

async::Task<absl::StatusOr<LoadResult>> RedisStore::Load(LoadRequest request) {
  IPB_CO_RETURN_IF_ERROR(CheckLoad(request));
  RedisLoop::Call call;
  call.commands.push_back(LoadCommand(keys_, request));
  auto answer = core_->commits(request.subject).Submit(std::move(call), session_);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  IPB_CO_ASSIGN_OR_RETURN(LoadResult result, DecodeLoad(request, *replies.front()));
  if (result.remembered && core_->waits_for_replicas) {
    // Who made that reply may have died while waiting: it is shown only once the replicas have it.
    RedisLoop::Call confirm;
    confirm.commands.push_back(std::move(Command().Add("PING")));
    confirm.durable = true;
    auto confirmed = core_->commits(request.subject).Submit(std::move(confirm), session_);
    IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> pong, co_await confirmed);
    IPB_CO_RETURN_IF_ERROR(StatusOf(*pong.front()));
  }
  co_return result;
}

async::Task<absl::StatusOr<CommitResult>> RedisStore::Commit(std::string subject, Revision expected,
                                                             Writes writes, bool check_only) {
  IPB_CO_RETURN_IF_ERROR(CheckCommit(subject, expected, writes));
  RedisLoop::Call call;
  call.commands.push_back(CommitCommand(keys_, subject, expected, writes, check_only));
  call.resubmit = call.durable = !check_only;
  auto answer = core_->commits(subject).Submit(std::move(call), session_);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  const Revision next{expected.counter + 1, writes.commit_id};
  co_return DecodeCommit(next, *replies.front());
}

async::Task<absl::StatusOr<std::vector<Record>>> RedisStore::List(std::string subject, std::string prefix,
                                                                  std::string after, size_t limit) {
  IPB_CO_RETURN_IF_ERROR(CheckList(subject, prefix, after, limit));
  auto answer = Read(ListCommand(keys_, subject, prefix, after, limit));
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  co_return DecodeList(*replies.front());
}

async::Task<absl::StatusOr<std::vector<std::string>>> RedisStore::History(std::string subject, int64_t after,
                                                                          size_t limit) {
  IPB_CO_RETURN_IF_ERROR(CheckHistory(subject, after, limit));
  // An index that no list can have would wrap around.
  if (after > std::numeric_limits<int32_t>::max()) co_return std::vector<std::string>();
  const int64_t last = after + static_cast<int64_t>(limit) - 1;
  auto answer = Read(Command().Add("LRANGE").Add(keys_.History(subject)).AddNumber(after).AddNumber(last));
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  co_return DecodeHistory(*replies.front());
}

async::Task<absl::Status> RedisStore::Ping() {
  for (const auto& commits : core_->commit_loops) IPB_CO_RETURN_IF_ERROR(commits->Ready());
  RedisLoop::Call call;
  call.commands.push_back(std::move(Command().Add("PING")));
  auto answer = core_->commit_loops.front()->Submit(std::move(call), session_);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<Reply> replies, co_await answer);
  co_return StatusOf(*replies.front());
}

void RedisStore::Close() { CloseSession(*core_, *session_); }

}  // namespace ipb::store
