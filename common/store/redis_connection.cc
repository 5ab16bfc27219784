#include "common/store/redis_connection.h"

#include <ev.h>
#include <hiredis/adapters/libev.h>
#include <hiredis/async.h>

#include <utility>

namespace ipb::store {
namespace {

// hiredis frees a reply when its callback returns. Taking the reply instead saves copying it: the callback
// names it here and the free function of the reader passes it by.
thread_local void* taken_reply = nullptr;

void FreeUnlessTaken(void* reply) {
  if (reply != taken_reply) freeReplyObject(reply);
  taken_reply = nullptr;
}

redisReplyObjectFunctions* TakingFunctions(const redisReplyObjectFunctions& usual) {
  thread_local redisReplyObjectFunctions functions;
  functions = usual;
  functions.freeObject = FreeUnlessTaken;
  return &functions;
}

}  // namespace

// What hiredis calls. A context that is no longer ours has been dropped: its calls mean nothing any more.
// After a lost connection hiredis frees the context itself, whichever of these it called last.
struct RedisConnection::Callbacks {
  static void OnConnect(const redisAsyncContext* context, int status) noexcept {
    auto* const self = static_cast<RedisConnection*>(context->data);
    if (self->context_ != context) return;
    if (status != REDIS_OK) return self->Lost(context->errstr ? context->errstr : "connecting failed");
    redisEnableKeepAlive(&self->context_->c);
    self->listener_->OnConnected();
  }

  static void OnDisconnect(const redisAsyncContext* context, int) noexcept {
    auto* const self = static_cast<RedisConnection*>(context->data);
    if (self->context_ != context) return;
    self->Lost(context->errstr && *context->errstr ? context->errstr : "the connection was closed");
  }

  static void OnReply(redisAsyncContext* context, void* reply, void*) noexcept {
    auto* const self = static_cast<RedisConnection*>(context->data);
    if (!reply || self->context_ != context) return;
    taken_reply = reply;
    self->listener_->OnReply(Reply(static_cast<redisReply*>(reply)));
  }
};

void RedisConnection::Connect(const std::string& host, int port) {
  context_ = redisAsyncConnect(host.c_str(), port);
  if (!context_) return Lost("out of memory");
  if (context_->err) {
    const std::string why = context_->errstr;
    redisAsyncFree(std::exchange(context_, nullptr));
    return Lost(why);
  }
  context_->data = this;
  context_->c.reader->fn = TakingFunctions(*context_->c.reader->fn);
  redisLibevAttach(loop_, context_);
  redisAsyncSetConnectCallback(context_, Callbacks::OnConnect);
  redisAsyncSetDisconnectCallback(context_, Callbacks::OnDisconnect);
}

bool RedisConnection::Send(absl::string_view command) {
  return context_ && redisAsyncFormattedCommand(context_, Callbacks::OnReply, nullptr, command.data(),
                                                command.size()) == REDIS_OK;
}

void RedisConnection::Drop(absl::string_view why) {
  if (!context_) return;
  redisAsyncContext* const context = std::exchange(context_, nullptr);
  redisAsyncFree(context);
  Lost(why);
}

void RedisConnection::Lost(absl::string_view why) {
  const std::string reason(why);
  context_ = nullptr;
  listener_->OnLost(reason);
}

}  // namespace ipb::store
