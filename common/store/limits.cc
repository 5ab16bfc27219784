#include "common/store/limits.h"

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::store {
namespace {

// Text that may be empty.
absl::Status CheckText(absl::string_view what, absl::string_view text) {
  if (text.size() > kMaximumNameBytes) {
    return errors::InvalidField(std::string(what),
                                absl::StrCat("is longer than ", kMaximumNameBytes, " bytes"));
  }
  if (text.find('\0') != absl::string_view::npos) {
    return errors::InvalidField(std::string(what), "has a zero byte");
  }
  return absl::OkStatus();
}

absl::Status CheckName(absl::string_view what, absl::string_view text) {
  if (text.empty()) return errors::InvalidField(std::string(what), "is empty");
  return CheckText(what, text);
}

absl::Status CheckEntry(absl::string_view what, const IndexEntry& entry) {
  IPB_RETURN_IF_ERROR(CheckName(absl::StrCat(what, ".index"), entry.index));
  IPB_RETURN_IF_ERROR(CheckName(absl::StrCat(what, ".key"), entry.key));
  return CheckName(absl::StrCat(what, ".name"), entry.name);
}

// Adds up the bytes of a commit while it looks at each piece.
class Sizes {
 public:
  absl::Status Add(absl::string_view what, size_t bytes) {
    total_ += bytes;
    if (bytes > kMaximumRecordBytes) {
      return errors::InvalidField(std::string(what),
                                  absl::StrCat("is larger than ", kMaximumRecordBytes, " bytes"));
    }
    if (total_ > kMaximumCommitBytes) {
      return errors::InvalidField("writes",
                                  absl::StrCat("is larger than ", kMaximumCommitBytes, " bytes together"));
    }
    return absl::OkStatus();
  }

 private:
  size_t total_ = 0;
};

absl::Status CheckBytes(const Writes& writes) {
  Sizes sizes;
  for (const Record& put : writes.puts) IPB_RETURN_IF_ERROR(sizes.Add("writes.puts.data", put.data.size()));
  IPB_RETURN_IF_ERROR(sizes.Add("writes.access", writes.access ? writes.access->size() : 0));
  IPB_RETURN_IF_ERROR(sizes.Add("writes.head", writes.head ? writes.head->size() : 0));
  IPB_RETURN_IF_ERROR(sizes.Add("writes.history", writes.history.size()));
  IPB_RETURN_IF_ERROR(sizes.Add("writes.remember.fingerprint", writes.remember.fingerprint.size()));
  return sizes.Add("writes.remember.reply", writes.remember.reply.size());
}

absl::Status CheckNames(const Writes& writes) {
  if (writes.puts.size() + writes.deletes.size() + writes.index_adds.size() + writes.index_removes.size() >
      kMaximumWrites) {
    return errors::InvalidField("writes", absl::StrCat("has more than ", kMaximumWrites, " pieces"));
  }
  for (const Record& put : writes.puts) IPB_RETURN_IF_ERROR(CheckName("writes.puts.name", put.name));
  for (const std::string& name : writes.deletes) IPB_RETURN_IF_ERROR(CheckName("writes.deletes", name));
  for (const IndexEntry& add : writes.index_adds) IPB_RETURN_IF_ERROR(CheckEntry("writes.index_adds", add));
  for (const IndexEntry& gone : writes.index_removes) {
    IPB_RETURN_IF_ERROR(CheckEntry("writes.index_removes", gone));
  }
  IPB_RETURN_IF_ERROR(CheckText("writes.remember.name", writes.remember.name));
  return CheckText("writes.request_key", writes.request_key);
}

}  // namespace

absl::Status CheckLimit(size_t limit) {
  if (limit >= 1 && limit <= kMaximumPage) return absl::OkStatus();
  return errors::InvalidField("limit", absl::StrCat("is not from 1 to ", kMaximumPage));
}

absl::Status CheckLoad(const LoadRequest& request) {
  IPB_RETURN_IF_ERROR(CheckName("subject", request.subject));
  IPB_RETURN_IF_ERROR(CheckText("request_key", request.request_key));
  if (request.names.size() > kMaximumLoadNames) {
    return errors::InvalidField("names", absl::StrCat("has more than ", kMaximumLoadNames, " names"));
  }
  for (const std::string& name : request.names) IPB_RETURN_IF_ERROR(CheckName("names", name));
  return absl::OkStatus();
}

absl::Status CheckList(absl::string_view subject, absl::string_view prefix, absl::string_view after,
                       size_t limit) {
  IPB_RETURN_IF_ERROR(CheckName("subject", subject));
  IPB_RETURN_IF_ERROR(CheckText("prefix", prefix));
  IPB_RETURN_IF_ERROR(CheckText("after", after));
  return CheckLimit(limit);
}

absl::Status CheckHistory(absl::string_view subject, int64_t after, size_t limit) {
  IPB_RETURN_IF_ERROR(CheckName("subject", subject));
  if (after < 0) return errors::InvalidField("after", "is negative");
  return CheckLimit(limit);
}

absl::Status CheckCommit(absl::string_view subject, const Revision& expected, const Writes& writes) {
  IPB_RETURN_IF_ERROR(CheckName("subject", subject));
  if (expected.counter < 0 || (expected.counter == 0) != expected.commit_id.empty() ||
      expected.commit_id.size() > kMaximumCommitIdBytes) {
    return errors::InvalidField("expected", "is not a revision that a load or a commit gave");
  }
  if (writes.commit_id.empty() || writes.commit_id.size() > kMaximumCommitIdBytes) {
    return errors::InvalidField("writes.commit_id",
                                absl::StrCat("is not from 1 to ", kMaximumCommitIdBytes, " bytes long"));
  }
  if (writes.history.empty() != writes.unrecorded) {
    return errors::InvalidField("writes.history", writes.unrecorded ? "is given" : "is empty");
  }
  if (writes.unrecorded && !writes.request_key.empty()) {
    return errors::InvalidField("writes.request_key", "is given");
  }
  IPB_RETURN_IF_ERROR(CheckNames(writes));
  return CheckBytes(writes);
}

absl::Status CheckScan(absl::string_view index, absl::string_view from, absl::string_view to,
                       const std::optional<IndexEntry>& after, size_t limit) {
  IPB_RETURN_IF_ERROR(CheckName("index", index));
  IPB_RETURN_IF_ERROR(CheckText("from", from));
  IPB_RETURN_IF_ERROR(CheckText("to", to));
  if (after) {
    IPB_RETURN_IF_ERROR(CheckText("after.key", after->key));
    IPB_RETURN_IF_ERROR(CheckText("after.subject", after->subject));
    IPB_RETURN_IF_ERROR(CheckText("after.name", after->name));
  }
  return CheckLimit(limit);
}

absl::Status CheckTail(const Cursor& cursor, size_t limit) {
  IPB_RETURN_IF_ERROR(CheckLimit(limit));
  if (cursor.epoch.empty() && cursor.positions.empty()) return absl::OkStatus();
  if (cursor.epoch.empty()) return errors::InvalidField("cursor.epoch", "is empty");
  if (cursor.positions.size() != static_cast<size_t>(kPartitions)) {
    return errors::InvalidField("cursor.positions", absl::StrCat("are not ", kPartitions));
  }
  for (const std::string& position : cursor.positions) {
    IPB_RETURN_IF_ERROR(CheckText("cursor.positions", position));
  }
  return absl::OkStatus();
}

absl::Status CursorTooOld(absl::string_view why) {
  return errors::Make(absl::StatusCode::kOutOfRange, v1::ERROR_REASON_CURSOR_TOO_OLD,
                      absl::StrCat("changes cannot be given from there on: ", why));
}

}  // namespace ipb::store
