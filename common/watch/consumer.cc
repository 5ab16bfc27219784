#include "common/watch/consumer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "common/client/metadata.h"
#include "common/errors/status_macros.h"

namespace ipb::watch {
namespace {

constexpr char kCursorRecord[] = ".";

absl::Duration WaitAfter(int failures) {
  return std::min(kLongestWait, kFirstWait * (int64_t{1} << std::clamp(failures - 1, 0, 20)));
}

bool IsBookkeeping(const v1::Change& change) { return call::IsBookkeeping(change.subject()); }

// What several lanes have in common until the last of them ends.
struct Gathering {
  explicit Gathering(async::Executor* executor) : done(executor) {}
  std::atomic<int> left{0};
  std::atomic<bool> all{true};
  const async::Completion<bool> done;
};

}  // namespace

call::Caller ServiceItself(const call::Environment& environment) {
  return {client::kSuite, environment.service, environment.service, "service", v1::CALLER_KIND_SERVICE};
}

call::RequestInfo Watching(absl::string_view purpose) {
  call::RequestInfo info;
  info.method = absl::StrCat("watch/", purpose);
  info.mutates = true;
  return info;
}

// What Stop and the coroutines share.
struct Consumer::Life {
  std::mutex mutex;
  std::condition_variable changed;
  bool running = false;
  bool stopping = false;
  std::shared_ptr<client::ChangeStream> stream;
  std::map<int64_t, async::Completion<async::Wake>> sleepers;
  int64_t next_sleeper = 0;

  bool Stopping() {
    const std::lock_guard lock(mutex);
    return stopping;
  }
};

Consumer::Consumer(const call::Environment& environment,
                   std::shared_ptr<client::Peer<v1::ChangesService>> changes, Subscription subscription)
    : environment_(environment),
      changes_(std::move(changes)),
      subscription_(std::move(subscription)),
      subject_(absl::StrCat(call::kConsumers, subscription_.consumer)),
      life_(std::make_shared<Life>()) {}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() {
  if (!changes_->configured()) return;
  {
    const std::lock_guard lock(life_->mutex);
    life_->running = true;
  }
  async::Start(Run(), [life = life_] {
    const std::lock_guard lock(life->mutex);
    life->running = false;
    life->changed.notify_all();
  });
}

void Consumer::Stop() {
  std::unique_lock lock(life_->mutex);
  life_->stopping = true;
  if (life_->stream != nullptr) life_->stream->Cancel();
  for (const auto& [id, sleeper] : life_->sleepers) sleeper.Set(async::Wake::kClosed);
  life_->changed.wait(lock, [this] { return !life_->running; });
}

async::Task<void> Consumer::Run() {
  int failures = 0;
  while (true) {
    auto loading = LoadCursor();
    const absl::StatusOr<std::string> cursor = co_await loading;
    if (cursor.ok()) {
      auto following = Follow(*cursor, &failures);
      const absl::Status ended = co_await following;
      // Changes after it were trimmed, or the source has other secrets now: from the oldest again.
      if (absl::IsOutOfRange(ended) || absl::IsInvalidArgument(ended)) {
        auto forgetting = SaveCursor("");
        co_await forgetting;
      }
    }
    auto pausing = Pause(++failures);
    if (!co_await pausing) co_return;
  }
}

async::Task<absl::Status> Consumer::Follow(std::string cursor, int* failures) {
  v1::WatchRequest request;
  request.set_service(subscription_.source);
  request.set_cursor(std::move(cursor));
  auto stream =
      std::make_shared<client::ChangeStream>(*changes_, environment_.executor, environment_.timer, request);
  {
    const std::lock_guard lock(life_->mutex);
    life_->stream = stream;
    if (life_->stopping) stream->Cancel();
  }
  absl::Status failure;
  while (true) {
    auto reading = stream->Next();
    const std::optional<v1::WatchResponse> batch = co_await reading;
    if (!batch) break;
    *failures = 0;
    if (std::all_of(batch->changes().begin(), batch->changes().end(), IsBookkeeping)) continue;
    auto handling = HandleAll(*batch);
    if (!co_await handling) break;
    auto saving = SaveCursor(batch->cursor());
    failure = co_await saving;
    if (!failure.ok()) break;
  }
  auto finishing = stream->Finish();
  const absl::Status ended = co_await finishing;
  const std::lock_guard lock(life_->mutex);
  life_->stream = nullptr;
  co_return failure.ok() ? ended : failure;
}

// Changes of one person stay in order because they share a lane.
async::Task<bool> Consumer::HandleAll(const v1::WatchResponse& batch) {
  std::array<std::vector<const v1::Change*>, kLanes> lanes;
  for (const v1::Change& change : batch.changes()) {
    if (!IsBookkeeping(change)) lanes[absl::HashOf(change.subject()) % kLanes].push_back(&change);
  }
  const auto gathering = std::make_shared<Gathering>(environment_.executor);
  gathering->left = static_cast<int>(kLanes);
  for (std::vector<const v1::Change*>& lane : lanes) {
    async::Start(HandleLane(std::move(lane)), [gathering](bool handled) {
      if (!handled) gathering->all = false;
      if (gathering->left.fetch_sub(1) == 1) gathering->done.Set(gathering->all.load());
    });
  }
  co_return co_await gathering->done;
}

async::Task<bool> Consumer::HandleLane(std::vector<const v1::Change*> lane) {
  for (const v1::Change* change : lane) {
    auto handling = HandleOne(*change);
    if (!co_await handling) co_return false;
  }
  co_return true;
}

async::Task<bool> Consumer::HandleOne(const v1::Change& change) {
  int failures = 0;
  while (!life_->Stopping()) {
    auto handling = subscription_.handle(change);
    const absl::Status handled = co_await handling;
    if (handled.ok()) co_return true;
    auto pausing = Pause(++failures);
    if (!co_await pausing) co_return false;
  }
  co_return false;
}

async::Task<absl::StatusOr<std::string>> Consumer::LoadCursor() {
  call::Call call(environment_, ServiceItself(environment_), Watching(subscription_.consumer));
  auto loading = call.LoadUnguarded(subject_, {kCursorRecord});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  const auto kept = subject.FindRecord<v1::WatchRequest>(kCursorRecord);
  co_return kept ? kept->cursor() : std::string();
}

// The record is the request that goes on from here.
async::Task<absl::Status> Consumer::SaveCursor(std::string cursor) {
  call::Call call(environment_, ServiceItself(environment_), Watching(subscription_.consumer));
  auto loading = call.LoadUnguarded(subject_);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  v1::WatchRequest resume;
  resume.set_service(subscription_.source);
  resume.set_cursor(std::move(cursor));
  subject.PutRecord(kCursorRecord, resume);
  auto committing = call.CommitUnrecorded(std::move(subject));
  absl::Status saved = co_await committing;
  // Another process saved its own at the same time: it had handled all before that, so either will do.
  co_return call.lost_race() ? absl::OkStatus() : saved;
}

async::Task<bool> Consumer::Pause(int failures) {
  std::optional<async::Completion<async::Wake>> sleeping;
  int64_t id = 0;
  {
    const std::lock_guard lock(life_->mutex);
    if (life_->stopping) co_return false;
    sleeping = environment_.timer->Sleep(absl::ToChronoMilliseconds(WaitAfter(failures)));
    id = life_->next_sleeper++;
    life_->sleepers.emplace(id, *sleeping);
  }
  const async::Wake wake = co_await *sleeping;
  const std::lock_guard lock(life_->mutex);
  life_->sleepers.erase(id);
  co_return wake == async::Wake::kElapsed && !life_->stopping;
}

}  // namespace ipb::watch
