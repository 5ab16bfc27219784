#include "common/decisions/replay.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/decisions/packed.h"
#include "common/decisions/past_store.h"

namespace ipb::decisions {
namespace {

class StandingClock final : public clock::Clock {
 public:
  explicit StandingClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override { return now_; }

 private:
  const absl::Time now_;
};

absl::Time InstantOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace

async::Task<Replayed> Replay(const v1::Decision& decision, const Deciders& deciders,
                             const call::Environment& environment, absl::Time deadline) {
  const auto decider = deciders.find(decision.method());
  if (decider == deciders.end()) {
    absl::Status unknown = absl::UnimplementedError(absl::StrCat("no method decides as ", decision.method()));
    co_return Replayed{std::move(unknown), {}};
  }
  PastStore store(decision);
  const StandingClock clock(InstantOf(decision.decided_time()));
  call::Environment past = environment;
  past.store = &store;
  past.clock = &clock;
  past.access_source = nullptr;
  past.work = nullptr;
  past.keeps_decisions = true;
  call::RequestInfo info;
  info.method = decision.method();
  info.mutates = true;
  info.deadline = deadline;
  const std::unique_ptr<google::protobuf::Message> request = Unpacked(decision.request());
  info.decides_on = request.get();
  call::Caller caller{decision.organisation(), decision.system(), decision.actor(), decision.role(),
                      decision.caller_kind()};
  call::Call call(past, std::move(caller), std::move(info));
  auto deciding = decider->second(call, decision.request());
  Replayed replayed;
  replayed.status = co_await deciding;
  if (replayed.status.ok()) replayed.outcome = store.Outcome();
  co_return replayed;
}

}  // namespace ipb::decisions
