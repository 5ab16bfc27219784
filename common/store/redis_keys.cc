#include "common/store/redis_keys.h"

#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ipb::store {
namespace {

// The partition's number, then the first three letters that bring the CRC16 slot to 256 * partition + 128.
constexpr std::array<absl::string_view, kPartitions> kTags = {
    "00pc5", "01hh9", "02kh5", "03jh1", "04ea5", "05da1", "062km", "07fa9",  //
    "08ys4", "09ax8", "10gxz", "11nqf", "120vb", "131vf", "14cxj", "15bxn",  //
    "16mh5", "17lh1", "18fpa", "19gpe", "20bnl", "21cnh", "22qlt", "23igx",  //
    "24bbq", "25cbu", "26hka", "27ike", "28cwu", "29bwq", "30dw3", "31ew7",  //
    "325fb", "33al6", "34fhj", "35ghn", "36un2", "37tn6", "38g9f", "39f9b",  //
    "40zp2", "417qn", "42x42", "43y46", "44or2", "45nr6", "46m62", "47l66",  //
    "48jz9", "49rq5", "50esg", "51dsc", "52v17", "53w13", "54asw", "55hzk",  //
    "562qb", "573qf", "58lcf", "59ejz", "60h9c", "61atw", "62b0s", "63c0w",
};

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("a ", what, " in Redis is not in the form this program writes"));
}

// Takes "<number><mark>" off the front of the text.
bool TakeNumber(absl::string_view& text, char mark, int64_t& number) {
  const size_t end = text.find(mark);
  if (end == absl::string_view::npos || !absl::SimpleAtoi(text.substr(0, end), &number)) return false;
  text.remove_prefix(end + 1);
  return number >= 0;
}

// Takes the first `size` bytes off the front of the text.
bool TakeBytes(absl::string_view& text, int64_t size, std::string& bytes) {
  if (size < 0 || static_cast<size_t>(size) > text.size()) return false;
  bytes = std::string(text.substr(0, size));
  text.remove_prefix(size);
  return true;
}

}  // namespace

absl::string_view TagOf(int partition) { return kTags[partition]; }

std::string RedisKeys::Of(int partition, char kind, absl::string_view rest) const {
  return absl::StrCat("ipb:{", TagOf(partition), "}:", space_, ":", absl::string_view(&kind, 1), ":", rest);
}

std::string IdentityKey() { return absl::StrCat("ipb:{", TagOf(0), "}:store"); }

std::string WriteRevision(const Revision& revision) {
  if (revision.counter == 0) return "";
  return absl::StrCat(revision.counter, " ", revision.commit_id);
}

absl::StatusOr<Revision> ReadRevision(absl::string_view value) {
  Revision revision;
  if (!TakeNumber(value, ' ', revision.counter)) return Damaged("revision");
  revision.commit_id = std::string(value);
  return revision;
}

absl::StatusOr<Record> ReadRecord(absl::string_view name, absl::string_view value) {
  Record record;
  if (!TakeNumber(value, ' ', record.revision)) return Damaged("record");
  record.name = std::string(name);
  record.data = std::string(value);
  return record;
}

std::string WriteReply(const Remembered& remembered) {
  const std::string kept = absl::StrCat(remembered.revision, " ", remembered.fingerprint.size(), " ",
                                        remembered.fingerprint, remembered.name);
  return absl::StrCat(kept.size(), " ", kept, remembered.reply);
}

absl::StatusOr<Remembered> ReadReply(absl::string_view value) {
  Remembered remembered;
  std::string kept;
  int64_t size = 0;
  if (!TakeNumber(value, ' ', size) || !TakeBytes(value, size, kept)) return Damaged("remembered reply");
  absl::string_view rest = kept;
  if (!TakeNumber(rest, ' ', remembered.revision) || !TakeNumber(rest, ' ', size) ||
      !TakeBytes(rest, size, remembered.fingerprint)) {
    return Damaged("remembered reply");
  }
  remembered.name = std::string(rest);
  remembered.reply = std::string(value);
  return remembered;
}

std::string WriteHistory(absl::string_view commit_id, absl::string_view entry) {
  const char size = static_cast<char>(commit_id.size());
  return absl::StrCat(absl::string_view(&size, 1), commit_id, entry);
}

absl::StatusOr<std::string> ReadHistory(absl::string_view value) {
  if (value.empty()) return Damaged("history entry");
  const size_t start = 1 + static_cast<unsigned char>(value.front());
  if (value.size() < start) return Damaged("history entry");
  return std::string(value.substr(start));
}

std::string WriteIndexMember(absl::string_view key, absl::string_view subject, absl::string_view name) {
  const absl::string_view zero("\0", 1);
  return absl::StrCat(key, zero, subject, zero, name);
}

absl::StatusOr<IndexEntry> ReadIndexMember(absl::string_view index, absl::string_view member) {
  const std::vector<absl::string_view> parts = absl::StrSplit(member, '\0');
  if (parts.size() != 3) return Damaged("index entry");
  return IndexEntry{std::string(index), std::string(parts[0]), std::string(parts[1]), std::string(parts[2])};
}

std::string WriteChange(int64_t revision, absl::string_view request_key) {
  return absl::StrCat(revision, " ", request_key);
}

std::optional<StreamId> ReadStreamId(absl::string_view text) {
  StreamId id;
  if (!TakeNumber(text, '-', id.milliseconds) || !absl::SimpleAtoi(text, &id.number) || id.number < 0) {
    return std::nullopt;
  }
  return id;
}

std::string WriteStreamId(const StreamId& id) { return absl::StrCat(id.milliseconds, "-", id.number); }

}  // namespace ipb::store
