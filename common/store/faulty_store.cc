#include "common/store/faulty_store.h"

#include <mutex>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "common/errors/errors.h"
#include "common/store/in_flight.h"

namespace ipb::store {
namespace {

constexpr int kMaximumDelayTurns = 64;

// A commit that was lost, and arrives later.
struct Straggler {
  std::string subject;
  Revision expected;
  Writes writes;
};

// The fate of one call, drawn before it is made.
struct Fate {
  int delay_turns = 0;
  bool lost_before = false;
  bool lost_after = false;
  bool duplicated = false;
  bool late = false;
  bool conflict = false;
  bool crashed = false;
};

// Thread-safe.
class Dice {
 public:
  explicit Dice(const Faults& faults) : faults_(faults), random_(faults.seed) {}

  Fate Draw(bool commit) {
    const std::lock_guard lock(mutex_);
    Fate fate;
    if (commit) ++commits_;
    fate.crashed = faults_.crash_at_commit > 0 && commits_ >= faults_.crash_at_commit;
    if (Hits(faults_.delayed_per_mille))
      fate.delay_turns = 1 + static_cast<int>(random_() % kMaximumDelayTurns);
    fate.lost_before = Hits(faults_.lost_before_per_mille);
    fate.lost_after = Hits(faults_.lost_after_per_mille);
    if (commit && commits_ == faults_.crash_at_commit && faults_.crash_after) return {.lost_after = true};
    if (!commit) return fate;
    fate.duplicated = Hits(faults_.duplicated_per_mille);
    fate.late = Hits(faults_.late_per_mille);
    fate.conflict = Hits(faults_.conflict_per_mille);
    return fate;
  }

  void Keep(Straggler straggler) {
    const std::lock_guard lock(mutex_);
    stragglers_.push_back(std::move(straggler));
  }

  void NoteLost(const std::string& commit_id) {
    const std::lock_guard lock(mutex_);
    lost_.insert(commit_id);
  }

  bool WasLost(const std::string& commit_id) {
    const std::lock_guard lock(mutex_);
    return lost_.count(commit_id) > 0;
  }

  // One of the stragglers, if it is time for one.
  std::optional<Straggler> Release() {
    const std::lock_guard lock(mutex_);
    if (stragglers_.empty() || random_() % 4 != 0) return std::nullopt;
    std::swap(stragglers_[random_() % stragglers_.size()], stragglers_.back());
    Straggler straggler = std::move(stragglers_.back());
    stragglers_.pop_back();
    return straggler;
  }

 private:
  bool Hits(int per_mille) { return static_cast<int>(random_() % 1000) < per_mille; }

  const Faults faults_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  int64_t commits_ = 0;
  std::vector<Straggler> stragglers_;
  std::set<std::string> lost_;
};

// One store's state; the calls under way hold it.
struct State {
  State(std::unique_ptr<Store> store, async::Executor* executor, const Faults& faults)
      : store(std::move(store)), executor(executor), dice(faults) {}
  const std::unique_ptr<Store> store;
  async::Executor* const executor;
  Dice dice;
  InFlight calls;

  void Close() {
    calls.Close();
    store->Close();
    calls.WaitForNone();
  }
};

using Shared = std::shared_ptr<State>;

absl::Status Lost() { return errors::StoreUnavailable("a fault was injected"); }
absl::Status Closed() { return errors::StoreUnavailable("it is closed"); }

async::Task<void> Delay(Shared state, int turns) {
  for (int i = 0; i < turns; ++i) co_await state->executor->Yield();
}

// Makes a call of the wrapped store under its fate. The task is not begun unless the fate lets it through.
template <typename T>
async::Task<T> Through(Shared state, async::Task<T> call) {
  if (!state->calls.Enter()) co_return Closed();
  const Fate fate = state->dice.Draw(false);
  async::Task<void> delay = Delay(state, fate.delay_turns);
  co_await delay;
  T result = Lost();
  if (!fate.crashed && !fate.lost_before) {
    T answer = co_await call;
    if (!fate.lost_after) result = std::move(answer);
  }
  state->calls.Leave();
  co_return result;
}

async::Task<void> CommitStraggler(Shared state) {
  std::optional<Straggler> straggler = state->dice.Release();
  if (!straggler) co_return;
  auto commit = state->store->Commit(std::move(straggler->subject), std::move(straggler->expected),
                                     std::move(straggler->writes), false);
  absl::StatusOr<CommitResult> ignored = co_await commit;
  static_cast<void>(ignored);
}

// What a commit under a fate that lets it through becomes.
async::Task<absl::StatusOr<CommitResult>> CommitOnce(Shared state, Fate fate, std::string subject,
                                                     Revision expected, Writes writes) {
  // A commit that was lost may still arrive: to be told of a conflict then would mean that it never can.
  if (fate.conflict && !state->dice.WasLost(writes.commit_id)) {
    auto check = state->store->Commit(subject, expected, writes, true);
    absl::StatusOr<CommitResult> answer = co_await check;
    if (answer.ok() && answer->kind == CommitResult::Kind::kDone) {
      answer->kind = CommitResult::Kind::kConflict;
      answer->revision = expected;
      co_return answer;
    }
  }
  if (fate.duplicated) {
    auto first = state->store->Commit(subject, expected, writes, false);
    absl::StatusOr<CommitResult> ignored = co_await first;
    static_cast<void>(ignored);
  }
  auto commit = state->store->Commit(std::move(subject), std::move(expected), std::move(writes), false);
  absl::StatusOr<CommitResult> result = co_await commit;
  co_return result;
}

async::Task<absl::StatusOr<CommitResult>> CommitThrough(Shared state, std::string subject, Revision expected,
                                                        Writes writes) {
  if (!state->calls.Enter()) co_return Closed();
  const Fate fate = state->dice.Draw(true);
  absl::StatusOr<CommitResult> result = Lost();
  if (!fate.crashed) {
    async::Task<void> delay = Delay(state, fate.delay_turns);
    co_await delay;
    async::Task<void> straggler = CommitStraggler(state);
    co_await straggler;
    if (fate.lost_before || fate.lost_after) state->dice.NoteLost(writes.commit_id);
    if (!fate.lost_before) {
      auto commit = CommitOnce(state, fate, std::move(subject), std::move(expected), std::move(writes));
      absl::StatusOr<CommitResult> answer = co_await commit;
      if (!fate.lost_after) result = std::move(answer);
    } else if (fate.late) {
      state->dice.Keep({std::move(subject), std::move(expected), std::move(writes)});
    }
  }
  state->calls.Leave();
  co_return result;
}

class FaultyStore : public Store {
 public:
  explicit FaultyStore(Shared state) : state_(std::move(state)) {}

  async::Task<absl::StatusOr<LoadResult>> Load(LoadRequest request) override {
    return Through(state_, state_->store->Load(std::move(request)));
  }
  async::Task<absl::StatusOr<std::vector<Record>>> List(std::string subject, std::string prefix,
                                                        std::string after, size_t limit) override {
    return Through(state_,
                   state_->store->List(std::move(subject), std::move(prefix), std::move(after), limit));
  }
  async::Task<absl::StatusOr<std::vector<std::string>>> History(std::string subject, int64_t after,
                                                                size_t limit) override {
    return Through(state_, state_->store->History(std::move(subject), after, limit));
  }
  async::Task<absl::StatusOr<CommitResult>> Commit(std::string subject, Revision expected, Writes writes,
                                                   bool check_only) override {
    if (!check_only) return CommitThrough(state_, std::move(subject), std::move(expected), std::move(writes));
    return Through(state_,
                   state_->store->Commit(std::move(subject), std::move(expected), std::move(writes), true));
  }
  async::Task<absl::StatusOr<std::vector<IndexEntry>>> Scan(std::string index, std::string from,
                                                            std::string to, std::optional<IndexEntry> after,
                                                            size_t limit) override {
    return Through(state_, state_->store->Scan(std::move(index), std::move(from), std::move(to),
                                               std::move(after), limit));
  }
  async::Task<absl::StatusOr<TailResult>> Tail(Cursor cursor, size_t limit) override {
    return Through(state_, state_->store->Tail(std::move(cursor), limit));
  }
  async::Task<absl::StatusOr<Cursor>> Now() override { return Through(state_, state_->store->Now()); }
  async::Task<absl::StatusOr<size_t>> Trim(absl::Time changes_before, absl::Time replies_before,
                                           size_t limit) override {
    return Through(state_, state_->store->Trim(changes_before, replies_before, limit));
  }
  async::Task<absl::Status> Ping() override { return Through(state_, state_->store->Ping()); }
  void Close() override { state_->Close(); }

 private:
  const Shared state_;
};

class FaultyEngine : public Engine {
 public:
  FaultyEngine(std::unique_ptr<Engine> engine, async::Executor* executor, const Faults& faults)
      : engine_(std::move(engine)), executor_(executor), faults_(faults) {}

  std::unique_ptr<Store> Open(std::string space) override {
    if (!faults_.only_space.empty() && space != faults_.only_space) return engine_->Open(std::move(space));
    Faults faults = faults_;
    for (const char byte : space) faults.seed = faults.seed * 31 + static_cast<unsigned char>(byte);
    auto state = std::make_shared<State>(engine_->Open(std::move(space)), executor_, faults);
    const std::lock_guard lock(mutex_);
    states_.push_back(state);
    return std::make_unique<FaultyStore>(std::move(state));
  }
  void Close() override {
    std::vector<std::weak_ptr<State>> states;
    {
      const std::lock_guard lock(mutex_);
      states.swap(states_);
    }
    for (const std::weak_ptr<State>& weak : states) {
      if (const Shared state = weak.lock()) state->Close();
    }
    engine_->Close();
  }

 private:
  const std::unique_ptr<Engine> engine_;
  async::Executor* const executor_;
  const Faults faults_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<State>> states_;
};

}  // namespace

std::unique_ptr<Store> MakeFaulty(std::unique_ptr<Store> store, async::Executor* executor,
                                  const Faults& faults) {
  return std::make_unique<FaultyStore>(std::make_shared<State>(std::move(store), executor, faults));
}

std::unique_ptr<Engine> MakeFaulty(std::unique_ptr<Engine> engine, async::Executor* executor,
                                   const Faults& faults) {
  return std::make_unique<FaultyEngine>(std::move(engine), executor, faults);
}

}  // namespace ipb::store
