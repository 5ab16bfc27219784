// One connection to Redis on a libev loop: everything that must be known of hiredis 0.14, and nothing else.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/store/redis_wire.h"

struct ev_loop;
struct redisAsyncContext;

namespace ipb::store {

// Used on the loop's thread only. After Connect there comes OnConnected or OnLost; after OnConnected, OnReply
// once for each Send, in order, until OnLost. OnLost comes once and means that the outcome of what has no
// reply is unknown.
class RedisConnection {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    // Not the place to send from: hiredis does not survive that.
    virtual void OnConnected() = 0;
    virtual void OnReply(Reply reply) = 0;
    virtual void OnLost(absl::string_view why) = 0;
  };

  RedisConnection(struct ev_loop* loop, Listener* listener) : loop_(loop), listener_(listener) {}
  ~RedisConnection() { Drop("closed"); }
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  // Starts to connect; the connection before must be lost. A host name is resolved here and now.
  void Connect(const std::string& host, int port);
  // False if the connection cannot take it; OnLost has come or is about to.
  bool Send(absl::string_view command);
  // Gives the connection up. Calls OnLost if there was one.
  void Drop(absl::string_view why);

 private:
  struct Callbacks;
  void Lost(absl::string_view why);

  struct ev_loop* const loop_;
  Listener* const listener_;
  redisAsyncContext* context_ = nullptr;
};

}  // namespace ipb::store
