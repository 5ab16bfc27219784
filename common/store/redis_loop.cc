#include "common/store/redis_loop.h"

#include <ev.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/errors/errors.h"
#include "common/store/redis_connection.h"

namespace ipb::store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMaximumReloads = 3;

// A call from Submit to its end. It belongs to the loop's thread; the caller's frame is only resumed by
// `done`.
struct Operation {
  Operation(RedisLoop::Call call, async::Executor* executor, std::shared_ptr<Session> session)
      : call(std::move(call)), done(executor), session(std::move(session)) {
    for (const Command& command : this->call.commands) bytes += command.size();
  }

  RedisLoop::Call call;
  const async::Completion<RedisLoop::Result> done;
  const std::shared_ptr<Session> session;
  size_t bytes = 0;
  Clock::time_point deadline;
  std::vector<Reply> replies;
  int reloads = 0;
  bool ended = false;
};
using OperationPtr = std::shared_ptr<Operation>;

// What the next reply of the connection is for.
struct Slot {
  enum class Kind { kOperation, kStep, kPing, kLibrary, kReplicas };
  Kind kind;
  OperationPtr operation;  // of kOperation
};

void Leave(const std::shared_ptr<Session>& session) {
  if (session->under_way.fetch_sub(1) == 1) session->under_way.notify_all();
}

}  // namespace

class RedisLoop::Core : public RedisConnection::Listener {
 public:
  Core(RedisThread& thread, RedisLoopOptions options, std::function<std::vector<PrimingStep>()> steps,
       async::Executor* executor);
  ~Core() override { Close(); }

  absl::Status WaitReady(absl::Duration limit);
  async::Completion<Result> Submit(Call call, std::shared_ptr<Session> session);
  absl::Status Ready();
  void EndClosed();
  void Close();

 private:
  enum class State { kDisconnected, kConnecting, kPriming, kReady };

  void Begin();
  void EndAll();
  // The loop's events: callers handed something over, time passed, one turn of the loop is over.
  void Wake();
  void Tick();
  void Turn();

  void OnConnected() override;
  void OnReply(Reply reply) override;
  void OnLost(absl::string_view why) override;
  void OnStep(const redisReply& reply);
  void OnOperation(OperationPtr operation, Reply reply);
  void OnReplicas(const redisReply& reply);

  void Connect();
  void SendStep();
  void BecomeReady();
  void Note(absl::Status error);
  void Put(absl::string_view command, Slot slot);
  void Send(OperationPtr operation);
  void Reload(OperationPtr operation);
  void Lost(OperationPtr operation);
  void End(Operation& operation, Result result);
  template <typename Predicate>
  void EndIf(Predicate predicate, absl::string_view why);

  const RedisLoopOptions options_;
  const std::function<std::vector<PrimingStep>()> make_steps_;
  async::Executor* const executor_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<OperationPtr> incoming_;  // mutex_
  bool ready_ = false;                  // mutex_
  bool closing_ = false;                // mutex_
  absl::Status error_;                  // mutex_; why it is not ready
  std::atomic<size_t> calls_{0};
  std::atomic<size_t> bytes_{0};
  std::atomic<bool> sweep_{false};  // sessions have closed

  // The rest belongs to the loop's thread.
  RedisThread& thread_;
  struct ev_loop* const loop_ = thread_.loop();
  ev_async wake_;
  ev_timer tick_;
  ev_prepare turn_;
  RedisConnection connection_{loop_, this};
  State state_ = State::kDisconnected;
  std::vector<PrimingStep> steps_;
  size_t step_ = 0;
  bool step_due_ = false;
  bool replicas_due_ = false;
  bool library_due_ = false;
  std::deque<Slot> slots_;            // one for each reply that is due
  std::deque<OperationPtr> held_;     // answered by Redis, not yet by its replicas
  std::deque<OperationPtr> retries_;  // outcome unknown, to be sent again when ready
  std::vector<absl::AnyInvocable<void()>> ended_;
  Clock::time_point traffic_;     // when there last was a reply, or the first command after none
  Clock::time_point connecting_;  // since when
  Clock::time_point connect_at_;
  absl::Duration backoff_;
  absl::BitGen random_;
};

RedisLoop::Core::Core(RedisThread& thread, RedisLoopOptions options,
                      std::function<std::vector<PrimingStep>()> steps, async::Executor* executor)
    : options_(std::move(options)),
      make_steps_(std::move(steps)),
      executor_(executor),
      error_(absl::UnavailableError("not connected yet")),
      thread_(thread),
      backoff_(options_.backoff_minimum) {
  const double period = std::clamp(absl::ToDoubleSeconds(options_.deadline) / 20, 0.005, 0.1);
  ev_async_init(&wake_, ([](struct ev_loop*, ev_async* w, int) { static_cast<Core*>(w->data)->Wake(); }));
  ev_timer_init(&tick_, ([](struct ev_loop*, ev_timer* w, int) { static_cast<Core*>(w->data)->Tick(); }), 0,
                period);
  ev_prepare_init(&turn_, ([](struct ev_loop*, ev_prepare* w, int) { static_cast<Core*>(w->data)->Turn(); }));
  wake_.data = tick_.data = turn_.data = this;
  thread_.RunOn([this] { Begin(); });
}

void RedisLoop::Core::Begin() {
  ev_async_start(loop_, &wake_);
  ev_timer_start(loop_, &tick_);
  ev_prepare_start(loop_, &turn_);
}

absl::Status RedisLoop::Core::WaitReady(absl::Duration limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, absl::ToChronoMilliseconds(limit), [this] {
    return ready_ || closing_ || error_.code() == absl::StatusCode::kFailedPrecondition;
  });
  if (ready_) return absl::OkStatus();
  if (error_.code() == absl::StatusCode::kFailedPrecondition) return error_;
  return errors::StoreUnavailable(error_.message());
}

async::Completion<RedisLoop::Result> RedisLoop::Core::Submit(Call call, std::shared_ptr<Session> session) {
  const auto operation = std::make_shared<Operation>(std::move(call), executor_, std::move(session));
  operation->deadline = Clock::now() + absl::ToChronoNanoseconds(options_.deadline);
  const size_t bytes = bytes_.fetch_add(operation->bytes) + operation->bytes;
  operation->session->under_way.fetch_add(1);
  absl::Status refusal;
  bool first = false;
  if (calls_.fetch_add(1) >= options_.maximum_calls) {
    refusal = errors::TooBusy("commands under way to Redis");
  } else if (bytes > options_.maximum_bytes && bytes != operation->bytes) {
    refusal = errors::TooBusy("bytes under way to Redis");
  } else {
    const std::lock_guard lock(mutex_);
    if (closing_ || operation->session->closed) {
      refusal = errors::StoreUnavailable("it is closed");
    } else if (!ready_) {
      refusal = errors::StoreUnavailable(error_.message());
    } else {
      first = incoming_.empty();
      incoming_.push_back(operation);
    }
  }
  if (!refusal.ok()) {
    calls_.fetch_sub(1);
    bytes_.fetch_sub(operation->bytes);
    operation->done.Set(std::move(refusal));
    Leave(operation->session);
  } else if (first) {
    ev_async_send(loop_, &wake_);
  }
  return operation->done;
}

absl::Status RedisLoop::Core::Ready() {
  const std::lock_guard lock(mutex_);
  if (ready_) return absl::OkStatus();
  return errors::StoreUnavailable(error_.message());
}

void RedisLoop::Core::EndClosed() {
  const std::lock_guard lock(mutex_);
  if (closing_) return;
  sweep_ = true;
  ev_async_send(loop_, &wake_);
}

void RedisLoop::Core::Close() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closing_, true)) return;
    ready_ = false;
    error_ = absl::UnavailableError("it is closed");
  }
  changed_.notify_all();
  thread_.RunOn([this] { EndAll(); });
}

void RedisLoop::Core::EndAll() {
  Wake();
  EndIf([](const Operation&) { return true; }, "it is closed");
  connection_.Drop("closed");
  Turn();
  ev_async_stop(loop_, &wake_);
  ev_timer_stop(loop_, &tick_);
  ev_prepare_stop(loop_, &turn_);
}

void RedisLoop::Core::Wake() {
  std::vector<OperationPtr> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(incoming_);
  }
  for (OperationPtr& operation : taken) {
    if (state_ == State::kReady) {
      Send(std::move(operation));
    } else {
      End(*operation, errors::StoreUnavailable("the connection broke before the command was sent"));
    }
  }
  if (sweep_.exchange(false)) {
    EndIf([](const Operation& operation) { return operation.session->closed.load(); }, "it is closed");
  }
}

void RedisLoop::Core::Tick() {
  const Clock::time_point now = Clock::now();
  EndIf([now](const Operation& operation) { return operation.deadline <= now; },
        "Redis did not answer in time; the outcome is unknown");
  const auto after = [now](Clock::time_point since, absl::Duration limit) {
    return now - since >= absl::ToChronoNanoseconds(limit);
  };
  switch (state_) {
    case State::kDisconnected:
      if (now >= connect_at_) Connect();
      break;
    case State::kConnecting:
    case State::kPriming:
      if (after(connecting_, options_.connect_limit)) connection_.Drop("Redis does not answer");
      break;
    case State::kReady:
      if (slots_.empty()) {
        if (after(traffic_, options_.ping_interval)) {
          Command ping;
          ping.Add("PING");
          Put(ping.Wire(), {Slot::Kind::kPing, nullptr});
        }
      } else if (after(traffic_, options_.silence_limit)) {
        connection_.Drop("Redis fell silent");
      }
      break;
  }
}

void RedisLoop::Core::Turn() {
  if (std::exchange(step_due_, false)) SendStep();
  if (std::exchange(replicas_due_, false) && state_ == State::kReady) {
    Command wait;
    wait.Add("WAIT")
        .AddNumber(options_.replicas)
        .AddNumber(absl::ToInt64Milliseconds(options_.replicas_limit));
    Put(wait.Wire(), {Slot::Kind::kReplicas, nullptr});
  }
  if (!ended_.empty()) executor_->PostAll(std::exchange(ended_, {}));
}

void RedisLoop::Core::Connect() {
  state_ = State::kConnecting;
  connecting_ = Clock::now();
  connection_.Connect(options_.host, options_.port);
}

void RedisLoop::Core::OnConnected() {
  state_ = State::kPriming;
  steps_ = make_steps_();
  step_ = 0;
  step_due_ = true;
}

void RedisLoop::Core::SendStep() {
  if (state_ != State::kPriming) return;
  if (step_ == steps_.size()) return BecomeReady();
  Put(steps_[step_].command.Wire(), {Slot::Kind::kStep, nullptr});
}

void RedisLoop::Core::OnStep(const redisReply& reply) {
  absl::Status status = steps_[step_].check(reply);
  if (status.ok()) {
    ++step_;
    step_due_ = true;
    return;
  }
  if (status.code() == absl::StatusCode::kFailedPrecondition) Note(status);
  connection_.Drop(absl::StripPrefix(status.message(), "the store is away: "));
}

void RedisLoop::Core::BecomeReady() {
  state_ = State::kReady;
  backoff_ = options_.backoff_minimum;
  traffic_ = Clock::now();
  for (OperationPtr& operation : std::exchange(retries_, {})) {
    if (!operation->ended) Send(std::move(operation));
  }
  if (state_ != State::kReady) return;
  {
    const std::lock_guard lock(mutex_);
    ready_ = !closing_;
    if (ready_) error_ = absl::OkStatus();
  }
  changed_.notify_all();
}

void RedisLoop::Core::Note(absl::Status error) {
  {
    const std::lock_guard lock(mutex_);
    ready_ = false;
    error_ = std::move(error);
  }
  changed_.notify_all();
}

void RedisLoop::Core::Put(absl::string_view command, Slot slot) {
  if (slots_.empty()) traffic_ = Clock::now();
  slots_.push_back(std::move(slot));
  // If it cannot be sent then OnLost follows, or was just called, and deals with all slots.
  if (!connection_.Send(command)) connection_.Drop("the connection broke");
}

void RedisLoop::Core::Send(OperationPtr operation) {
  if (state_ != State::kReady) return Lost(std::move(operation));
  // Once it is in a slot, the loss of the connection ends it or keeps it for later.
  for (size_t i = 0; i < operation->call.commands.size(); ++i) {
    Put(operation->call.commands[i].Wire(), {Slot::Kind::kOperation, operation});
    if (state_ != State::kReady) return;
  }
  if (operation->call.durable && options_.replicas > 0) replicas_due_ = true;
}

void RedisLoop::Core::OnReply(Reply reply) {
  if (slots_.empty()) return connection_.Drop("a reply to nothing");
  Slot slot = std::move(slots_.front());
  slots_.pop_front();
  traffic_ = Clock::now();
  switch (slot.kind) {
    case Slot::Kind::kOperation:
      return OnOperation(std::move(slot.operation), std::move(reply));
    case Slot::Kind::kStep:
      return OnStep(*reply);
    case Slot::Kind::kReplicas:
      return OnReplicas(*reply);
    case Slot::Kind::kLibrary:
      library_due_ = false;
      return;
    case Slot::Kind::kPing:
      return;
  }
}

void RedisLoop::Core::OnOperation(OperationPtr operation, Reply reply) {
  if (operation->ended) return;
  if (reply->type == REDIS_REPLY_ERROR) {
    if (absl::StartsWith(TextOf(*reply), "ERR Function not found") && operation->reloads < kMaximumReloads &&
        operation->call.commands.size() == 1) {
      return Reload(std::move(operation));
    }
    if (absl::StartsWith(TextOf(*reply), "READONLY")) {
      Lost(std::move(operation));
      return connection_.Drop("Redis is no longer a master");
    }
  }
  operation->replies.push_back(std::move(reply));
  if (operation->replies.size() < operation->call.commands.size()) return;
  if (operation->call.durable && options_.replicas > 0) return held_.push_back(std::move(operation));
  End(*operation, std::move(operation->replies));
}

// Loads the functions and sends the call again behind that. Calls of functions are of one command each.
void RedisLoop::Core::Reload(OperationPtr operation) {
  ++operation->reloads;
  if (!std::exchange(library_due_, true)) {
    Command load;
    load.Add("FUNCTION").Add("LOAD").Add(options_.function_library);
    Put(load.Wire(), {Slot::Kind::kLibrary, nullptr});
  }
  Send(std::move(operation));
}

// The replicas have, or have not, what was written before the WAIT: all that is held now.
void RedisLoop::Core::OnReplicas(const redisReply& reply) {
  const bool enough = reply.type == REDIS_REPLY_INTEGER && reply.integer >= options_.replicas;
  for (const OperationPtr& operation : std::exchange(held_, {})) {
    if (enough) {
      End(*operation, std::move(operation->replies));
    } else {
      End(*operation, errors::StoreUnavailable("too few replicas confirmed; the outcome is unknown"));
    }
  }
}

void RedisLoop::Core::OnLost(absl::string_view why) {
  const bool was_ready = state_ == State::kReady;
  state_ = State::kDisconnected;
  step_due_ = replicas_due_ = library_due_ = false;
  {
    const std::lock_guard lock(mutex_);
    ready_ = false;
    if (was_ready || error_.code() != absl::StatusCode::kFailedPrecondition) {
      error_ = absl::UnavailableError(why);
    }
  }
  changed_.notify_all();
  for (OperationPtr& operation : std::exchange(held_, {})) Lost(std::move(operation));
  for (Slot& slot : std::exchange(slots_, {})) {
    if (slot.operation) Lost(std::move(slot.operation));
  }
  const absl::Duration pause = backoff_ * absl::Uniform(random_, 0.5, 1.0);
  backoff_ = std::min(2 * backoff_, options_.backoff_maximum);
  connect_at_ = Clock::now() + absl::ToChronoNanoseconds(pause);
}

void RedisLoop::Core::Lost(OperationPtr operation) {
  if (operation->ended) return;
  operation->replies.clear();
  if (operation->call.resubmit) return retries_.push_back(std::move(operation));
  End(*operation, errors::StoreUnavailable("the connection broke before the answer came"));
}

void RedisLoop::Core::End(Operation& operation, Result result) {
  if (std::exchange(operation.ended, true)) return;
  calls_.fetch_sub(1);
  bytes_.fetch_sub(operation.bytes);
  operation.call.commands.clear();
  absl::AnyInvocable<void()> resume = operation.done.SetLater(std::move(result));
  if (!resume) return Leave(operation.session);
  ended_.push_back([resume = std::move(resume), session = operation.session]() mutable {
    resume();
    Leave(session);
  });
}

template <typename Predicate>
void RedisLoop::Core::EndIf(Predicate predicate, absl::string_view why) {
  const auto look = [&](const OperationPtr& operation) {
    if (operation && !operation->ended && predicate(*operation))
      End(*operation, errors::StoreUnavailable(why));
  };
  for (const Slot& slot : slots_) look(slot.operation);
  for (const OperationPtr& operation : held_) look(operation);
  for (const OperationPtr& operation : retries_) look(operation);
  std::erase_if(retries_, [](const OperationPtr& operation) { return operation->ended; });
}

RedisLoop::RedisLoop(RedisThread& thread, RedisLoopOptions options,
                     std::function<std::vector<PrimingStep>()> steps, async::Executor* executor)
    : core_(std::make_unique<Core>(thread, std::move(options), std::move(steps), executor)) {}
RedisLoop::~RedisLoop() = default;
absl::Status RedisLoop::WaitReady(absl::Duration limit) { return core_->WaitReady(limit); }
async::Completion<RedisLoop::Result> RedisLoop::Submit(Call call, std::shared_ptr<Session> session) {
  return core_->Submit(std::move(call), std::move(session));
}
absl::Status RedisLoop::Ready() { return core_->Ready(); }
void RedisLoop::EndClosed() { core_->EndClosed(); }
void RedisLoop::Close() { core_->Close(); }

}  // namespace ipb::store
