#include "common/process/trimmer.h"

#include "absl/time/clock.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "common/server/limits.h"

namespace ipb::process {
namespace {

// An interval apart, more than a month of them.
constexpr size_t kMostMoments = 1000;

}  // namespace

Trimmer::Trimmer(const server::Serving& serving) : serving_(serving) {}

Trimmer::~Trimmer() { Stop(); }

void Trimmer::Start() {
  {
    const std::lock_guard lock(mutex_);
    running_ = true;
  }
  async::Start(RunRounds(), [this] {
    const std::lock_guard lock(mutex_);
    running_ = false;
    changed_.notify_all();
  });
}

void Trimmer::Stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.wait(lock, [this] { return !running_; });
}

bool Trimmer::Stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

async::Task<void> Trimmer::RunRounds() {
  while (!Stopping()) {
    auto running = RunRound();
    const absl::StatusOr<bool> more = co_await running;
    const absl::Duration pause = more.ok() && *more ? server::kTrimPause : server::kTrimInterval;
    async::Completion<async::Wake> sleeping =
        serving_.environment.timer->Sleep(absl::ToChronoMilliseconds(pause));
    if (co_await sleeping == async::Wake::kClosed) co_return;
  }
}

async::Task<absl::StatusOr<bool>> Trimmer::RunRound() {
  const absl::Time now = serving_.environment.clock->Now();
  Remember({now, absl::Now()});
  const absl::StatusOr<absl::Time> changes = KeptFrom(v1::RETAINED_KIND_CHANGE, now);
  const absl::StatusOr<absl::Time> replies = KeptFrom(v1::RETAINED_KIND_REPLY, now);
  auto trimming = Trim(changes.value_or(absl::InfinitePast()), replies.value_or(absl::InfinitePast()));
  Round round = co_await trimming;
  round.status.Update(changes.status());
  round.status.Update(replies.status());
  serving_.metrics->TrimEnded(serving_.environment.service, round.status.code(), round.trimmed);
  IPB_CO_RETURN_IF_ERROR(round.status);
  co_return round.more;
}

async::Task<Trimmer::Round> Trimmer::Trim(absl::Time changes_before, absl::Time replies_before) {
  const call::Environment& environment = serving_.environment;
  Round round;
  round.more = true;
  for (int i = 0; i < server::kTrimBatches && round.more && !Stopping(); ++i) {
    co_await environment.bulk_executor->Yield();
    auto trimming = environment.store->Trim(changes_before, replies_before, server::kTrimBatch);
    const absl::StatusOr<size_t> step = co_await trimming;
    round.status = step.status();
    round.trimmed += static_cast<int64_t>(step.value_or(0));
    round.more = step.value_or(0) > 0;
  }
  co_return round;
}

// The instant, in the time of day, before which things of that kind have been kept long enough.
absl::StatusOr<absl::Time> Trimmer::KeptFrom(v1::RetainedKind kind, absl::Time now) {
  const absl::CivilDay today = dates::InLondon(now);
  const v1::Retention* row =
      dates::InEffect(serving_.environment.policy->national().retention().retentions(), today,
                      [kind](const v1::Retention& retention) { return retention.kind() == kind; });
  if (row == nullptr) return errors::NoRate(v1::RetainedKind_Name(kind), dates::Format(today));
  return DayAt(now - absl::Hours(24) * row->kept_days());
}

// Of moments less than an interval apart only the newest is kept.
void Trimmer::Remember(const Moment& now) {
  const std::lock_guard lock(mutex_);
  const auto close_to = [&now](const Moment& before) {
    return now.clock - before.clock < server::kTrimInterval && now.day - before.day < server::kTrimInterval;
  };
  if (moments_.size() > 1 && close_to(moments_[moments_.size() - 2])) {
    moments_.back() = now;
  } else {
    moments_.push_back(now);
  }
  if (moments_.size() > kMostMoments) moments_.pop_front();
}

// Engines stamp what they write with the time of day, while a clock that is set may be years away from it and
// jump: what it showed when something was written is known from what was seen then. Before the first moment,
// the two are taken to have gone at one pace.
absl::Time Trimmer::DayAt(absl::Time clock) {
  const std::lock_guard lock(mutex_);
  for (auto moment = moments_.rbegin(); moment != moments_.rend(); ++moment) {
    if (moment->clock <= clock) return moment->day;
  }
  return moments_.front().day - (moments_.front().clock - clock);
}

}  // namespace ipb::process
