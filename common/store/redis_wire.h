// What goes to Redis and what comes back: a command in the form of the wire, and a reply that is owned.
#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ipb::store {

// One command, put together where it is known so that the loop only has to copy it. Arguments are bytes.
class Command {
 public:
  // `expected_bytes` saves growing it again and again.
  explicit Command(size_t expected_bytes = 0) {
    bytes_.reserve(kHeaderBytes + expected_bytes);
    bytes_.append(kHeaderBytes, '\0');
  }

  // Adds an argument that is `parts` joined.
  template <typename... Parts>
  Command& Add(const Parts&... parts) {
    const size_t size = (absl::string_view(parts).size() + ... + 0);
    absl::StrAppend(&bytes_, "$", size, "\r\n");
    (bytes_.append(absl::string_view(parts).data(), absl::string_view(parts).size()), ...);
    bytes_.append("\r\n");
    ++count_;
    return *this;
  }
  Command& AddNumber(int64_t number) { return Add(absl::StrCat(number)); }

  // The command on the wire. Add nothing after.
  absl::string_view Wire();
  size_t size() const { return bytes_.size(); }

 private:
  static constexpr size_t kHeaderBytes = 16;  // room for "*<count>\r\n", which is known last

  std::string bytes_;
  int count_ = 0;
  size_t start_ = 0;
};

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

inline absl::string_view TextOf(const redisReply& reply) { return {reply.str, reply.len}; }
inline bool IsText(const redisReply& reply) {
  return reply.type == REDIS_REPLY_STRING || reply.type == REDIS_REPLY_STATUS;
}
inline bool IsNil(const redisReply& reply) { return reply.type == REDIS_REPLY_NIL; }

// OK unless the reply is an error: RESOURCE_EXHAUSTED when Redis is out of memory, UNAVAILABLE when it says
// that it cannot serve at present, else INTERNAL.
absl::Status StatusOf(const redisReply& reply);

// OK if the reply is an array of that many elements; an error reply's own status, else DATA_LOSS.
absl::Status ExpectArray(const redisReply& reply, size_t elements);
absl::Status ExpectArray(const redisReply& reply);

// DATA_LOSS for a reply of another type than the command gives.
absl::Status UnexpectedReply();

}  // namespace ipb::store
