// A stream of a caller's batches, each answered by one reply before the next is read: for work over more than one message
// can hold. Answers are worked out on the bulk executor, so that calls are not delayed. Ends with DEADLINE_EXCEEDED where
// the caller is silent for a minute or two or the whole takes too long, and with RESOURCE_EXHAUSTED where too many talk.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "common/async/completion.h"
#include "common/async/task.h"
#include "common/client/grpc_status.h"
#include "common/server/adapter.h"
#include "grpcpp/grpcpp.h"

namespace ipb::server {

// Conversations open at once in one process.
using OpenConversations = std::atomic<int>;

// What ended a wait for gRPC.
enum class Heard { kDone, kClosed, kSilence };

// The course of one conversation, whatever its messages are.
class Talk {
 public:
  Talk(const Serving& serving, const Method& method, OpenConversations& open, grpc::CallbackServerContext* context);
  virtual ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  void Begin();
  // gRPC is done with what was begun last, and it went well or did not.
  void Hear(bool ok);

 protected:
  const Serving& serving() const { return serving_; }

 private:
  // Shared with who watches for silence, who may outlive the conversation.
  struct Ear {
    explicit Ear(async::Executor* executor) : waiting(executor) {}
    async::Completion<Heard> Waiting() {
      const std::lock_guard lock(mutex);
      return waiting;
    }

    std::mutex mutex;
    async::Completion<Heard> waiting;
    int64_t waits = 0;
    bool over = false;
  };

  // Called once, when the caller is known and may use the method.
  virtual void Open(const call::Caller& caller) = 0;
  // Begin what Hear is told of.
  virtual void Read() = 0;
  virtual void Write() = 0;
  virtual const google::protobuf::Message& request() const = 0;
  virtual google::protobuf::Message& reply() = 0;
  // Fills the reply to the request.
  virtual async::Task<absl::Status> Answer() = 0;
  virtual void Close(const absl::Status& status) = 0;

  static async::Task<absl::Status> WatchForSilence(async::Timer* timer, std::shared_ptr<Ear> ear);
  async::Completion<Heard> Listen();
  async::Task<absl::Status> Converse();
  async::Task<absl::Status> AnswerAll();
  void End(absl::Status status);

  const Serving& serving_;
  const Method& method_;
  OpenConversations& open_;
  grpc::CallbackServerContext* const context_;
  const absl::Time started_ = absl::Now();
  const std::shared_ptr<Ear> ear_ = std::make_shared<Ear>(serving_.environment.executor);
  call::Caller caller_;
};

// One conversation as gRPC has it; deletes itself when gRPC is done with it.
template <typename Request, typename Reply>
class Conversation final : public grpc::ServerBidiReactor<Request, Reply>, private Talk {
 public:
  // Answers the batches of one conversation, one after the other, each in the place of the reply before, whose room it may
  // use. Each answer begins on the bulk executor.
  using Answerer = absl::AnyInvocable<async::Task<absl::Status>(const Request&, Reply&)>;
  // Makes the answerer for a caller who may talk.
  using Opener = absl::AnyInvocable<Answerer(const call::Environment&, const call::Caller&)>;

  static Conversation* Start(const Serving& serving, const Method& method, OpenConversations& open,
                             grpc::CallbackServerContext* context, Opener opener) {
    auto* conversation = new Conversation(serving, method, open, context, std::move(opener));
    conversation->Begin();
    return conversation;
  }

  void OnReadDone(bool ok) override { Hear(ok); }
  void OnWriteDone(bool ok) override { Hear(ok); }
  void OnDone() override { delete this; }

 private:
  Conversation(const Serving& serving, const Method& method, OpenConversations& open,
               grpc::CallbackServerContext* context, Opener opener)
      : Talk(serving, method, open, context), opener_(std::move(opener)) {}

  void Open(const call::Caller& caller) override { answerer_ = opener_(serving().environment, caller); }
  void Read() override { this->StartRead(&request_); }
  void Write() override { this->StartWrite(&reply_); }
  const google::protobuf::Message& request() const override { return request_; }
  google::protobuf::Message& reply() override { return reply_; }
  async::Task<absl::Status> Answer() override { return answerer_(request_, reply_); }
  void Close(const absl::Status& status) override { this->Finish(client::ToGrpc(status)); }

  Opener opener_;
  Answerer answerer_;
  Request request_;
  Reply reply_;
};

}  // namespace ipb::server
