#include "common/store/redis_wire.h"

#include <cstring>

#include "absl/strings/match.h"
#include "common/errors/errors.h"

namespace ipb::store {

absl::string_view Command::Wire() {
  if (start_ == 0) {
    const std::string header = absl::StrCat("*", count_, "\r\n");
    start_ = kHeaderBytes - header.size();
    std::memcpy(bytes_.data() + start_, header.data(), header.size());
  }
  return absl::string_view(bytes_).substr(start_);
}

absl::Status StatusOf(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ERROR) return absl::OkStatus();
  const absl::string_view text = TextOf(reply);
  if (absl::StartsWith(text, "OOM")) return errors::TooBusy("the memory of Redis");
  for (const absl::string_view passing :
       {"LOADING", "BUSY", "MASTERDOWN", "MISCONF", "NOREPLICAS", "READONLY", "CLUSTERDOWN", "TRYAGAIN",
        "NOAUTH", "ERR Function not found"}) {
    if (absl::StartsWith(text, passing)) return errors::StoreUnavailable(absl::StrCat("Redis says ", text));
  }
  return absl::InternalError(absl::StrCat("Redis says ", text));
}

absl::Status ExpectArray(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ARRAY) return absl::OkStatus();
  absl::Status status = StatusOf(reply);
  return status.ok() ? UnexpectedReply() : status;
}

absl::Status ExpectArray(const redisReply& reply, size_t elements) {
  absl::Status status = ExpectArray(reply);
  if (status.ok() && reply.elements != elements) return UnexpectedReply();
  return status;
}

absl::Status UnexpectedReply() {
  return absl::DataLossError("Redis gave a reply of another form than the command has");
}

}  // namespace ipb::store
