#include "common/work/worker.h"

#include <algorithm>
#include <condition_variable>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/errors/status_macros.h"
#include "common/identifiers/uuid.h"

namespace ipb::work {
namespace {

call::Caller CallerOf(const state::v1::WorkItem& item) {
  return {item.organisation(), item.system(), item.actor(), item.role(), v1::CALLER_KIND_SERVICE};
}

call::RequestInfo InfoOf(absl::string_view kind) {
  call::RequestInfo info;
  info.method = absl::StrCat("work/", kind);
  info.mutates = true;
  return info;
}

std::string IdOf(absl::string_view record) { return std::string(absl::StripPrefix(record, "work/")); }

absl::Duration WaitAfter(int attempts) {
  return std::min(kLongestWait, kFirstWait * (int64_t{1} << std::clamp(attempts, 0, 20)));
}

}  // namespace

std::string Item::RequestId(int n) const { return identifiers::NameUuid(subject, absl::StrCat(id, "/", n)); }

void Enqueue(const call::Call& call, call::Subject& subject, absl::string_view id, absl::string_view kind,
             const std::string& payload, absl::Time due) {
  state::v1::WorkItem item;
  item.set_kind(std::string(kind));
  item.set_payload(payload);
  call::SetTime(due, item.mutable_due_time());
  item.set_organisation(call.caller().organisation);
  item.set_system(call.caller().system);
  item.set_actor(call.caller().actor);
  item.set_role(call.caller().role);
  subject.Enqueue(id, item);
}

struct Worker::Loop {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool running = false;
};

Worker::Worker(const call::Environment& environment, std::vector<Job> jobs)
    : environment_(environment), jobs_(std::move(jobs)), loop_(std::make_shared<Loop>()) {}

Worker::~Worker() { Stop(); }

void Worker::Start() {
  if (jobs_.empty()) return;
  loop_->running = true;
  auto poll = [](Worker* worker, std::shared_ptr<Loop> loop) -> async::Task<void> {
    const std::chrono::milliseconds interval = absl::ToChronoMilliseconds(kPollInterval);
    while (true) {
      {
        const std::lock_guard lock(loop->mutex);
        if (loop->stopping) co_return;
      }
      auto due = worker->RunDue();
      const absl::StatusOr<int> done = co_await due;
      // A full batch means that more may be due; anything else waits for the next look.
      if (done.ok() && *done >= static_cast<int>(kBatch)) continue;
      async::Completion<async::Wake> sleeping = worker->environment_.timer->Sleep(interval);
      if (co_await sleeping == async::Wake::kClosed) co_return;
    }
  };
  async::Start(poll(this, loop_), [loop = loop_] {
    const std::lock_guard lock(loop->mutex);
    loop->running = false;
    loop->changed.notify_all();
  });
}

void Worker::Stop() {
  std::unique_lock lock(loop_->mutex);
  loop_->stopping = true;
  loop_->changed.wait(lock, [this] { return !loop_->running; });
}

async::Task<absl::StatusOr<int>> Worker::RunDue() {
  const std::string now = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", environment_.clock->Now() + absl::Seconds(1),
                                           absl::UTCTimeZone());
  auto scanning = environment_.store->Scan(call::kWorkIndex, "", now, std::nullopt, kBatch);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::IndexEntry> due, co_await scanning);
  int done = 0;
  for (const store::IndexEntry& entry : due) {
    auto claiming = Claim(entry.subject, entry.name);
    const absl::StatusOr<bool> claimed = co_await claiming;
    if (!claimed.ok() || !*claimed) continue;
    auto running = RunNow(entry.subject, IdOf(entry.name));
    const absl::Status status = co_await running;
    if (status.ok()) ++done;
  }
  co_return done;
}

async::Task<absl::StatusOr<bool>> Worker::Claim(std::string subject, std::string record) {
  call::Call call(environment_, {"SUITE", environment_.service, environment_.service, "worker",
                                 v1::CALLER_KIND_SERVICE}, InfoOf("claim"));
  auto loading = call.LoadUnguarded(subject, {record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject loaded, co_await loading);
  std::optional<state::v1::WorkItem> item = loaded.FindRecord<state::v1::WorkItem>(record);
  if (!item || absl::FromUnixSeconds(item->due_time().seconds()) > call.now()) co_return false;
  const std::string id = IdOf(record);
  loaded.RemoveIndex(call::kWorkIndex, call::WorkKeyOf(*item), record);
  call::SetTime(call.now() + kLease, item->mutable_due_time());
  loaded.Enqueue(id, *item);
  auto committing = call.Commit(std::move(loaded));
  const absl::Status claimed = co_await committing;
  co_return claimed.ok();
}

async::Task<absl::Status> Worker::RunNow(std::string subject, std::string id) {
  const std::string record = call::WorkRecordOf(id);
  store::LoadRequest request{subject, "", {record}};
  auto loading = environment_.store->Load(std::move(request));
  IPB_CO_ASSIGN_OR_RETURN(const store::LoadResult loaded, co_await loading);
  if (!loaded.records.front()) co_return absl::OkStatus();
  Item item{std::move(subject), std::move(id), {}};
  item.content.ParseFromString(loaded.records.front()->data);
  auto running = Run(item);
  absl::Status status = co_await running;
  if (status.ok()) co_return status;
  auto postponing = Postpone(std::move(item), status);
  co_await postponing;
  co_return status;
}

async::Task<absl::Status> Worker::Run(Item item) {
  const auto job = std::find_if(jobs_.begin(), jobs_.end(),
                                [&item](const Job& candidate) { return candidate.kind == item.content.kind(); });
  if (job == jobs_.end()) co_return absl::NotFoundError(absl::StrCat("no job does ", item.content.kind()));
  call::Call call(environment_, CallerOf(item.content), InfoOf(item.content.kind()));
  auto running = job->run(call, std::move(item));
  absl::Status status = co_await running;
  co_return status;
}

async::Task<absl::Status> Worker::Postpone(Item item, absl::Status failure) {
  call::Call call(environment_, CallerOf(item.content), InfoOf("postpone"));
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = call.LoadUnguarded(item.subject, {record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  std::optional<state::v1::WorkItem> content = subject.FindRecord<state::v1::WorkItem>(record);
  if (!content) co_return absl::OkStatus();
  subject.RemoveIndex(call::kWorkIndex, call::WorkKeyOf(*content), record);
  call::SetTime(call.now() + WaitAfter(content->attempts()), content->mutable_due_time());
  content->set_attempts(content->attempts() + 1);
  content->set_last_failure(std::string(failure.message()));
  subject.Enqueue(item.id, *content);
  auto committing = call.Commit(std::move(subject));
  absl::Status status = co_await committing;
  co_return status;
}

}  // namespace ipb::work
